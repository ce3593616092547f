/* SPDX-License-Identifier: MIT */
/* ext4, xfs, ext2 and fuse: what each breaks and waits for, and who is told of a removal. */
#include "scene.h"

#include <errno.h>

#include <mmref/kernel.h>
#include "ops/ops.h"

static const enum mmref_file_system every_fs[] = { MMREF_EXT4, MMREF_XFS, MMREF_EXT2,
						   MMREF_FUSE };

#define for_each_fs(fs)                                                                            \
	for (size_t fs##_ = 0; fs##_ < 4; fs##_++)                                                 \
		for (int fs##_once = 1, fs = every_fs[fs##_]; fs##_once; fs##_once = 0)

static struct scene scene_on(const struct mmref_rules *rules, enum mmref_file_system fs,
			     unsigned int pages)
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	assert_non_null(s.sim);
	s.device = mmref_fsdax_with(s.sim, 8, fs);
	s.file = mmref_create(s.device, pages, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap(s.process, s.file, 0, pages);
	assert_non_null(s.map);
	return s;
}

/* What threads do; @scene lies in the world. */
struct acts {
	struct scene scene;
	struct mmref_hold *hold;
	unsigned int size;	/* to truncate to */
	int truncate, unbind, read, write;
};

static struct acts *acts_on(const struct mmref_rules *rules, enum mmref_file_system fs)
{
	struct scene s = scene_on(rules, fs, 2);
	struct acts *acts = mmref_alloc(s.sim, sizeof(*acts));

	assert_non_null(acts);
	acts->scene = s;
	acts->truncate = acts->unbind = acts->read = acts->write = 1;
	return acts;
}

static void truncates(void *arg)
{
	struct acts *acts = arg;

	acts->truncate = mmref_truncate(acts->scene.file, acts->size);
}

static void unbinds(void *arg)
{
	struct acts *acts = arg;

	acts->unbind = mmref_unbind(acts->scene.device);
}

static void reads(void *arg)
{
	struct acts *acts = arg;

	acts->read = mmref_read(acts->scene.map, 0);
}

static void writes(void *arg)
{
	struct acts *acts = arg;

	acts->write = mmref_write(acts->scene.map, 0, 1);
}

static bool found(const struct mmref_result *result, enum mmref_violation violation)
{
	for (unsigned int i = 0; i < result->nr_found; i++)
		if (result->found[i].violation == violation)
			return true;
	return false;
}

/* --- truncate and fallocate ------------------------------------------------ */

static void only_ext4_and_xfs_have_fallocate(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct scene s = scene_on(rules, fs, 4);
			int wanted = fs == MMREF_EXT4 || fs == MMREF_XFS ? 0 : -EOPNOTSUPP;

			assert_int_equal(mmref_punch(s.file, 0, 1), wanted);
			assert_int_equal(mmref_zero_range(s.file, 1, 1), wanted);
			assert_int_equal(mmref_collapse(s.file, 2, 1), wanted);
			assert_int_equal(mmref_allocate(s.file, 0, 1), wanted);
			assert_int_equal(mmref_collapse(s.file, 2, 0), -EINVAL);
			mmref_sim_free(s.sim);
		}
	}
}

