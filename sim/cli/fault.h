/* SPDX-License-Identifier: MIT */
/* What code of a rule file did wrong, in one line. */
#ifndef CLI_FAULT_H
#define CLI_FAULT_H

#include "report/verdict.h"

#include <stddef.h>

/*
 * Write "free_zone_device_folio() crashed (SIGSEGV) in step 12 of thread admin" to @text, for a
 * verdict with a ->fault.
 */
void fault_text(const struct verdict *verdict, struct mmref_sim *sim, char *text, size_t size);
/*
 * The same where the scene of @rules was set, and there is no verdict yet. False where no code went
 * wrong.
 */
bool fault_text_of_scene(const struct mmref_rules *rules, char *text, size_t size);

#endif
