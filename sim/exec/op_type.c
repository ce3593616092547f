/* SPDX-License-Identifier: MIT */
#include "exec/op_type.h"

#define EFFECT_STATUS		OP_USES
#define EFFECT_BYTE		OP_USES
#define EFFECT_LOAD		OP_USES
#define EFFECT_STORE		OP_USES
#define EFFECT_NEW_OBJECT	OP_MAKES
#define EFFECT_NEW_HOLD		OP_HOLDS
#define EFFECT_RELEASED		OP_RELEASES

#define ARGUMENTS(...)	{ __VA_ARGS__ }

const struct op_type op_types[MMREF_NR_OPS] = {
#define MMREF_OP(NAME, word_, OBJECT, arguments, RESULT, call)                                     \
	[MMREF_OP_##NAME] = {                                                                    \
		.kind = MMREF_OP_##NAME,                                                         \
		.word = word_,                                                                     \
		.on = MMREF_##OBJECT,                                                            \
		.effect = EFFECT_##RESULT,                                                       \
		.argument = ARGUMENTS arguments,                                                   \
	},
#include <mmref/operations.def>
};

bool op_takes(enum mmref_op_kind kind, enum op_argument argument)
{
	for (int i = 0; i < MAX_ARGUMENTS; i++)
		if (op_types[kind].argument[i] == argument)
			return true;
	return false;
}