/* ext2 asks nobody, the others sleep until the page is idle. */
static void only_ext2_truncates_under_a_pin(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct acts *acts = acts_on(rules, fs);
			struct watch watch;

			mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
			mmref_thread(acts->scene.sim, "truncate", truncates, acts);
			run_in_order(acts->scene.sim, &watch);
			assert_int_equal(watch.sleepers, fs != MMREF_EXT2);
			assert_int_equal(watch.violation == MMREF_USE_AFTER_TRUNCATE,
					 fs == MMREF_EXT2);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

/* ext4_setattr() and xfs_vn_setattr() break the layouts wherever the size goes. */
static void only_ext2_grows_under_a_pin(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct acts *acts = acts_on(rules, fs);
			struct watch watch;

			acts->size = 4;
			mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
			mmref_thread(acts->scene.sim, "truncate", truncates, acts);
			run_in_order(acts->scene.sim, &watch);
			assert_int_equal(watch.sleepers, fs != MMREF_EXT2);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

/* truncate_folio_batch_exceptionals() of 6.15 expects that the layout was broken. */
static void a_truncate_of_ext2_finds_entries_and_warns(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_12, &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		for_each_fs(fs) {
			struct acts *acts = acts_on(sets[i], fs);
			struct watch watch;

			mmref_write(acts->scene.map, 0, 1);
			mmref_thread(acts->scene.sim, "truncate", truncates, acts);
			run_in_order(acts->scene.sim, &watch);
			assert_string_equal(mmref_violation_name(watch.violation),
					    i && fs == MMREF_EXT2 ? "kernel-warning" : "none");
			assert_int_equal(watch.sleepers, 0);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

static void umounts(void *arg)
{
	struct acts *acts = arg;

	mmref_munmap(acts->scene.map);
	mmref_close(acts->scene.file);
	mmref_umount(acts->scene.device);
}

/* And so does its eviction, which breaks no layout either; of the others it sleeps. */
static void an_eviction_of_ext2_waits_for_no_pin(void **state)
{
	(void)state;
	for_each_fs(fs) {
		struct acts *acts = acts_on(&mmref_v7_2, fs);
		struct watch watch;

		mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
		mmref_thread(acts->scene.sim, "umount", umounts, acts);
		run_in_order(acts->scene.sim, &watch);
		assert_int_equal(watch.sleepers, fs != MMREF_EXT2);
		assert_int_equal(watch.violation == MMREF_KERNEL_WARNING, fs == MMREF_EXT2);
		mmref_sim_free(acts->scene.sim);
	}
}

/* williams-2022 waits in the deletion of the entry, which every file system comes to. */
static void an_eviction_of_ext2_waits_under_williams_2022(void **state)
{
	struct acts *acts = acts_on(&mmref_williams_2022, MMREF_EXT2);
	struct watch watch;

	(void)state;
	mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
	mmref_thread(acts->scene.sim, "umount", umounts, acts);
	run_in_order(acts->scene.sim, &watch);
	assert_int_equal(watch.sleepers, 1);
	mmref_sim_free(acts->scene.sim);
}

/* Up to 6.14 the layout of page 0 is broken, whatever goes. */
static void a_truncate_of_fuse_looks_at_its_second_page(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_1, &mmref_v6_12, &mmref_v6_15,
							  &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct acts *acts = acts_on(sets[i], MMREF_FUSE);
		bool looks = i > 1;
		struct watch watch;

		mmref_pin(acts->scene.map, 1, 1, MMREF_GUP_WRITE, NULL);
		mmref_thread(acts->scene.sim, "truncate", truncates, acts);
		run_in_order(acts->scene.sim, &watch);
		assert_int_equal(watch.sleepers, looks);
		assert_int_equal(watch.violation == MMREF_USE_AFTER_TRUNCATE, !looks);
		mmref_sim_free(acts->scene.sim);
	}
}

/* 6.15 expects an eviction to have broken the layout, and fuse does so from 6.16 on. */
static void an_eviction_of_fuse_warns_in_6_15(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_12, &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct acts *acts = acts_on(sets[i], MMREF_FUSE);
		struct watch watch;

		mmref_write(acts->scene.map, 0, 1);
		mmref_thread(acts->scene.sim, "umount", umounts, acts);
		run_in_order(acts->scene.sim, &watch);
		assert_string_equal(mmref_violation_name(watch.violation),
				    sets[i] == &mmref_v6_15 ? "kernel-warning" : "none");
		mmref_sim_free(acts->scene.sim);
	}
}

/* What is a hole of the host's file is no hole for the guest: it maps no page of zeros. */
static void a_read_of_fuse_takes_a_block(void **state)
{
	(void)state;
	for_each_fs(fs) {
		struct scene s = scene_on(&mmref_v7_2, fs, 2);

		assert_int_equal(mmref_truncate(s.file, 0), 0);
		assert_int_equal(mmref_truncate(s.file, 2), 0);
		assert_int_equal(mmref_read(s.map, 1), 0);
		assert_int_equal(s.file->inode->block[1] != HOLE, fs == MMREF_FUSE);
		mmref_sim_free(s.sim);
	}
}

/* ext2's faults map PTEs, where the same file of any other is mapped by a PMD. */
static void ext2_maps_no_pmd(void **state)
{
	(void)state;
	for_each_fs(fs) {
		struct scene s = scene_on(&mmref_v7_2, fs, 8);

		mmref_write(s.map, 3, 1);
		assert_int_equal(page_of(s.sim, 0).kind, fs == MMREF_EXT2 ? '0' : 'H');
		assert_int_equal(page_of(s.sim, 0).mapped, fs != MMREF_EXT2);
		assert_int_equal(page_of(s.sim, 3).mapped, 1);
		mmref_sim_free(s.sim);
	}
}

/* What follows moves up, mapped or not, and the last page is no part of the file any more. */
static void a_collapse_moves_what_follows(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct scene s = scene_on(rules, fs, 4);

			for (unsigned int i = 0; i < 4; i++)
				assert_int_equal(mmref_write(s.map, i, 0x10 + i), 0);
			assert_int_equal(mmref_collapse(s.file, 1, 2), 0);
			assert_int_equal(mmref_read(s.map, 0), 0x10);
			assert_int_equal(mmref_read(s.map, 1), 0x13);
			assert_int_equal(mmref_pread(s.file, 1), 0x13);
			assert_int_equal(mmref_read(s.map, 2), -EIO);
			assert_int_equal(page_of(s.sim, 1).mapped + page_of(s.sim, 2).mapped, 0);
			assert_int_equal(mmref_collapse(s.file, 1, 1), -EINVAL);
			mmref_sim_free(s.sim);
		}
	}
}

