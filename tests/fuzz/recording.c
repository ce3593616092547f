/* SPDX-License-Identifier: MIT */
/* The table of pages of a recorded kernel, or that of outcomes if the first byte is an 'o'. */
#include "fuzz.h"

#include "report/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct recording *recording;
	bool outcomes = size && bytes[0] == 'o';
	char error[1024];
	const char *file;

	if (!size)
		return 0;
	file = fuzz_file(bytes + 1, size - 1);
	recording = recording_load(outcomes ? NULL : file, outcomes ? file : NULL, error,
				   sizeof(error));
	recording_free(recording);
	return 0;
}
