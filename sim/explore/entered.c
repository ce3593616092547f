/* SPDX-License-Identifier: MIT */
#include "explore/entered.h"

#include <stdio.h>
#include <string.h>

#include <mmref/kernel.h>

#define MOST	4	/* functions that one line can name */

static _Thread_local const struct mmref_rules *intact;
static _Thread_local const char *entered[MOST];

static void note(const char *name)
{
	for (int i = 0; i < MOST; i++) {
		if (!entered[i])
			entered[i] = name;
		if (entered[i] == name)
			return;
	}
}

#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	static returns note_##name parameters                                                      \
	{                                                                                          \
		note(#name);                                                                       \
		return (intact->name) arguments;                                                   \
	}
#include <mmref/functions.def>

static const struct mmref_rules noting = {
#define FUNCTION(bodies, returns, name, ...)	.name = note_##name,
#include <mmref/functions.def>
};

/* The rule set of mmref's own that @rules builds on, or NULL. */
static const struct mmref_rules *base_of(const struct mmref_rules *rules)
{
	while (rules && mmref_rules_find(rules->name) != rules)
		rules = rules->ancestor;
	return rules;
}

static const void *at(const struct mmref_rules *rules, size_t offset)
{
	return *(const void *const *)((const char *)rules + offset);
}

bool entered_is_foreign(const struct mmref_sim *sim, const struct mmref_function *function)
{
	const struct mmref_rules *base = base_of(sim->rules.ancestor);

	return sim->foreign_rules &&
	       (!base || mmref_rules_function_of(base, function->offset) !=
				 at(&sim->rules, function->offset));
}

static void add_names(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < MOST && entered[i] && used < size; i++)
		used += snprintf(text + used, size - used, "%s%s", i ? ", " : "", entered[i]);
}

void entered_by_step(struct mmref_sim *sim, int task, char *text, size_t size)
{
	const struct mmref_function *function;
	struct mmref_rules whole = sim->rules;
	const struct sim_fault fault = sim->fault;

	for (size_t i = 0; (function = mmref_function_at(i)); i++)
		if (entered_is_foreign(sim, function))
			memcpy((char *)&sim->rules + function->offset,
			       (const char *)&noting + function->offset, sizeof(void *));
	intact = &whole;
	memset(entered, 0, sizeof(entered));
	sim_step(sim, task);
	memory_undo(sim);
	sim->rules = whole;
	sim->fault = fault;
	add_names(text, size);
}