static void collapses(void *arg)
{
	struct acts *acts = arg;

	mmref_collapse(acts->scene.file, 0, 1);
}

/* It breaks the layout of the whole file: a pin of a page that only moves holds it up too. */
static void a_collapse_waits_for_a_pin(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			for (unsigned int pinned = 0; pinned < 2; pinned++) {
				struct acts *acts = acts_on(rules, fs);
				struct watch watch;

				mmref_pin(acts->scene.map, pinned, 1, MMREF_GUP_WRITE, NULL);
				mmref_thread(acts->scene.sim, "collapse", collapses, acts);
				run_in_order(acts->scene.sim, &watch);
				assert_int_equal(watch.sleepers, 1);
				mmref_sim_free(acts->scene.sim);
			}
		}
	}
}

/* A fault that comes while a part is cut out maps what stands there before or after. */
static void a_fault_against_a_collapse_holds(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct acts *acts = acts_on(rules, fs);

			mmref_write(acts->scene.map, 0, 1);
			mmref_thread(acts->scene.sim, "collapse", collapses, acts);
			mmref_thread(acts->scene.sim, "read", reads, acts);
			assert_mmref_holds(acts->scene.sim);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

/* xfs punches a hole and fills it with unwritten blocks; ext4 makes what it has unwritten. */
static void a_range_that_was_zeroed_reads_as_zeros(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct scene s = scene_on(rules, fs, 2);
			const struct inode *inode = s.file->inode;

			assert_int_equal(mmref_write(s.map, 0, 1), 0);
			assert_int_equal(mmref_zero_range(s.file, 0, 1), 0);
			assert_int_equal(inode->block[0] & BLOCK_UNWRITTEN, BLOCK_UNWRITTEN);
			assert_int_equal(mmref_pread(s.file, 0), 0);
			assert_int_equal(mmref_read(s.map, 0), 0);
			assert_int_equal(mmref_write(s.map, 0, 2), 0);
			assert_int_equal(mmref_pread(s.file, 0), 2);
			mmref_sim_free(s.sim);
		}
	}
}

/* __dax_invalidate_entry(): 6.1's fault on a hole leaves a dirty entry, and that one stays. */
static void an_invalidation_leaves_a_dirty_entry(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct scene s = scene_on(rules, MMREF_EXT4, 2);
		const struct address_space *mapping = &s.file->inode->i_mapping;

		assert_int_equal(mmref_punch(s.file, 0, 1), 0);
		assert_int_equal(mmref_read(s.map, 0), 0);
		assert_int_equal(mapping->i_pages.marks[0] & PAGECACHE_TAG_DIRTY, rules == &mmref_v6_1);
		assert_int_equal(mmref_pwrite(s.file, 0, 5), 0);
		assert_int_equal(xa_peek(&mapping->i_pages, 0) != NULL, rules == &mmref_v6_1);
		assert_int_equal(mmref_read(s.map, 0), 5);
		mmref_sim_free(s.sim);
	}
}

