/* SPDX-License-Identifier: MIT */
/*
 * Lua, as far as a script gets it: the words, a few functions of Lua's own that
 * can neither run on nor reach outside, and limits of memory, instructions and CPU
 * time (watchdog.h) that no script can catch, since there is no pcall.
 */
#ifndef SCRIPT_SANDBOX_H
#define SCRIPT_SANDBOX_H

#include "script_api.h"

/* A Lua state for @script, or NULL when memory is short. */
struct lua_State *sandbox_new(struct script *script);

/* Run the script @text with the words, in a protected call. */
void sandbox_run(struct script *script, const char *text);

#endif
