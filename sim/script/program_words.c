/* SPDX-License-Identifier: MIT */
/* What is done and what is expected of it: before, thread, steps, expect; geometry, kernel. */
#include "script_api.h"

#include <lauxlib.h>
#include <mmref/explore.h>
#include <mmref/rules.h>
#include <string.h>

#define EXPECTATION	"expectation"

/* before { op, ... } */
static int before(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "before");

	if (script->program->before.nr)
		script_error(script, "it is said a second time; put everything into one");
	script_no_more(script, 1);
	script->program->before = script_place_ops(script, 1);
	return 0;
}

/* thread("name", { op, ... }) */
static int thread(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "thread");
	struct mmref_program *program = script->program;
	const char *name = script_text(script, 1, "the name");

	if (script->steps_line)
		script_error(script, "line %d has steps; a scenario has threads or steps, not both",
			     script->steps_line);
	for (unsigned int i = 0; i < program->nr_threads; i++) {
		if (strcmp(program->thread[i].name, name) == 0)
			script_error(script, "there is a thread '%s' already; name it otherwise",
				     name);
	}
	if (program->nr_threads == MMREF_MAX_THREADS)
		script_error(script, "this is thread %d; a scenario has at most %d",
			     MMREF_MAX_THREADS + 1, MMREF_MAX_THREADS);
	script_no_more(script, 2);

	program->thread[program->nr_threads].name = name;
	program->thread[program->nr_threads].ops = script_place_ops(script, 2);
	program->nr_threads++;
	return 0;
}

/* steps { step, ... } */
static int steps(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "steps");
	struct mmref_program *program = script->program;
	struct script_list list;

	if (program->nr_threads)
		script_error(script, "there is a thread '%s'; a scenario has threads or steps, "
			     "not both", program->thread[0].name);
	if (script->steps_line)
		script_error(script, "it is said a second time; put everything into one");
	script_no_more(script, 1);

	script->steps_line = script_line(lua);
	list = script_place(script, 1);
	program->step = list.step;
	program->nr_steps = list.nr;
	return 0;
}

struct geometry_options {
	unsigned int pmd_order;
};

/* geometry { pmd_order = 9 } */
static int geometry(struct lua_State *lua)
{
	static const struct option options[] = {
		{ "pmd_order", OPTION_NUMBER, .required = true, .min = 1, .max = 9,
		  .offset = offsetof(struct geometry_options, pmd_order) },
		{ .key = NULL },
	};
	struct script *script = script_begin(lua, NULL, "geometry");
	struct geometry_options is = { 0 };

	script_options(script, 1, options, &is);
	script_no_more(script, 1);
	script->program->pmd_order = is.pmd_order;
	return 0;
}

struct kernel_options {
	bool debug_vm;
	bool tlb_broadcast;
};

/* kernel { debug_vm = false, tlb_broadcast = true } */
static int kernel(struct lua_State *lua)
{
	static const struct option options[] = {
		{ "debug_vm", OPTION_FLAG, .offset = offsetof(struct kernel_options, debug_vm) },
		{ "tlb_broadcast", OPTION_FLAG,
		  .offset = offsetof(struct kernel_options, tlb_broadcast) },
		{ .key = NULL },
	};
	struct script *script = script_begin(lua, NULL, "kernel");
	struct kernel_options is = { .debug_vm = true };

	script_options(script, 1, options, &is);
	script_no_more(script, 1);
	script->program->no_debug_vm = !is.debug_vm;
	script->program->tlb_broadcast = is.tlb_broadcast;
	return 0;
}

/* --- expect --------------------------------------------------------------- */

static void push_expectation(struct lua_State *lua, enum mmref_expected verdict,
			     enum mmref_violation violation, const char *function)
{
	struct mmref_expectation *expectation;

	expectation = lua_newuserdatauv(lua, sizeof(*expectation), 0);
	expectation->rules = NULL;
	expectation->verdict = verdict;
	expectation->violation = violation;
	expectation->function = function;
	luaL_setmetatable(lua, EXPECTATION);
}

void script_push_holds(struct lua_State *lua)
{
	push_expectation(lua, MMREF_EXPECT_HOLDS, MMREF_NONE, NULL);
}

void script_add_expectations(struct lua_State *lua)
{
	luaL_newmetatable(lua, EXPECTATION);
	lua_pop(lua, 1);
}

static _Noreturn void refuse_violation(struct script *script, const char *name)
{
	struct nearest nearest;

	nearest_begin(&nearest, name);
	for (int i = MMREF_NONE + 1; i < MMREF_NR_VIOLATIONS; i++)
		nearest_try(&nearest, mmref_violation_name((enum mmref_violation)i));
	script_error(script, "unknown violation '%.40s'; %s", name, nearest_hint(&nearest));
}

/* The function of the model that is the second argument, or NULL where there is none. */
static const char *shown_in(struct script *script)
{
	const char *function;

	if (lua_isnoneornil(script->lua, 2))
		return NULL;
	function = script_text(script, 2, "the function");
	if (!mmref_has_function(function))
		script_error(
			script,
			"no step is taken in a function '%.40s'; name one as mmref explain does",
			function);
	return function;
}