/* xfs_file_fsync() writes back and then looks; ext4_sync_file() looks first; the others never do. */
static void a_sync_after_a_shutdown(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct scene s = scene_on(rules, fs, 2);
			const struct address_space *mapping = &s.file->inode->i_mapping;

			assert_int_equal(mmref_write(s.map, 0, 1), 0);
			assert_int_equal(mapping->i_pages.marks[0] & PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_DIRTY);
			s.device->pmem.sb->shutdown = s.device->pmem.sb->s_type->has_shutdown;
			assert_int_equal(mmref_fsync(s.file), s.device->pmem.sb->shutdown ? -EIO : 0);
			assert_int_equal(mapping->i_pages.marks[0] != 0, fs == MMREF_EXT4);
			mmref_sim_free(s.sim);
		}
	}
}

/* What would free, move or take blocks is refused, and has taken none away. */
static void nothing_of_a_file_changes_after_a_shutdown(void **state)
{
	static int (*const calls[])(struct mmref_file *file, unsigned int page,
				    unsigned int pages) = {
		mmref_punch, mmref_zero_range, mmref_collapse, mmref_allocate,
	};

	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct scene s = scene_on(rules, fs, 4);
			const struct inode *inode = s.file->inode;

			s.device->pmem.sb->shutdown = true;
			for (int i = 0; i < 4; i++)
				assert_int_equal(calls[i](s.file, 0, 2), -EIO);
			assert_int_equal(mmref_truncate(s.file, 1), -EIO);
			assert_int_equal(inode->i_size, 4);
			for (int i = 0; i < 4; i++)
				assert_int_equal(inode->block[i], i);
			mmref_sim_free(s.sim);
		}
	}
}

static void shuts_down_and_lets_go(void *arg)
{
	struct acts *acts = arg;

	WRITE_ONCE(acts->scene.device->pmem.sb->shutdown, true);
	mmref_release(acts->hold);
}

static void punches(void *arg)
{
	struct acts *acts = arg;

	acts->truncate = mmref_punch(acts->scene.file, 0, 1);
}

/* Asked again when the layout is broken at last: ext4_journal_start(), xfs_vn_change_ok(). */
static void a_shutdown_meets_who_waits_for_a_pin(void **state)
{
	static void (*const cuts[])(void *arg) = { truncates, punches };

	(void)state;
	for_both_rule_sets(rules) {
		for (int i = 0; i < 4; i++) {
			struct acts *acts = acts_on(rules, i & 1 ? MMREF_XFS : MMREF_EXT4);

			acts->hold = mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
			mmref_thread(acts->scene.sim, "cut", cuts[i / 2], acts);
			mmref_thread(acts->scene.sim, "disk", shuts_down_and_lets_go, acts);
			assert_runs_in_order(acts->scene.sim);
			assert_int_equal(acts->truncate, -EIO);
			assert_int_not_equal(acts->scene.file->inode->block[0], HOLE);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

/* No transaction, so the blocks of the unlinked file are not freed, held or not. */
static void an_eviction_after_a_shutdown_frees_no_block(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			for (int down = 0; down < 2; down++) {
				struct scene s = scene_on(rules, fs, 2);
				const struct inode *inode = s.file->inode;

				assert_int_equal(mmref_unlink(s.file), 0);
				mmref_munmap(s.map);
				s.device->pmem.sb->shutdown = down;
				mmref_close(s.file);
				assert_true(inode->evicted);
				assert_int_equal(inode->block[0], down ? 0 : HOLE);
				mmref_sim_free(s.sim);
			}
		}
	}
}

/* DAX entries are no page cache to be dropped, and go with an umount. */
static void caches_are_dropped_and_umounted_alike(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct scene s = scene_on(rules, fs, 2);
			const struct address_space *mapping = &s.file->inode->i_mapping;

			assert_int_equal(mmref_write(s.map, 0, 1), 0);
			assert_int_equal(mmref_drop_caches(s.device), 0);
			assert_int_equal(mapping->nrpages, 1);
			assert_int_equal(mmref_umount(s.device), -EBUSY);
			mmref_munmap(s.map);
			mmref_close(s.file);
			assert_int_equal(mmref_drop_caches(s.device), 0);
			assert_int_equal(mapping->nrpages, 1);
			assert_int_equal(mmref_umount(s.device), 0);
			assert_int_equal(mapping->nrpages, 0);
			mmref_sim_free(s.sim);
		}
	}
}

