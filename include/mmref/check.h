/* SPDX-License-Identifier: MIT */
/*
 * What can be wrong with a run, in words that do not depend on the rule set it
 * ran under. A kernel is judged by what its users would observe, never by its
 * own idea of a correct count.
 */
#ifndef MMREF_CHECK_H
#define MMREF_CHECK_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Gravest first: of several violations a table prints the first. */
enum mmref_violation {
	MMREF_NONE,
	MMREF_USE_AFTER_UNPLUG,		/* memory or memmap of a removed device still mapped, held or touched */
	MMREF_USE_AFTER_TRUNCATE,	/* a block is free or another file's, and still mapped, pinned or held */
	MMREF_DIRTY_LOST,	/* a store is not on the medium, though a sync after it has returned */
	MMREF_PRIVATE_LOST,	/* an operation on a file unmaps a private copy that it does not cut off */
	MMREF_KERNEL_BUG,		/* a VM_BUG_ON or an oops */
	MMREF_REFCOUNT_UNDERFLOW,	/* a put by someone who held nothing */
	MMREF_ZERO_REF_MAPPED,		/* a page table names a page whose count is 0 */
	MMREF_LOST_WAKEUP,		/* a sleeper whose condition holds, and nobody left to wake it */
	MMREF_UNPLUG_HANGS,		/* the removal of a device never returns */
	MMREF_DEADLOCK,			/* tasks that wait for each other, or for a holder that is gone */
	MMREF_BAD_SPLIT,		/* a head and what leads to it are not of one folio */
	MMREF_BAD_SHARE,		/* files name a page, and its count of them says otherwise */
	MMREF_LIVELOCK,			/* tasks that run for ever, each in its turn, and get nowhere */
	MMREF_REFCOUNT_LEAK,		/* a reference that nobody is left to drop */
	MMREF_NEW_AFTER_KILL,		/* a page of a device handed out while the device is being removed */
	MMREF_BAD_MAPPING,		/* a DAX entry names a page that does not name its file */
	MMREF_KERNEL_WARNING,		/* a WARN_ON; the run goes on with the damage done */
	MMREF_NR_VIOLATIONS,
};

/* The word for @violation, as scripts and JSON have it: "use-after-unplug". */
const char *mmref_violation_name(enum mmref_violation violation);

/* The violation named @name, or MMREF_NONE if there is no such word. */
enum mmref_violation mmref_violation_find(const char *name);

/* One sentence on what @violation means to a user. */
const char *mmref_violation_means(enum mmref_violation violation);

/*
 * False for violations that a run survives: a warning, a page handed out late, a page that
 * names no file. The run goes on, and may end in a graver one.
 */
bool mmref_violation_ends_run(enum mmref_violation violation);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
