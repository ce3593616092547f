/* SPDX-License-Identifier: MIT */
/* What reports call an operation: "pin pages 0-1 of map". */
#include "script_api.h"

#include <stdio.h>
#include <string.h>

#include "exec/op_type.h"

#define TEXT	96

/* "page 0 of ", "pages 0-1 of ", or nothing. */
static void say_pages(char *text, size_t size, const struct mmref_op *op)
{
	*text = '\0';
	if (!op_takes(op->kind, ARG_PAGE) && !op_takes(op->kind, ARG_HOLD_PAGE))
		return;
	if (op->pages > 1)
		snprintf(text, size, "pages %u-%u of ", op->page, op->page + op->pages - 1);
	else
		snprintf(text, size, "page %u of ", op->page);
}

/* Letting go is called as the way of taking has it. */
static const char *operation_name(const struct script *script, const struct mmref_op *op)
{
	if (op->kind != MMREF_OP_RELEASE)
		return mmref_op_name(op->kind);
	return script->note[op->object].by == MMREF_OP_PIN ? "unpin" : "put_page";
}

/* " to 2 pages", " of file", " to device", or nothing. */
static void say_rest(const struct script *script, char *text, size_t size,
		     const struct mmref_op *op)
{
	const struct mmref_object *object = script->program->object;

	*text = '\0';
	if (op_takes(op->kind, ARG_SIZE))
		snprintf(text, size, " to %u pages", op->page);
	else if (op_takes(op->kind, ARG_OF_FILE))
		snprintf(text, size, " of %s", object[op->other].name);
	else if (op_takes(op->kind, ARG_TO_DEVICE))
		snprintf(text, size, " to %s", object[op->other].name);
}

void script_say_operation(struct script *script, struct mmref_op *op)
{
	const char *on = op->task ? op->task : script->program->object[op->object].name;
	const char *word = operation_name(script, op);
	int length = (int)strlen(word);
	char pages[32], rest[TEXT], text[2 * TEXT];

	if (op_takes(op->kind, ARG_TO_DEVICE))
		length -= (int)strlen("_to");
	say_pages(pages, sizeof(pages), op);
	say_rest(script, rest, sizeof(rest), op);
	snprintf(text, sizeof(text), "%.*s %s%s%s", length, word, pages, on, rest);
	op->text = script_copy(script, text);
}
