/* SPDX-License-Identifier: MIT */
/*
 * A run in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a track a
 * task, with a slice for each operation and one for each step inside it; arrows from who wakes
 * to who goes on, and from the step that took a reference to the one that dropped it; counters
 * for each page; and a mark where a violation shows.
 *
 * Step n begins at n milliseconds.
 */
#ifndef REPORT_TRACE_H
#define REPORT_TRACE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* @run is one of page_run(), and is freed. False, with errno, where @file cannot be written. */
bool trace_save(const char *file, cJSON *run);

#endif
