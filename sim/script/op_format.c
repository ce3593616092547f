/* SPDX-License-Identifier: MIT */
/* What reports call an operation: "pin pages 0-1 of map". */
#include "script_api.h"

#include <stdio.h>

#define TEXT	96

static bool has_page(enum mmref_op_kind kind)
{
	switch (kind) {
	case MMREF_OP_READ:
	case MMREF_OP_WRITE:
	case MMREF_OP_MIGRATE_TO:
	case MMREF_OP_GET:
	case MMREF_OP_PIN:
	case MMREF_OP_REGISTER:
	case MMREF_OP_DMA_READ:
	case MMREF_OP_DMA_WRITE:
	case MMREF_OP_VMSPLICE:
	case MMREF_OP_SPLICE:
	case MMREF_OP_PUNCH:
	case MMREF_OP_ZERO_RANGE:
	case MMREF_OP_COLLAPSE:
	case MMREF_OP_ALLOCATE:
	case MMREF_OP_PREAD:
	case MMREF_OP_PWRITE:
		return true;
	default:
		return false;
	}
}

/* "page 0 of ", "pages 0-1 of ", or nothing. */
static void say_pages(char *text, size_t size, const struct mmref_op *op)
{
	*text = '\0';
	if (!has_page(op->kind))
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

void script_say_operation(struct script *script, struct mmref_op *op)
{
	const char *on = op->task ? op->task : script->program->object[op->object].name;
	char pages[32], text[TEXT];

	say_pages(pages, sizeof(pages), op);
	if (op->kind == MMREF_OP_TRUNCATE)
		snprintf(text, sizeof(text), "truncate %s to %u pages", on, op->page);
	else if (op->kind == MMREF_OP_CLONE)
		snprintf(text, sizeof(text), "clone %s of %s", on,
			 script->program->object[op->other].name);
	else if (op->kind == MMREF_OP_MIGRATE_TO)
		snprintf(text, sizeof(text), "migrate %s%s to %s", pages, on,
			 script->program->object[op->other].name);
	else
		snprintf(text, sizeof(text), "%s %s%s", operation_name(script, op), pages, on);

	op->text = script_copy(script, text);
}
