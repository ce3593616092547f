/* SPDX-License-Identifier: MIT */
#include "mutations.h"

#include <string.h>

#include <mmref/kernel.h>

/* Of what a wrong function is given it looks at nothing. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* The rule set that is being made wrong, as it should be: resolved. */
static struct mmref_rules intact;

/* The function does nothing, and returns 0, false or NULL. */
#define FUNCTION(bodies, returns, name, parameters, ...)                                           \
	static returns left_out_##name parameters                                                  \
	{                                                                                          \
		return (returns)0;                                                                 \
	}
#include <mmref/functions.def>

/* It does all that it does a second time, and returns what came of that. */
#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	static returns twice_##name parameters                                                     \
	{                                                                                          \
		(void)(intact.name) arguments;                                                     \
		return (intact.name) arguments;                                                    \
	}
#include <mmref/functions.def>

const struct mutation mutations[] = {
#define FUNCTION(bodies, returns, name, ...)                                                       \
	{ #name, "left_out", offsetof(struct mmref_rules, name),                                   \
	  (void (*)(void))left_out_##name },                                                       \
	{ #name, "twice", offsetof(struct mmref_rules, name), (void (*)(void))twice_##name },
#include <mmref/functions.def>
};
const size_t nr_mutations = sizeof(mutations) / sizeof(mutations[0]);

bool mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation)
{
	mmref_rules_resolve(&intact, rules);
	*mutant = *rules;
	memcpy((char *)mutant + mutation->offset, &mutation->function, sizeof(mutation->function));
	return true;
}
