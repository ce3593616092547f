/* SPDX-License-Identifier: MIT */
#include <mmref/check.h>

#include <string.h>

static const struct {
	const char *name;
	const char *means;
} violations[MMREF_NR_VIOLATIONS] = {
	[MMREF_NONE] = { "none", "nothing is wrong" },
	[MMREF_USE_AFTER_UNPLUG] = { "use-after-unplug",
		"memory of a removed device is still mapped, held or touched" },
	[MMREF_USE_AFTER_TRUNCATE] = { "use-after-truncate",
		"a block is free, or another file's, while it is still mapped, pinned or held" },
	[MMREF_DIRTY_LOST] = { "dirty-lost",
		"fsync has returned, and a store before it is not on the medium" },
	[MMREF_PRIVATE_LOST] = { "private-lost",
		"a private copy is unmapped by an operation on the file that does not cut it off" },
	[MMREF_KERNEL_BUG] = { "kernel-bug", "the kernel hits a BUG or an oops" },
	[MMREF_REFCOUNT_UNDERFLOW] = { "refcount-underflow",
		"a reference is put by someone who held none" },
	[MMREF_ZERO_REF_MAPPED] = { "zero-ref-mapped", "a page table names a page whose count is 0" },
	[MMREF_LOST_WAKEUP] = { "lost-wakeup",
		"a task sleeps though what it waits for has come, and nobody will wake it" },
	[MMREF_UNPLUG_HANGS] = { "unplug-hangs", "the removal of the device never returns" },
	[MMREF_DEADLOCK] = { "deadlock", "tasks wait for what nobody is left to give" },
	[MMREF_BAD_SPLIT] = { "bad-split",
		"a large folio has tails that are not its own, or a page is tail of none" },
	[MMREF_BAD_SHARE] = { "bad-share",
		"a page miscounts the files that name it, or belongs to one of several" },
	[MMREF_LIVELOCK] = { "livelock",
		"tasks run for ever, each in its turn, and none gets any further" },
	[MMREF_REFCOUNT_LEAK] = { "refcount-leak", "a reference is held that nobody will ever put" },
	[MMREF_NEW_AFTER_KILL] = { "new-after-kill",
		"a page is handed out of a device that is being removed" },
	[MMREF_BAD_MAPPING] = { "bad-mapping",
		"a DAX entry names a page that does not name its file: memory_failure() finds nobody" },
	[MMREF_KERNEL_WARNING] = { "kernel-warning", "a WARN_ON of the kernel fires" },
};

const char *mmref_violation_name(enum mmref_violation violation)
{
	return violations[violation].name;
}

enum mmref_violation mmref_violation_find(const char *name)
{
	for (int i = MMREF_NONE + 1; name && i < MMREF_NR_VIOLATIONS; i++)
		if (!strcmp(violations[i].name, name))
			return i;
	return MMREF_NONE;
}

const char *mmref_violation_means(enum mmref_violation violation)
{
	return violations[violation].means;
}

bool mmref_violation_ends_run(enum mmref_violation violation)
{
	return violation != MMREF_KERNEL_WARNING && violation != MMREF_NEW_AFTER_KILL &&
	       violation != MMREF_BAD_MAPPING;
}
