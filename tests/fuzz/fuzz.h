/* SPDX-License-Identifier: MIT */
/*
 * Targets for libFuzzer, one file each: bytes that somebody else wrote go through one reader, as
 * mmref reads them. The preset `fuzz` links libFuzzer; the other presets link standalone.c, which
 * runs a target over the files of its corpus.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The name of a regular file in memory that has @bytes; the same file each time. */
const char *fuzz_file(const uint8_t *bytes, size_t size);

#endif
