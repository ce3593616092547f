/* SPDX-License-Identifier: MIT */
#include "explore/fault.h"

#include <dlfcn.h>
#include <stdio.h>

#define LARGEST_FUNCTION	((uintptr_t)1 << 16)	/* bytes of code */

void search_watch(struct search *search)
{
	const struct mmref_sim *sim = search->sim;

	if (sim->foreign_rules || sim->foreign_bodies)
		guard_watch(search->deadline, &sim->interrupted);
}

void search_unwatch(void)
{
	guard_unwatch();
}

bool search_went_wrong(struct search *search, size_t step)
{
	if (!search->sim->fault.end.reason)
		return false;
	search->fault_step = step;
	return true;
}

static uintptr_t address_of(const struct mmref_rules *rules, const struct mmref_function *function)
{
	return *(const uintptr_t *)((const char *)rules + function->offset);
}

/* Do both addresses lie in one program or shared object, with no exported symbol in between? */
static bool are_together(uintptr_t function, uintptr_t pc)
{
	Dl_info a, b;

	return dladdr((void *)function, &a) && dladdr((void *)pc, &b) &&
	       a.dli_fbase == b.dli_fbase && (uintptr_t)b.dli_saddr <= function;
}

/* The function of @rules that begins last before @pc, or NULL. */
static const char *function_at(const struct mmref_rules *rules, uintptr_t pc)
{
	const struct mmref_function *function, *best = NULL;
	uintptr_t nearest = LARGEST_FUNCTION;

	for (size_t i = 0; (function = mmref_function_at(i)); i++) {
		uintptr_t distance = pc - address_of(rules, function);

		if (distance >= nearest)
			continue;
		nearest = distance;
		best = function;
	}
	return best && are_together(pc - nearest, pc) ? best->name : NULL;
}

/* The innermost call of a function of the rule set. */
static const char *function_of(const struct mmref_rules *rules, const struct mmref_stack *stack)
{
	const char *name = NULL;

	for (unsigned int i = 0; !name && i < stack->depth; i++)
		name = function_at(rules, stack->pc[i]);
	return name;
}

bool search_judge_fault(struct search *search, bool ok)
{
	const struct mmref_sim *sim = search->sim;
	const struct sim_fault *fault = &sim->fault;
	struct mmref_result *result = search->result;
	const char *function;

	if (!fault->end.reason)
		return ok;
	if (fault->end.reason == GUARD_CUT) {
		result->bounded_by = sim->interrupted ? "interrupted" : "max-seconds";
		return true;
	}
	mmref_result_free(result);	/* runs that nobody should replay */
	if (!result->error || fault->end.reason != GUARD_DIFFERS)
		result->error = guard_words(&fault->end);
	result->error_site = fault->site;
	result->fault.task = fault->task;
	result->fault.step = search->fault_step;
	result->fault.stack = fault->end.stack;
	function = function_of(&sim->rules, &fault->end.stack);
	snprintf(result->fault.functions, sizeof(result->fault.functions), "%s",
		 function ? function : fault->functions);
	return false;
}
