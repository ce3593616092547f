/* SPDX-License-Identifier: MIT */
/* Holds have a name, not a variable: get, pin and register give it, other words use it. */
#include "script_api.h"

#include <string.h>

#include "exec/op_type.h"

const struct hold_way_words hold_ways[NR_HOLD_WAYS] = {
	[HOLD_GOT]	  = { "got", "put_page" },
	[HOLD_PINNED]	  = { "pinned", "unpin" },
	[HOLD_REGISTERED] = { "registered", "unregister" },
};

int script_hold(struct script *script, const char *name)
{
	const struct mmref_program *program = script->program;
	int number;

	for (number = 0; number < (int)program->nr_objects; number++) {
		if (program->object[number].kind == MMREF_HOLD &&
		    strcmp(program->object[number].name, name) == 0)
			return number;
	}

	number = script_new_object(script, MMREF_HOLD, -1);
	script->program->object[number].name = name;
	return number;
}

void script_note_release(struct script *script, const struct mmref_op *op, const char *word)
{
	for (enum hold_way way = 0; way < NR_HOLD_WAYS; way++) {
		if (strcmp(hold_ways[way].give_back, word) == 0)
			script->note[op->object].given_back[way] = op->line;
	}
}

/* put_page "name": releases what map:get holds. */
static int put_page(struct lua_State *lua)
{
	return script_operate(lua, &op_types[MMREF_OP_RELEASE], hold_ways[HOLD_GOT].give_back);
}

/* unpin "name": releases what map:pin holds. */
static int unpin(struct lua_State *lua)
{
	return script_operate(lua, &op_types[MMREF_OP_RELEASE], hold_ways[HOLD_PINNED].give_back);
}

const struct script_word hold_words[] = {
	{ "put_page", put_page },
	{ "unpin", unpin },
	{ .name = NULL },
};