/* --- freezing, and the removal of the device ------------------------------- */

static void freezes(void *arg)
{
	struct acts *acts = arg;

	assert_int_equal(freeze_super(acts->scene.file->inode->i_sb), 0);
}

/* sb_start_pagefault() stands before a fault that writes, and before no other. */
static void a_frozen_file_system_serves_faults_that_read(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct acts *acts = acts_on(rules, MMREF_XFS);
		struct watch watch;

		mmref_thread(acts->scene.sim, "freeze", freezes, acts);
		mmref_thread(acts->scene.sim, "read", reads, acts);
		run_in_order(acts->scene.sim, &watch);
		assert_int_equal(watch.sleepers, 0);
		assert_int_equal(acts->read, FILL);
		mmref_sim_free(acts->scene.sim);

		acts = acts_on(rules, MMREF_XFS);
		mmref_thread(acts->scene.sim, "freeze", freezes, acts);
		mmref_thread(acts->scene.sim, "write", writes, acts);
		mmref_thread(acts->scene.sim, "truncate", truncates, acts);
		run_in_order(acts->scene.sim, &watch);
		assert_int_equal(watch.sleepers, 2);
		mmref_sim_free(acts->scene.sim);
	}
}

/* What it stores to is a copy, be it wanted of a PMD first: its faults only read the file. */
static void a_write_to_a_private_map_is_no_write_to_the_file(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct acts *acts = acts_on(rules, fs);
			struct scene *s = &acts->scene;

			mmref_truncate(s->file, 4);
			s->map = mmref_mmap_at(s->process, s->file, 0, 4, 0, true);
			if (fs == MMREF_XFS)
				mmref_thread(s->sim, "freeze", freezes, acts);
			else
				s->device->pmem.sb->shutdown = true;
			mmref_thread(s->sim, "write", writes, acts);
			assert_runs_in_order(s->sim);
			assert_int_equal(acts->write, 0);
			mmref_sim_free(s->sim);
		}
	}
}

/*
 * Of 6.1 the notification unmaps nobody and shuts down; from 6.12 on it unmaps, sends a
 * SIGBUS and shuts down; the others are not told, and 6.12's block layer has them shut
 * down, if they can.
 */
static void who_is_told_of_a_removal(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_1, &mmref_v6_12, &mmref_v6_15,
							  &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		for_each_fs(fs) {
			struct acts *acts = acts_on(sets[i], fs);
			bool unmaps = fs == MMREF_XFS && i;
			struct watch watch;

			mmref_read(acts->scene.map, 0);
			mmref_thread(acts->scene.sim, "unbind", unbinds, acts);
			run_in_order(acts->scene.sim, &watch);
			assert_string_equal(mmref_violation_name(watch.violation),
					    unmaps ? "none" : "use-after-unplug");
			assert_int_equal(page_of(acts->scene.sim, 0).mapped, !unmaps);
			assert_int_equal(acts->scene.process->mm->sigbus, unmaps);
			assert_int_equal(acts->scene.device->pmem.sb->shutdown,
					 fs == MMREF_XFS || (i && fs == MMREF_EXT4));
			mmref_sim_free(acts->scene.sim);
		}
	}
}

static void unbinds_and_uses(void *arg)
{
	struct acts *acts = arg;

	unbinds(acts);
	reads(acts);
	truncates(acts);
}

/* What is left to users of a file system that was shut down, and has no page mapped. */
static void a_shut_down_xfs_answers_with_sigbus(void **state)
{
	struct acts *acts = acts_on(&mmref_v7_2, MMREF_XFS);

	(void)state;
	mmref_write(acts->scene.map, 0, 1);
	mmref_thread(acts->scene.sim, "unbind", unbinds_and_uses, acts);
	assert_runs_in_order(acts->scene.sim);
	assert_int_equal(acts->read, -EIO);
	assert_int_equal(acts->truncate, -EIO);
	mmref_sim_free(acts->scene.sim);
}

