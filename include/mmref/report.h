/* SPDX-License-Identifier: MIT */
/* A run told to a reader: who took which step, and what it did to the counts. */
#ifndef MMREF_REPORT_H
#define MMREF_REPORT_H

#include <mmref/explore.h>

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * Replay @found in @sim and print it to @out, 100 columns wide or as wide as the
 * terminal is: a lane a thread, time downwards, and the pages that matter; then the
 * violation in words, who holds the page it is about and since which step, and who sleeps
 * where for ever.
 */
void mmref_print_run(FILE *out, struct mmref_sim *sim, const struct mmref_found *found);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
