/* SPDX-License-Identifier: MIT */
/*
 * A limit on the CPU time of a script. A limit of instructions is none: one instruction can join
 * strings of 16 MiB, and one call can walk a table of a million keys.
 *
 *	after script_cpu_seconds	the script ends at its next instruction, call or allocation
 *	after two seconds more		mmref ends: one function of Lua's own ran all that time
 */
#ifndef SCRIPT_WATCHDOG_H
#define SCRIPT_WATCHDOG_H

#include "script_api.h"

#define SCRIPT_CPU_SECONDS	10

/* SCRIPT_CPU_SECONDS; tests set less. */
extern double script_cpu_seconds;

/* Start the clock of @script. False if the system has no timer left. */
bool watchdog_begin(struct script *script);
void watchdog_end(void);

/* What is said of a script whose time is over. */
const char *watchdog_text(void);
/* Raise an error at @line if the time of @script is over. */
void watchdog_check(struct script *script, int line);

#endif