/* violates "use-after-unplug", or violates("use-after-unplug", "dax_associate_entry") */
static int violates(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "violates");
	const char *name = script_text(script, 1, "the violation");
	enum mmref_violation violation = mmref_violation_find(name);
	const char *function = shown_in(script);

	script_no_more(script, 2);
	if (violation == MMREF_NONE)
		refuse_violation(script, name);
	if (violation == MMREF_UNPLUG_HANGS)
		script_error(script, "'%s' has a verdict of its own; write hangs \"unplug\"", name);
	push_expectation(lua, MMREF_EXPECT_VIOLATES, violation, function);
	return 1;
}

/* hangs "unplug" */
static int hangs(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "hangs");
	const char *name = script_text(script, 1, "what hangs");

	script_no_more(script, 1);
	if (strcmp(name, "unplug") != 0)
		script_error(script, "unknown '%.40s'; write hangs \"unplug\"", name);
	push_expectation(lua, MMREF_EXPECT_HANGS, MMREF_UNPLUG_HANGS, NULL);
	return 1;
}

static _Noreturn void refuse_rules(struct script *script, const char *name)
{
	const struct mmref_rules *rules;
	struct nearest nearest;

	nearest_begin(&nearest, name);
	for (size_t i = 0; (rules = mmref_rules_at(i)); i++)
		nearest_try(&nearest, rules->name);
	for (size_t i = 0; strchr(name, '/') && (rules = mmref_rules_variant(i)); i++)
		nearest_try(&nearest, rules->name);
	script_error(script, "unknown rule set '%.40s'; %s", name, nearest_hint(&nearest));
}

/* Lua's tables have no order: of several unknown rule sets the first by name is told. */
static unsigned int count_expected(struct script *script)
{
	struct lua_State *lua = script->lua;
	const char *unknown = NULL;
	unsigned int nr = 0;

	lua_pushnil(lua);
	for (; lua_next(lua, 1); lua_pop(lua, 1)) {
		if (lua_type(lua, -2) != LUA_TSTRING)
			script_error(script, "a verdict has no rule set; write [\"v7.2\"] = holds");

		const char *name = lua_tostring(lua, -2);

		if (!mmref_rules_find(name) && (!unknown || strcmp(name, unknown) < 0))
			unknown = name;
		if (!luaL_testudata(lua, -1, EXPECTATION))
			script_error(script, "the verdict for '%s' is %s; give holds, "
				     "violates \"...\" or hangs \"unplug\"", name,
				     script_describe(lua, -1));
		nr++;
	}
	if (unknown)
		refuse_rules(script, unknown);
	if (!nr)
		script_error(script, "nothing is expected; write [\"v7.2\"] = holds");
	return nr;
}

/* What the table, the first argument, says of @rules. */
static void expect_of(struct script *script, const struct mmref_rules *rules)
{
	struct mmref_program *program = script->program;
	struct lua_State *lua = script->lua;
	struct mmref_expectation *expectation;

	lua_pushnil(lua);
	for (; lua_next(lua, 1); lua_pop(lua, 1)) {
		if (mmref_rules_find(lua_tostring(lua, -2)) != rules)
			continue;
		expectation = &program->expect[program->nr_expect];
		if (program->nr_expect && expectation[-1].rules == rules->name)
			script_error(script, "rule set '%s' has two names here; keep one",
				     rules->name);
		*expectation = *(struct mmref_expectation *)lua_touserdata(lua, -1);
		expectation->rules = rules->name;
		program->nr_expect++;
	}
}

/* expect { ["v6.1"] = violates "use-after-unplug", ["v7.2"] = holds } */
static int expect(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "expect");
	struct mmref_program *program = script->program;
	unsigned int nr;

	if (program->nr_expect)
		script_error(script, "it is said a second time; put everything into one");
	if (lua_type(lua, 1) != LUA_TTABLE)
		script_error(script, "what is expected is %s; give a table of verdicts",
			     script_describe(lua, 1));
	script_no_more(script, 1);

	nr = count_expected(script);
	program->expect = script_alloc(script, nr * sizeof(*program->expect));
	script->expect_line = script_line(lua);

	/* In the order of the rule sets, whatever that of the table. */
	for (size_t i = 0; mmref_rules_at(i); i++) {
		expect_of(script, mmref_rules_at(i));
		expect_of(script, mmref_rules_overlaid(i));
	}
	for (size_t i = 0; mmref_rules_variant(i); i++)
		expect_of(script, mmref_rules_variant(i));
	return 0;
}

const struct script_word program_words[] = {
	{ "before", before },
	{ "thread", thread },
	{ "steps", steps },
	{ "expect", expect },
	{ "violates", violates },
	{ "hangs", hangs },
	{ "geometry", geometry },
	{ "kernel", kernel },
	{ .name = NULL },
};
