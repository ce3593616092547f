/* SPDX-License-Identifier: MIT */
/*
 * A checkpoint with wrong bytes is resumed. The checksum and the hash of the addresses would stop
 * all of them, so an input is a list of changes to a good file, whose checksum is made right:
 *
 *	offset	2 bytes, low first; from the end of the file if the top bit is set
 *	value	1 byte
 */
#include "fuzz.h"

#include "script/script.h"

#include <mmref/explore.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static struct mmref_sim *sim;
static struct mmref_checkpoint checkpoint = { .version = "1", .scenario = "s", .rules = "v6.1" };
static uint8_t *good;
static size_t good_size;

static void explore(const char *file, const char *resume, uint64_t max_states)
{
	struct mmref_options options = { .max_states = max_states, .checkpoint = &checkpoint };
	struct mmref_result result;

	checkpoint.file = file;
	checkpoint.resume = resume;
	mmref_explore(sim, &options, &result);
	mmref_result_free(&result);
}

static void prepare(void)
{
	char file[] = "/tmp/mmref-fuzz-XXXXXX", error[1024];
	int fd = mkstemp(file);
	struct mmref_program *program;
	const char *why;
	FILE *in;

	program = script_load(MMREF_SOURCE_DIR "/docs/examples/waiter-nobody-wakes.lua", error,
			      sizeof(error));
	sim = program ? mmref_sim_program(program, mmref_rules_find("v6.1"), &why) : NULL;
	if (fd < 0 || !sim)
		abort();
	checkpoint.content = program->text;
	checkpoint.content_size = strlen(program->text);
	explore(file, NULL, 60);
	in = fopen(file, "rb");
	good = malloc(1 << 20);
	if (!in || !good)
		abort();
	good_size = fread(good, 1, 1 << 20, in);
	if (good_size < 200)
		abort();
	fclose(in);
	close(fd);
	unlink(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	XXH128_hash_t sum;
	uint8_t *file;

	if (!good)
		prepare();
	file = malloc(good_size);
	if (!file)
		return 0;
	memcpy(file, good, good_size);
	for (size_t i = 0; i + 2 < size; i += 3) {
		size_t offset = bytes[i] | (bytes[i + 1] & 0x7f) << 8;

		if (bytes[i + 1] & 0x80)
			offset = good_size - sizeof(sum) - 1 - offset;
		if (offset < good_size - sizeof(sum))
			file[offset] = bytes[i + 2];
	}
	sum = XXH3_128bits(file, good_size - sizeof(sum));
	memcpy(file + good_size - sizeof(sum), &sum, sizeof(sum));
	explore(NULL, fuzz_file(file, good_size), 200);
	free(file);
	return 0;
}
