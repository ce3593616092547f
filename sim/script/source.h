/* SPDX-License-Identifier: MIT */
/* The text of a script, before Lua sees it. */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include "script_error.h"
#include "region.h"

/* The text of @file, in @region. NULL and @error if it cannot be read or is no text. */
const char *source_read(struct region *region, const char *file, struct script_error *error);

/* "unplug/stale-pte.lua" is called "stale-pte". NULL when memory is short. */
const char *source_name(struct region *region, const char *file);

/* The comment at the head of @text without the dashes. NULL when memory is short. */
const char *source_story(struct region *region, const char *text);

#endif
