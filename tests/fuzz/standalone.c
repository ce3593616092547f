/* SPDX-License-Identifier: MIT */
/* Runs a target over each file that is named, without libFuzzer. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const char *file)
{
	static uint8_t bytes[1 << 20];
	FILE *in = fopen(file, "rb");
	size_t size;

	if (!in) {
		perror(file);
		return 1;
	}
	size = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	LLVMFuzzerTestOneInput(bytes, size);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed += run(argv[i]);
	printf("%d passed, %d failed\n", argc - 1 - failed, failed);
	return failed || argc == 1;
}
