/* SPDX-License-Identifier: MIT */
/* A line of what `mmref run --shard` prints. */
#include "fuzz.h"

#include "report/shard.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct shard_result shard;
	char *line = calloc(1, size + 1);

	if (!line)
		return 0;
	memcpy(line, bytes, size);
	if (shard_read(&shard, line) && (!shard.of || shard.number > shard.of || !shard.file))
		abort();
	shard_free(&shard);
	free(line);
	return 0;
}
