/* SPDX-License-Identifier: MIT */
/* A saved run is read, and bound to the threads of a scenario. */
#include "fuzz.h"

#include "report/schedule.h"
#include "script/script.h"

#include <mmref/explore.h>

#include <stdlib.h>

static struct mmref_sim *example(void)
{
	char error[1024];
	const char *why;
	struct mmref_program *program = script_load(
		MMREF_SOURCE_DIR "/docs/examples/waiter-nobody-wakes.lua", error, sizeof(error));

	return program ? mmref_sim_program(program, mmref_rules_find("v6.1"), &why) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct mmref_sim *sim;
	struct saved_schedule *saved;
	char error[1024];

	if (!sim && !(sim = example()))
		abort();
	saved = schedule_load(fuzz_file(bytes, size), error, sizeof(error));
	if (saved && saved->schedule.length < 100000 &&
	    schedule_bind(saved, sim, error, sizeof(error)) && saved->schedule.length < 100000)
		schedule_fits(saved, sim, error, sizeof(error));
	schedule_free(saved);
	return 0;
}
