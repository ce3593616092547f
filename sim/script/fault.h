/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a script, in one line. A fault ends the reading of the
 * script wherever it is raised; only the first is told.
 */
#ifndef SCRIPT_FAULT_H
#define SCRIPT_FAULT_H

#include <stdbool.h>
#include <stddef.h>

struct lua_State;
struct script;

struct fault {
	int line;	/* of the script; 0 while there is no fault */
	char text[600];	/* what is wrong, and what would be right */
};

/* The line of the script that is being run, or 1 outside of any. */
int script_line(struct lua_State *lua);

/* The script is wrong at the line that is being run. Does not return. */
_Noreturn void script_fault(struct script *script, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, at @line. */
_Noreturn void script_fault_at(struct script *script, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Lua's message handler: turns an error of Lua itself into a fault. */
int script_on_error(struct lua_State *lua);
/* @message of Lua, which begins "script:LINE: ", as a fault; at @line if it does not. */
void fault_of_message(struct fault *fault, const char *message, int line);

/* --- the word that was meant ------------------------------------------- */

/* A word that is not known, and those that are. */
struct nearest {
	const char *word;
	const char *best;	/* NULL where nothing is near */
	size_t distance;
	char known[320];
	bool more;		/* than there was room for */
	char hint[360];
};

void nearest_begin(struct nearest *nearest, const char *word);
void nearest_try(struct nearest *nearest, const char *candidate);
/* "did you mean 'device'?", or else all that was tried: "there is 'a', 'b'". */
const char *nearest_hint(struct nearest *nearest);

#endif
