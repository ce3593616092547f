/* SPDX-License-Identifier: MIT */
/* The text of a script, before Lua sees it. */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include "fault.h"
#include "region.h"

/* The text of @file, in @region; NULL and @fault where there is none that could be a script. */
const char *source_read(struct region *region, const char *file, struct fault *fault);

/* "unplug/stale-pte.lua" is called "stale-pte". NULL when memory is short. */
const char *source_name(struct region *region, const char *file);

/* The comment at the head of @text without the dashes. NULL when memory is short. */
const char *source_story(struct region *region, const char *text);

#endif