/* A PMD is unmapped as a whole by the first page of it. */
static void a_removal_unmaps_a_pmd_of_xfs(void **state)
{
	(void)state;
	for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
		struct scene s = scene_on(&mmref_v7_2, fs, 8);
		struct acts *acts = mmref_alloc(s.sim, sizeof(*acts));
		struct watch watch;

		acts->scene = s;
		mmref_write(s.map, 5, 1);
		assert_int_equal(page_of(s.sim, 0).mapped, 1);
		mmref_thread(s.sim, "unbind", unbinds, acts);
		run_in_order(s.sim, &watch);
		assert_int_equal(page_of(s.sim, 0).mapped, fs == MMREF_EXT4);
		mmref_sim_free(s.sim);
	}
}

static void umounts_and_unbinds(void *arg)
{
	umounts(arg);
	unbinds(arg);
}

/* fs_put_dax(): after the umount there is nobody to be told. */
static void an_unmounted_xfs_is_not_told(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct acts *acts = acts_on(rules, MMREF_XFS);

		mmref_write(acts->scene.map, 0, 1);
		mmref_thread(acts->scene.sim, "admin", umounts_and_unbinds, acts);
		assert_runs_in_order(acts->scene.sim);
		assert_int_equal(acts->unbind, 0);
		assert_false(acts->scene.device->pmem.sb->shutdown);
		mmref_sim_free(acts->scene.sim);
	}
}

/* virtio_fs_remove(): there is no disk that dies, and so nobody evicts what is held by nobody. */
static void a_removal_evicts_no_inode_of_fuse(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for_each_fs(fs) {
			struct acts *acts = acts_on(rules, fs);

			mmref_munmap(acts->scene.map);
			mmref_close(acts->scene.file);
			mmref_thread(acts->scene.sim, "admin", unbinds, acts);
			assert_runs_in_order(acts->scene.sim);
			assert_int_equal(acts->unbind, 0);
			assert_int_equal(acts->scene.file->inode->evicted, fs != MMREF_FUSE);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

static void umounts_alone(void *arg)
{
	struct acts *acts = arg;

	mmref_umount(acts->scene.device);
}

/* fs_put_dax() waits for no notification that is under way, which then has no holder. */
static void an_umount_takes_the_holder_from_under_a_notification(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct acts *acts = acts_on(rules, fs);

			mmref_munmap(acts->scene.map);
			mmref_close(acts->scene.file);
			mmref_thread(acts->scene.sim, "umount", umounts_alone, acts);
			mmref_thread(acts->scene.sim, "unbind", unbinds, acts);
			if (fs == MMREF_XFS)
				assert_mmref_violates(acts->scene.sim, MMREF_KERNEL_BUG);
			else
				assert_mmref_holds(acts->scene.sim);
			mmref_sim_free(acts->scene.sim);
		}
	}
}

static void mounts(void *arg)
{
	struct acts *acts = arg;

	mmref_mount(acts->scene.device);
}

static void unbinds_and_mounts_anew(void *arg)
{
	struct acts *acts = arg;

	unbinds(arg);
	mmref_rebind(acts->scene.device);
	mounts(arg);
}

/* pmem_attach_disk() makes a dax device: what an umount lets go of is not that of the next disk. */
static void an_umount_lets_go_of_the_disk_that_it_was_mounted_on(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct acts *acts = acts_on(rules, MMREF_XFS);
		struct pmem_device *pmem = &acts->scene.device->pmem;
		struct story story = { .sim = acts->scene.sim };
		const void *first = pmem->dax;

		mmref_munmap(acts->scene.map);
		mmref_close(acts->scene.file);
		mmref_thread(acts->scene.sim, "umount", umounts_alone, acts);
		mmref_thread(acts->scene.sim, "admin", unbinds_and_mounts_anew, acts);
		story_until(&story, 0, rules == &mmref_v7_2 ? "write dax_dev->holder_ops" :
								 "cmpxchg &dax_dev->holder_data");
		for (int i = 0; i < 4; i++)
			story_on(&story, 1 + i % 2);	/* and who ends the grace periods */
		story_on(&story, 0);
		assert_ptr_not_equal(pmem->dax, first);
		assert_ptr_equal(pmem->dax->holder_data, pmem->sb);
		assert_non_null(pmem->dax->holder_ops);
		mmref_sim_free(acts->scene.sim);
	}
}

