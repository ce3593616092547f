/* SPDX-License-Identifier: MIT */
/*
 * What a rule set comes to: for each function its own body, else the one that it takes from another
 * rule set, else its base's, and at last the body that all kernels share.
 */
#include <string.h>

#include <mmref/kernel.h>

#include "kernel/bodies.h"

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

/* A function of the table where a pointer to one is wanted: see kernel/bodies.h. */
#pragma GCC diagnostic ignored "-Wpedantic"
#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	returns call_##name parameters                                                             \
	{                                                                                          \
		return (mmref_running()->name) arguments;                                          \
	}
#include <mmref/functions.def>

/* Below every rule set: the bodies that all kernels share. */
static const struct mmref_rules common = {
	.name = "every kernel",
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

static const struct mmref_function functions[] = {
#define ALIKE	true
#define DIFFERS	false
#define FUNCTION(bodies, type, name_, parameters_, arguments, file_, locks_, references_)         \
	{ .name = #name_, .returns = #type, .parameters = #parameters_, .file = file_,             \
	  .locks = locks_, .references = references_, .alike = bodies,                             \
	  .offset = offsetof(struct mmref_rules, name_) },
#include <mmref/functions.def>
#undef ALIKE
#undef DIFFERS
};

#define NR_FUNCTIONS	(sizeof(functions) / sizeof(functions[0]))

const struct mmref_function *mmref_function_at(size_t i)
{
	return i < NR_FUNCTIONS ? &functions[i] : NULL;
}

const struct mmref_function *mmref_function_find(const char *name)
{
	for (size_t i = 0; name && i < NR_FUNCTIONS; i++)
		if (!strcmp(functions[i].name, name))
			return &functions[i];
	return NULL;
}

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

/* The first of @rules and what it builds on that states a body at @offset. */
static const struct mmref_rules *stated_by(const struct mmref_rules *rules, size_t offset)
{
	while (rules && !at(rules, offset)) {
		const struct mmref_rules *from = taken_from(rules, offset);

		rules = from ? from : rules->ancestor;
	}
	if (!rules)
		rules = &common;
	return at(rules, offset) == MMREF_GONE ? &missing : rules;
}

const void *mmref_rules_function_of(const struct mmref_rules *rules, size_t offset)
{
	return at(stated_by(rules, offset), offset);
}

const struct mmref_rules *mmref_rules_body_of(const struct mmref_rules *rules,
					      const struct mmref_function *function)
{
	const struct mmref_rules *stated = stated_by(rules, function->offset);

	return at(stated, function->offset) == at(&missing, function->offset) ? NULL : stated;
}

bool mmref_rules_share(const struct mmref_rules *a, const struct mmref_rules *b,
		       const struct mmref_function *function)
{
	return mmref_rules_function_of(a, function->offset) ==
	       mmref_rules_function_of(b, function->offset);
}

bool mmref_rules_has(const struct mmref_rules *rules, size_t offset)
{
	return mmref_rules_function_of(rules, offset) != at(&missing, offset);
}

void mmref_rules_resolve(struct mmref_rules *whole, const struct mmref_rules *rules)
{
	*whole = *rules;
	for (size_t i = 0; i < NR_FUNCTIONS; i++) {
		const void *function = mmref_rules_function_of(rules, functions[i].offset);

		memcpy((char *)whole + functions[i].offset, &function, sizeof(function));
	}
}
