/* SPDX-License-Identifier: MIT */
/* A script becomes a program, or one line of text. */
#include "fuzz.h"

#include "script/script.h"
#include "script/watchdog.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mmref_program *program;
	char error[1024] = "";

	script_cpu_seconds = 2;
	program = script_load(fuzz_file(bytes, size), error, sizeof(error));
	if (!program && (!error[0] || strchr(error, '\n')))
		abort();
	script_free(program);
	return 0;
}