/* Mapped is only what the other thread has mounted. */
static void umounts_and_uses_what_is_mounted(void *arg)
{
	struct acts *acts = arg;
	struct scene *s = &acts->scene;
	struct mmref_map *map;

	umounts(arg);
	if (mmref_open(s->file))
		return;
	map = mmref_mmap(s->process, s->file, 0, 1);
	mmref_write(map, 0, 1);
	mmref_unbind(s->device);
	mmref_read(map, 0);
}

static struct mmref_sim *mount_against_umount(const struct mmref_rules *rules)
{
	struct acts *acts = acts_on(rules, MMREF_XFS);

	mmref_thread(acts->scene.sim, "other", mounts, acts);
	mmref_thread(acts->scene.sim, "admin", umounts_and_uses_what_is_mounted, acts);
	return acts->scene.sim;
}

/* The same kernels but for the order of fs_put_dax(): its last store takes another's operations. */
static void the_next_holder_keeps_operations_cleared_first(void **state)
{
	const struct mmref_rules *told[] = { &mmref_v6_12, &mmref_v6_15, &mmref_v7_2 };
	struct mmref_sim *sim;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct mmref_rules mine = *told[i];

		mine.fs_put_dax = MMREF_AS(mmref_v6_1, fs_put_dax);
		sim = mount_against_umount(&mine);
		assert_mmref_violates(sim, MMREF_USE_AFTER_UNPLUG);
		mmref_sim_free(sim);
		mine.fs_put_dax = MMREF_AS(mmref_v7_2, fs_put_dax);
		sim = mount_against_umount(&mine);
		assert_mmref_holds(sim);
		mmref_sim_free(sim);
	}
}

/*
 * A truncate that waits for a pin keeps the file system from being frozen, and that the
 * device from being removed. ext4 is not frozen, nor is xfs of 6.1: the pages go.
 */
static void a_truncate_under_a_pin_holds_up_the_removal_of_xfs(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int fs = MMREF_EXT4; fs <= MMREF_XFS; fs++) {
			struct acts *acts = acts_on(rules, fs);
			bool frozen = fs == MMREF_XFS && rules == &mmref_v7_2;
			struct watch watch;

			mmref_pin(acts->scene.map, 0, 1, MMREF_GUP_WRITE, NULL);
			mmref_thread(acts->scene.sim, "truncate", truncates, acts);
			mmref_thread(acts->scene.sim, "unbind", unbinds, acts);
			run_in_order(acts->scene.sim, &watch);
			assert_int_equal(watch.sleepers, frozen ? 2 : 0);
			assert_string_equal(mmref_violation_name(watch.violation),
					    frozen ? "unplug-hangs" : "use-after-unplug");
			mmref_sim_free(acts->scene.sim);
		}
	}
}

/* The device is removed while a page that is not mapped is stored to. */
static struct mmref_result store_against_removal(const struct mmref_rules *rules, bool unwritten)
{
	struct acts *acts = acts_on(rules, MMREF_XFS);
	struct mmref_result result;

	if (unwritten)
		assert_int_equal(mmref_zero_range(acts->scene.file, 0, 1), 0);
	mmref_thread(acts->scene.sim, "write", writes, acts);
	mmref_thread(acts->scene.sim, "unbind", unbinds, acts);
	assert_int_equal(mmref_explore(acts->scene.sim, NULL, &result), 0);
	assert_true(result.complete);
	mmref_sim_free(acts->scene.sim);
	return result;
}

/*
 * 6.1 goes through the reverse mapping without a freeze: it has the AGF and waits for
 * the entry of an unwritten block, whose fault has the entry and waits for the AGF.
 */
