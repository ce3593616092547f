/* SPDX-License-Identifier: MIT */
/* Steps that are no operations: they stand in steps { ... } only. */
#include "script_api.h"

#include <lauxlib.h>
#include <string.h>

static struct mmref_program_step *new_step(struct script *script, enum mmref_step_kind kind)
{
	struct script_item *item = script_new_item(script, 1);

	item->step[0].kind = kind;
	return item->step;
}

/* checkpoint "name" */
static int checkpoint(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "checkpoint");
	const char *name = script_text(script, 1, "the name");

	script_no_more(script, 1);
	new_step(script, MMREF_STEP_CHECKPOINT)->name = name;
	return 1;
}

/* start("task", op): by a task of its own, which may block. */
static int start(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "start");
	const char *name = script_text(script, 1, "the task");
	struct script_item *item = script_operation(script, 2, "what it does");
	struct mmref_program_step *step;

	script_no_more(script, 2);
	item->placed = true;
	step = new_step(script, MMREF_STEP_START);
	step->name = name;
	step->op = item->step[0].op;
	return 1;
}

/* wait("task"): until it is done, or blocks. */
static int wait(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "wait");
	const char *name = script_text(script, 1, "the task");

	script_no_more(script, 1);
	new_step(script, MMREF_STEP_WAIT)->name = name;
	return 1;
}

/* The pages that watch was given a list of, which is at @index. */
static unsigned int *watched_pages(struct script *script, int index, int file, unsigned int *nr)
{
	struct lua_State *lua = script->lua;
	unsigned int size = script->program->object[file].pages;
	unsigned int *pages;

	if (lua_type(lua, index) != LUA_TTABLE || !lua_rawlen(lua, index))
		script_error(script, "the pages are %s; give a list, { 0, 1, 2 }",
			     lua_type(lua, index) == LUA_TTABLE ? "an empty table" :
			     script_describe(lua, index));

	if (lua_rawlen(lua, index) > size)
		script_error(script, "more pages are given than the file has; it has %u", size);
	*nr = (unsigned int)lua_rawlen(lua, index);
	pages = script_alloc(script, *nr * sizeof(*pages));
	for (unsigned int i = 0; i < *nr; i++) {
		lua_rawgeti(lua, index, i + 1);
		pages[i] = script_number(script, -1, "the page", 0, size - 1);
		lua_pop(lua, 1);
	}
	return pages;
}

/* Pages that have a name of their own: what remember() called so, and the pages of zeros. */
static int watch_named(struct script *script)
{
	const char *name = script_text(script, 1, "what is watched");
	bool known = strcmp(name, "zeropage") == 0 || strcmp(name, "hugezero") == 0;

	for (unsigned int i = 0; i < script->nr_remembered; i++)
		known |= strcmp(script->remembered[i], name) == 0;
	if (!known)
		script_error(script,
			     "no page is called '%s'; remember(file, page, \"%s\") first, "
			     "or watch \"zeropage\" or \"hugezero\"", name, name);
	script_no_more(script, 1);
	new_step(script, MMREF_STEP_WATCH_NAMED)->label = name;
	return 1;
}

/* watch(file, { 0, 1, 2, 511 }, "name"): one step for each run of pages without a gap. */
static int watch(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "watch");
	unsigned int nr, runs = 1, run = 0;
	struct mmref_program_step *step;
	const char *name = NULL;
	unsigned int *pages;
	int file;

	if (lua_type(lua, 1) == LUA_TSTRING)
		return watch_named(script);
	file = script_object(script, 1, "what is watched", MMREF_FILE);
	pages = watched_pages(script, 2, file, &nr);
	script_no_more(script, 3);
	if (!lua_isnoneornil(lua, 3))
		name = script_text(script, 3, "what they are called");
	for (unsigned int i = 1; i < nr; i++)
		runs += pages[i] != pages[i - 1] + 1;

	step = script_new_item(script, runs)->step;
	for (unsigned int i = 0; i < nr; i++) {
		if (i && pages[i] == pages[i - 1] + 1) {
			step[run].op.pages++;
			continue;
		}
		if (i)
			run++;
		step[run].kind = MMREF_STEP_WATCH;
		step[run].label = name;
		step[run].op.object = file;
		step[run].op.page = pages[i];
		step[run].op.pages = 1;
	}
	return 1;
}

/* remember(file, 100, "name"): the page keeps the name, whatever becomes of the file. */
static int remember(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "remember");
	int file = script_object(script, 1, "the file", MMREF_FILE);
	unsigned int size = script->program->object[file].pages;
	unsigned int page = script_number(script, 2, "the page", 0, size - 1);
	const char *name = script_text(script, 3, "the name");
	struct mmref_program_step *step;

	script_no_more(script, 3);
	if (script->nr_remembered == SCRIPT_MAX_REMEMBERED)
		script_error(script, "no more than %d pages can be remembered; leave some out",
			     SCRIPT_MAX_REMEMBERED);
	script->remembered[script->nr_remembered++] = name;
	step = new_step(script, MMREF_STEP_REMEMBER);
	step->label = name;
	step->op.object = file;
	step->op.page = page;
	return 1;
}

/* unwatch() */
static int unwatch(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "unwatch");

	script_no_more(script, 0);
	new_step(script, MMREF_STEP_UNWATCH);
	return 1;
}

/* The steps @so if the operation before ended as @outcome says, else those of @otherwise. */
static void new_choice(struct script *script, const char *outcome, const struct script_list *so,
		       const struct script_list *otherwise)
{
	unsigned int over = otherwise->nr ? 1 : 0;
	struct mmref_program_step *step;

	step = script_new_item(script, 1 + so->nr + over + otherwise->nr)->step;
	if (strcmp(outcome, "blocked") == 0)
		step->kind = MMREF_STEP_IF_BLOCKED;
	else if (strcmp(outcome, "failed") == 0)
		step->kind = MMREF_STEP_IF_FAILED;
	else
		script_error(script, "unknown outcome '%.40s'; give \"blocked\" or \"failed\"",
			     outcome);
	step->skip = so->nr + over;

	step++;
	if (so->nr)
		memcpy(step, so->step, so->nr * sizeof(*step));
	if (!over)
		return;

	step += so->nr;
	step->kind = MMREF_STEP_SKIP;
	step->skip = otherwise->nr;
	memcpy(step + 1, otherwise->step, otherwise->nr * sizeof(*step));
}

/*
 * when("blocked", { step, ... }, { step, ... }): the second list, for where it did
 * not, may be left out. A script can ask no more than this of an outcome: a recorder
 * on a real kernel had to go one way or the other, and who follows it does the same.
 */
static int when(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "when");
	const char *outcome = script_text(script, 1, "the outcome");
	struct script_list so = script_place(script, 2), otherwise = { .nr = 0 };

	script_no_more(script, 3);
	if (!lua_isnoneornil(lua, 3))
		otherwise = script_place(script, 3);
	new_choice(script, outcome, &so, &otherwise);
	return 1;
}

/* unless("failed", { step, ... }) */
static int unless(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "unless");
	const char *outcome = script_text(script, 1, "the outcome");
	struct script_list nothing = { .nr = 0 }, otherwise = script_place(script, 2);

	script_no_more(script, 2);
	new_choice(script, outcome, &nothing, &otherwise);
	return 1;
}

const struct script_word step_words[] = {
	{ "checkpoint", checkpoint },
	{ "start", start },
	{ "wait", wait },
	{ "watch", watch },
	{ "remember", remember },
	{ "unwatch", unwatch },
	{ "when", when },
	{ "unless", unless },
	{ .name = NULL },
};
