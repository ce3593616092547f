/* SPDX-License-Identifier: MIT */
/* Pages that are held have a name, not a variable: get and pin give it, these words use it. */
#include "script_api.h"

#include <lauxlib.h>
#include <string.h>

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

/* The operation @kind on the hold that the first argument names; its item is on top. */
static struct mmref_op *operate(struct script *script, enum mmref_op_kind kind)
{
	int hold = script_hold(script, script_text(script, 1, "the hold"));
	struct script_item *item = script_new_item(script, 1);

	item->step[0].kind = MMREF_STEP_DO;
	item->step[0].op.kind = kind;
	item->step[0].op.object = hold;
	return &item->step[0].op;
}

/* The hold is given back in one way, which must be that of the way it was taken: check.c. */
static int give_back(struct lua_State *lua, enum hold_way way, enum mmref_op_kind kind)
{
	struct script *script = script_begin(lua, NULL, hold_ways[way].give_back);
	struct mmref_op *op;

	script_no_more(script, 1);
	op = operate(script, kind);
	script->note[op->object].given_back[way] = op->line;
	return 1;
}

/* put_page "name": gives back what map:get holds. */
static int put_page(struct lua_State *lua)
{
	return give_back(lua, HOLD_GOT, MMREF_OP_RELEASE);
}

/* unpin "name": gives back what map:pin holds. */
static int unpin(struct lua_State *lua)
{
	return give_back(lua, HOLD_PINNED, MMREF_OP_RELEASE);
}

/* unregister "name": gives back what map:register holds. */
static int unregister(struct lua_State *lua)
{
	return give_back(lua, HOLD_REGISTERED, MMREF_OP_UNREGISTER);
}

/* folio_put "name" */
static int folio_put(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "folio_put");

	script_no_more(script, 1);
	operate(script, MMREF_OP_FOLIO_PUT);
	return 1;
}

/* The page of a hold that DMA goes to: the first, where the script does not say. */
static unsigned int page_argument(struct script *script, int index)
{
	if (lua_isnoneornil(script->lua, index))
		return 0;
	return script_number(script, index, "the page", 0, SCRIPT_MAX_PAGES);
}

/* dma_read("name", page) */
static int dma_read(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "dma_read");
	unsigned int page = page_argument(script, 2);

	script_no_more(script, 2);
	operate(script, MMREF_OP_DMA_READ)->page = page;
	return 1;
}

/* dma_write("name", page, value) */
static int dma_write(struct lua_State *lua)
{
	struct script *script = script_begin(lua, NULL, "dma_write");
	unsigned int page = page_argument(script, 2);
	uint8_t value = SCRIPT_VALUE;
	struct mmref_op *op;

	if (!lua_isnoneornil(lua, 3))
		value = (uint8_t)script_number(script, 3, "the value", 0, 255);
	script_no_more(script, 3);

	op = operate(script, MMREF_OP_DMA_WRITE);
	op->page = page;
	op->value = value;
	return 1;
}

const struct script_word hold_words[] = {
	{ "put_page", put_page },
	{ "unpin", unpin },
	{ "folio_put", folio_put },
	{ "unregister", unregister },
	{ "dma_read", dma_read },
	{ "dma_write", dma_write },
	{ .name = NULL },
};
