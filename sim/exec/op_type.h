/* SPDX-License-Identifier: MIT */
/* The list of operations as a table: what the executor and the scripts ask of each. */
#ifndef EXEC_OP_TYPE_H
#define EXEC_OP_TYPE_H

#include <mmref/program.h>

#include <stdbool.h>

enum op_argument {
	NO_ARGUMENT,
	ARG_PAGE,
	ARG_PAGES,
	ARG_HELD,
	ARG_HOLD_PAGE,
	ARG_SIZE,
	ARG_VALUE,
	ARG_TO_PIPE,
	ARG_OF_FILE,
	ARG_TO_DEVICE,
	ARG_TASK,
};

/* What an operation does to the objects that it names. */
enum op_effect {
	OP_USES,	/* they stay what they are */
	OP_MAKES,	/* ->object comes to be */
	OP_HOLDS,	/* ->other, a hold, comes to be */
	OP_RELEASES,	/* ->object, a hold, is gone */
};

#define MAX_ARGUMENTS	3
#define MMREF_NO_OBJECT	((enum mmref_object_kind)-1)

struct op_type {
	enum mmref_op_kind kind;
	const char *word;
	enum mmref_object_kind on;	/* MMREF_NO_OBJECT: it is done to none */
	enum op_effect effect;
	enum op_argument argument[MAX_ARGUMENTS];	/* NO_ARGUMENT after the last */
};

/* One for each kind, in the order of the list. */
extern const struct op_type op_types[MMREF_NR_OPS];

bool op_takes(enum mmref_op_kind kind, enum op_argument argument);

#endif
