/* SPDX-License-Identifier: MIT */
#include "coverage.h"

#include <string.h>

#include <mmref/kernel.h>

static struct mmref_rules intact; /* resolved */
static struct coverage now;

#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	static returns count_##name parameters                                                     \
	{                                                                                          \
		now.entered[NUMBER_OF_##name] = true;                                              \
		return (intact.name) arguments;                                                    \
	}
#include <mmref/functions.def>

static const struct mmref_rules counters = {
#define FUNCTION(bodies, returns, name, ...)	.name = count_##name,
#include <mmref/functions.def>
};

void coverage_of(struct mmref_rules *counted, const struct mmref_rules *rules)
{
	const struct mmref_function *function;

	mmref_rules_resolve(&intact, rules);
	*counted = intact;
	for (size_t i = 0; (function = mmref_function_at(i)); i++)
		if (mmref_rules_has(rules, function->offset))
			memcpy((char *)counted + function->offset,
			       (const char *)&counters + function->offset, sizeof(void *));
}

void coverage_take(struct coverage *coverage)
{
	*coverage = now;
	memset(&now, 0, sizeof(now));
}

bool coverage_meets(const struct coverage *a, const struct coverage *b)
{
	for (int i = 0; i < NR_FUNCTIONS; i++)
		if (a->entered[i] && b->entered[i])
			return true;
	return false;
}
