/* SPDX-License-Identifier: MIT */
#include "cli/fault.h"

#include "cli/stack_names.h"
#include "sched/guard.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The innermost function of @chain that @rules states itself, or else has; or NULL. */
static const char *function_in(const struct call_chain *chain, const struct mmref_rules *rules)
{
	const char *other = NULL;

	for (unsigned int i = 0; i < chain->nr; i++) {
		const struct mmref_function *function = mmref_function_find(chain->name[i]);

		if (function && mmref_rules_body_of(rules, function) == rules)
			return chain->name[i];
		if (function && !other)
			other = chain->name[i];
	}
	return other;
}

/* Where the program or shared object begins that @address lies in; NULL: in none. */
static const void *object_of(uintptr_t address)
{
	Dl_info info;

	return dladdr((void *)address, &info) ? info.dli_fbase : NULL;
}

/* Does @address lie in an object that functions of @rules itself lie in? */
static bool is_in_rules(uintptr_t address, const struct mmref_rules *rules)
{
	const struct mmref_function *function;
	const void *object = object_of(address);

	for (size_t i = 0; object && (function = mmref_function_at(i)); i++) {
		uintptr_t stated = *(const uintptr_t *)((const char *)rules + function->offset);

		if (stated && stated != (uintptr_t)MMREF_GONE && object_of(stated) == object)
			return true;
	}
	return false;
}

/* Without the calls in libraries that the functions of @rules made: abort(), memcpy(). */
static struct mmref_stack without_libraries(const struct mmref_stack *stack,
					    const struct mmref_rules *rules)
{
	const void *own = object_of((uintptr_t)without_libraries);
	struct mmref_stack rest = { .depth = 0 };
	unsigned int first = 0;

	while (first < stack->depth && object_of(stack->pc[first]) != own &&
	       !is_in_rules(stack->pc[first], rules))
		first++;
	for (; first < stack->depth; first++)
		rest.pc[rest.depth++] = stack->pc[first];
	return rest;
}

/* "helper(), called by folio_put(),", "folio_put()", or "a function". */
static void who(const struct mmref_stack *stack, const struct mmref_rules *rules,
		const char *known, char *text, size_t size)
{
	struct mmref_stack calls = without_libraries(stack, rules);
	struct stack_names *names = calls.depth ? stack_names_open() : NULL;
	struct call_chain chain = { .nr = 0 };
	const char *function;

	if (names)
		stack_names_add(names, &calls, &chain);
	stack_names_close(names);
	function = function_in(&chain, rules);
	if (!function && *known)
		function = known;
	if (!function)
		snprintf(text, size, "%s%s", chain.nr ? chain.name[0] : "a function",
			 chain.nr ? "()" : "");
	else if (!chain.nr || !strcmp(chain.name[0], function))
		snprintf(text, size, "%s()", function);
	else
		snprintf(text, size, "%s(), called by %s(),", chain.name[0], function);
}

static void where(const struct mmref_result *result, struct mmref_sim *sim, char *text, size_t size)
{
	const char *thread = mmref_sim_task_name(sim, result->fault.task);

	if (result->fault.step)
		snprintf(text, size, "step %" PRIu64 " of the run, by thread %s", result->fault.step,
			 thread);
	else
		snprintf(text, size, "thread %s, before its first step", thread);
}

void fault_text(const struct verdict *verdict, struct mmref_sim *sim, char *text, size_t size)
{
	const struct mmref_result *result = &verdict->result;
	char place[128], code[320];

	where(result, sim, place, sizeof(place));
	if (result->fault.stack.depth) {
		who(&result->fault.stack, verdict->rules, result->fault.functions, code,
		    sizeof(code));
		snprintf(text, size, "%s %s in %s", code, result->error, place);
	} else if (*result->fault.functions) {
		snprintf(text, size, "%s, in %s (it runs %s)", result->error, place,
			 result->fault.functions);
	} else {
		snprintf(text, size, "%s, in %s", result->error, place);
	}
}

bool fault_text_of_scene(const struct mmref_rules *rules, char *text, size_t size)
{
	const struct guard_end *end = guard_last();
	char code[320];

	if (end->reason != GUARD_CRASHED && end->reason != GUARD_STUCK)
		return false;
	who(&end->stack, rules, "", code, sizeof(code));
	snprintf(text, size, "%s %s while the scene was set", code, guard_words(end));
	return true;
}