static void a_write_fault_and_the_removal_of_xfs_lock_each_other_out(void **state)
{
	struct mmref_result unwritten = store_against_removal(&mmref_v6_1, true);
	struct mmref_result written = store_against_removal(&mmref_v6_1, false);
	struct mmref_result frozen = store_against_removal(&mmref_v6_12, true);

	(void)state;
	assert_true(found(&unwritten, MMREF_UNPLUG_HANGS) || found(&unwritten, MMREF_DEADLOCK));
	assert_false(found(&written, MMREF_UNPLUG_HANGS) || found(&written, MMREF_DEADLOCK));
	assert_int_equal(frozen.verdict, MMREF_HOLDS);
	mmref_result_free(&unwritten);
	mmref_result_free(&written);
	mmref_result_free(&frozen);
}

/* The same rules but for kill_dax(): told without MF_MEM_PRE_REMOVE, the 7.2 of the test unmaps nobody. */
static void without_pre_remove_nobody_is_unmapped(void **state)
{
	struct mmref_rules mine = mmref_v7_2;
	struct acts *acts;
	struct watch watch;

	(void)state;
	mine.name = "a removal that is not told from a failure";
	mine.kill_dax = MMREF_AS(mmref_v6_1, kill_dax);
	acts = acts_on(&mine, MMREF_XFS);
	mmref_write(acts->scene.map, 0, 1);
	mmref_thread(acts->scene.sim, "unbind", unbinds_and_uses, acts);
	run_in_order(acts->scene.sim, &watch);
	assert_int_equal(watch.violation, MMREF_USE_AFTER_UNPLUG);
	mmref_sim_free(acts->scene.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_ext4_and_xfs_have_fallocate),
		cmocka_unit_test(only_ext2_truncates_under_a_pin),
		cmocka_unit_test(only_ext2_grows_under_a_pin),
		cmocka_unit_test(a_truncate_of_ext2_finds_entries_and_warns),
		cmocka_unit_test(an_eviction_of_ext2_waits_for_no_pin),
		cmocka_unit_test(an_eviction_of_ext2_waits_under_williams_2022),
		cmocka_unit_test(a_truncate_of_fuse_looks_at_its_second_page),
		cmocka_unit_test(an_eviction_of_fuse_warns_in_6_15),
		cmocka_unit_test(a_read_of_fuse_takes_a_block),
		cmocka_unit_test(ext2_maps_no_pmd),
		cmocka_unit_test(a_collapse_moves_what_follows),
		cmocka_unit_test(a_collapse_waits_for_a_pin),
		cmocka_unit_test(a_fault_against_a_collapse_holds),
		cmocka_unit_test(a_range_that_was_zeroed_reads_as_zeros),
		cmocka_unit_test(an_invalidation_leaves_a_dirty_entry),
		cmocka_unit_test(a_sync_after_a_shutdown),
		cmocka_unit_test(nothing_of_a_file_changes_after_a_shutdown),
		cmocka_unit_test(a_shutdown_meets_who_waits_for_a_pin),
		cmocka_unit_test(an_eviction_after_a_shutdown_frees_no_block),
		cmocka_unit_test(caches_are_dropped_and_umounted_alike),
		cmocka_unit_test(a_frozen_file_system_serves_faults_that_read),
		cmocka_unit_test(a_write_to_a_private_map_is_no_write_to_the_file),
		cmocka_unit_test(who_is_told_of_a_removal),
		cmocka_unit_test(a_shut_down_xfs_answers_with_sigbus),
		cmocka_unit_test(a_removal_unmaps_a_pmd_of_xfs),
		cmocka_unit_test(an_unmounted_xfs_is_not_told),
		cmocka_unit_test(a_removal_evicts_no_inode_of_fuse),
		cmocka_unit_test(an_umount_takes_the_holder_from_under_a_notification),
		cmocka_unit_test(an_umount_lets_go_of_the_disk_that_it_was_mounted_on),
		cmocka_unit_test(the_next_holder_keeps_operations_cleared_first),
		cmocka_unit_test(a_truncate_under_a_pin_holds_up_the_removal_of_xfs),
		cmocka_unit_test(a_write_fault_and_the_removal_of_xfs_lock_each_other_out),
		cmocka_unit_test(without_pre_remove_nobody_is_unmapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
