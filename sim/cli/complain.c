/* SPDX-License-Identifier: MIT */
/* Messages to the user, and the exit status. */
#include "cli/cli.h"

#include "script/nearest.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void complain(const char *format, ...)
{
	va_list args;

	fputs("mmref: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

enum status graver(enum status a, enum status b)
{
	static const int gravity[] = {
		[STATUS_EXPECTED] = 0,
		[STATUS_CUT_SHORT] = 1,
		[STATUS_UNEXPECTED] = 2,
		[STATUS_BAD_USAGE] = 3,
	};

	return gravity[a] > gravity[b] ? a : b;
}

enum status status_of(enum judgement judgement)
{
	switch (judgement) {
	case AS_EXPECTED:
		return STATUS_EXPECTED;
	case CUT_SHORT:
		return STATUS_CUT_SHORT;
	case NOT_AS_EXPECTED:
		break;
	}
	return STATUS_UNEXPECTED;
}

const char *likely_word(const char *word, const char *const *words)
{
	size_t nearest = strlen(word) / 2 + 1;
	const char *likely = NULL;

	for (; *words; words++) {
		size_t distance = word_distance(word, *words);

		if (distance >= nearest)
			continue;
		nearest = distance;
		likely = *words;
	}
	return likely;
}
