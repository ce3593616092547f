#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints include/mmref/linux/dispatch.h, made from include/mmref/functions.def: a macro cannot define
# macros. Run it after a change of the list; a test compares.
set -euo pipefail
cd "$(dirname "$0")/.."

cat <<'TEXT'
/* SPDX-License-Identifier: MIT */
/*
 * Calls of kernel functions go through the table of the rule set that the world runs under.
 *
 * Each name is a macro for that call: dax_busy_page(entry) runs the body that the present rule set
 * has. A definition puts the name in parentheses, and so escapes the macro:
 *
 *	static struct page *(dax_busy_page)(void *entry)
 *	{
 *		...
 *	}
 *
 * Made by cmake/dispatch.sh from functions.def.
 */
#ifndef MMREF_LINUX_DISPATCH_H
#define MMREF_LINUX_DISPATCH_H

#include <mmref/linux/sched.h>
#include <mmref/rules.h>

/* The first 1, 2, 3... of the arguments: a holder that was left out follows them. */
#define MMREF_FIRST_1(a, ...)			a
#define MMREF_FIRST_2(a, b, ...)		a, b
#define MMREF_FIRST_3(a, b, c, ...)		a, b, c
#define MMREF_FIRST_4(a, b, c, d, ...)		a, b, c, d

TEXT
awk '
# The second group in parentheses behind the name: what the call passes on.
function read_arguments(   text, depth, groups, i, c) {
	groups = depth = 0
	while (groups < 2 && (getline text) > 0) {
		for (i = 1; i <= length(text) && groups < 2; i++) {
			c = substr(text, i, 1)
			if (c == "(" && !depth++)
				group = ""
			if (depth)
				group = group c
			if (c == ")" && !--depth)
				groups++
		}
	}
	return group
}

/^FUNCTION\(/ {
	split($0, part, /, */)
	name = part[3]
	sub(/,$/, "", name)
	arguments = read_arguments()
	passed = "__VA_ARGS__"
	if (arguments ~ /[ (]held\)$/)
		passed = sprintf("MMREF_FIRST_%d(__VA_ARGS__, HELD_BY_TRANSIENT, 0)",
				 gsub(/,/, ",", arguments) + 1)
	printf "#define %s(...) \\\n\t(mmref_running()->%s(%s))\n", name, name, passed
}' include/mmref/functions.def
printf '\n#endif\n'
