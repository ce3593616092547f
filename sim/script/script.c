/* SPDX-License-Identifier: MIT */
#include "script.h"
#include "sandbox.h"
#include "source.h"
#include "watchdog.h"

#include <stdio.h>
#include <string.h>

/* Of the program; what Lua itself may use is limited in sandbox.c. */
#define MAX_PROGRAM_BYTES	(64 << 20)

static void out_of_memory(struct script_error *error)
{
	script_error_set(error, "there is no memory to read the script; free some", 1);
}

/* What a program has before anything of the script is run. */
static struct mmref_program *new_program(struct region *region, const char *file, const char *text)
{
	struct mmref_program *program = region_alloc(region, sizeof(*program));
	char *path = region_alloc(region, strlen(file) + 1);

	if (!program || !path)
		return NULL;

	program->memory = region;
	program->file = strcpy(path, file);
	program->name = source_name(region, file);
	program->story = source_story(region, text);
	program->text = text;
	return program->name && program->story ? program : NULL;
}

static void load(struct script *script, const char *file)
{
	const char *text = source_read(script->region, file, &script->error);

	if (!text)
		return;

	script->program = new_program(script->region, file, text);
	if (script->program)
		script->lua = sandbox_new(script);
	if (!script->lua) {
		out_of_memory(&script->error);
		return;
	}
	if (watchdog_begin(script)) {
		sandbox_run(script, text);
		watchdog_end();
	} else {
		script_error_set(&script->error, "the system has no timer left to limit the "
				 "script's time; let it have more", 1);
	}
	lua_close(script->lua);
}

struct mmref_program *script_load(const char *file, char *error, size_t size)
{
	struct script script = { .region = region_new(MAX_PROGRAM_BYTES) };

	if (script.region)
		load(&script, file);
	else
		out_of_memory(&script.error);

	if (!script.error.line)
		return script.program;

	snprintf(error, size, "%s:%d: %s", file, script.error.line, script.error.text);
	for (char *end = strpbrk(error, "\n\r"); end; end = strpbrk(end, "\n\r"))
		*end = ' ';	/* of the file's name */
	region_free(script.region);
	return NULL;
}

void script_free(struct mmref_program *program)
{
	if (program)
		region_free(program->memory);
}
