/* SPDX-License-Identifier: MIT */
#include "script.h"
#include "sandbox.h"
#include "source.h"

#include <stdio.h>
#include <stdlib.h>

/* Of the program; what Lua itself may use is limited in sandbox.c. */
#define MAX_PROGRAM_BYTES	(64 << 20)

static void out_of_memory(struct fault *fault)
{
	fault_of_message(fault, "there is no memory to read the script; free some", 1);
}

/* The script's text is read, run and forgotten; what it built is in ->program. */
static void load(struct script *script, const char *file)
{
	struct mmref_program *program = region_alloc(script->region, sizeof(*program));
	const char *text = source_read(script->region, file, &script->fault);

	if (script->fault.line)
		return;

	script->program = program;
	if (!program)
		return out_of_memory(&script->fault);
	program->memory = script->region;
	program->name = source_name(script->region, file);
	program->story = source_story(script->region, text);
	if (!program->name || !program->story)
		return out_of_memory(&script->fault);

	script->lua = sandbox_new(script);
	if (!script->lua)
		return out_of_memory(&script->fault);
	sandbox_run(script, text);
	lua_close(script->lua);
}

struct mmref_program *script_load(const char *file, char *error, size_t size)
{
	struct script *script = calloc(1, sizeof(*script));
	struct mmref_program *program = NULL;
	struct fault none = { 0 };
	struct fault *fault = script ? &script->fault : &none;
}
