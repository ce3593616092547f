/* SPDX-License-Identifier: MIT */
#include "mutations.h"

#include <errno.h>
#include <string.h>

#include <mmref/kernel.h>

/* Of what a wrong function is given it looks at nothing. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
/* Where the type is another, the cast stands in a function that is not used. */
#pragma GCC diagnostic ignored "-Wcast-function-type"

/* The rule set that is being made wrong, as it should be: resolved. */
static struct mmref_rules intact;

#define IS(returns, type)	_Generic((returns *)0, type *: true, default: false)
#define FAILURE(returns)                                                                           \
	_Generic((returns *)0, int *: -ENOMEM, long *: -ENOMEM, vm_fault_t *: VM_FAULT_SIGBUS,     \
		 default: 0)

#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	static returns left_out_##name parameters                                                  \
	{                                                                                          \
		return (returns)0;                                                                 \
	}                                                                                          \
	static returns fails_##name parameters                                                     \
	{                                                                                          \
		return (returns)FAILURE(returns);                                                  \
	}                                                                                          \
	static returns negated_##name parameters                                                   \
	{                                                                                          \
		return (returns)(uintptr_t)!((bool (*) parameters)intact.name)arguments;           \
	}                                                                                          \
	static returns twice_##name parameters                                                     \
	{                                                                                          \
		(void)(intact.name) arguments;                                                     \
		return (intact.name) arguments;                                                    \
	}
#include <mmref/functions.def>

/* Does the list say that the function itself takes or puts references, and not one that it calls? */
#define BEGINS(text, with)	(!__builtin_strncmp(text, with, sizeof(with) - 1))
#define COUNTS(references)                                                                         \
	((BEGINS(references, "takes ") && !BEGINS(references, "takes those")) ||                   \
	 (BEGINS(references, "puts ") && !BEGINS(references, "puts those")) ||                     \
	 BEGINS(references, "pins ") || BEGINS(references, "gets ") ||                             \
	 BEGINS(references, "one ") || BEGINS(references, "counts ") ||                            \
	 BEGINS(references, "none is left") || BEGINS(references, "none are left"))

const struct mutation mutations[] = {
#define MUTATION(made, function, name)                                                             \
	{ NUMBER_OF_##function, #function, #name, offsetof(struct mmref_rules, function),          \
	  (made) ? (void (*)(void))name##_##function : NULL },
#define FUNCTION(bodies, returns, name, parameters, arguments, file, locks, references)            \
	MUTATION(true, name, left_out)                                                             \
	MUTATION(IS(returns, int) || IS(returns, long) || IS(returns, vm_fault_t), name, fails)    \
	MUTATION(IS(returns, bool), name, negated)                                                 \
	MUTATION(COUNTS(references), name, twice)
#include <mmref/functions.def>
};
const size_t nr_mutations = sizeof(mutations) / sizeof(mutations[0]);

void mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation)
{
	mmref_rules_resolve(&intact, rules);
	*mutant = *rules;
	memcpy((char *)mutant + mutation->offset, &mutation->body, sizeof(mutation->body));
}
