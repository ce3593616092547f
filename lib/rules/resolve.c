/* SPDX-License-Identifier: MIT */
/*
 * What a rule set comes to: for each function its own body, else the one that it takes from another
 * rule set, else its base's, and at last the body that all kernels share.
 */
#include <string.h>

#include <mmref/kernel.h>

#include "rules/common.h"

/* A call of a function that the modelled kernel does not have. */
#define FUNCTION(bodies, returns, name, parameters, ...)                                           \
	static returns missing_##name parameters;
#include <mmref/functions.def>

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define FUNCTION(bodies, returns, name, parameters, ...)                                           \
	static returns missing_##name parameters                                                   \
	{                                                                                          \
		kernel_bug(SITE(#name), NULL, "this rule set has no " #name "()");                 \
	}
#include <mmref/functions.def>

/* Below every rule set: the bodies that all kernels share. */
static const struct mmref_rules common = {
#define ALIKE(name)	.name = name,
#define DIFFERS(name)	.name = missing_##name,
#define FUNCTION(bodies, returns, name, ...)	bodies(name)
#include <mmref/functions.def>
#undef ALIKE
#undef DIFFERS
};

static const struct mmref_rules missing = {
#define FUNCTION(bodies, returns, name, ...)	.name = missing_##name,
#include <mmref/functions.def>
};

static const size_t offsets[] = {
#define FUNCTION(bodies, returns, name, ...)	offsetof(struct mmref_rules, name),
#include <mmref/functions.def>
};

#define NR_FUNCTIONS	(sizeof(offsets) / sizeof(offsets[0]))

static const void *at(const struct mmref_rules *rules, size_t offset)
{
	return *(const void *const *)((const char *)rules + offset);
}

static const struct mmref_rules *taken_from(const struct mmref_rules *rules, size_t offset)
{
	for (const struct mmref_taken *taken = rules->taken; taken && taken->rules; taken++)
		if (taken->offset == offset)
			return taken->rules;
	return NULL;
}

const void *mmref_rules_function_of(const struct mmref_rules *rules, size_t offset)
{
	while (rules) {
		const struct mmref_rules *from = taken_from(rules, offset);
		const void *function = at(rules, offset);

		if (function == MMREF_GONE)
			return at(&missing, offset);
		if (function)
			return function;
		rules = from ? from : rules->ancestor;
	}
	return at(&common, offset);
}

bool mmref_rules_has(const struct mmref_rules *rules, size_t offset)
{
	return mmref_rules_function_of(rules, offset) != at(&missing, offset);
}

void mmref_rules_resolve(struct mmref_rules *whole, const struct mmref_rules *rules)
{
	*whole = *rules;
	for (size_t i = 0; i < NR_FUNCTIONS; i++) {
		const void *function = mmref_rules_function_of(rules, offsets[i]);

		memcpy((char *)whole + offsets[i], &function, sizeof(function));
	}
}
