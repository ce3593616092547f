/* SPDX-License-Identifier: MIT */
/* What is flushed, and what a sync owes: stores that were made before it. */
#include "scene.h"

#include <errno.h>

#include "check/ledger.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/memremap.h>
#include "ops/ops.h"
#include "rules/rules.h"

static bool unflushed(const struct scene *s, unsigned int page)
{
	return s->device->pmem.pgmap->durability[page].unflushed;
}

static void a_store_is_in_the_cache_until_its_entry_is_written_back(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct scene s = scene_new(rules, 2);

		mmref_read(s.map, 0);
		assert_false(unflushed(&s, 0));
		mmref_write(s.map, 0, 1);
		mmref_write(s.map, 1, 1);
		assert_true(unflushed(&s, 0));
		assert_int_equal(mmref_msync(s.map), 0);
		assert_false(unflushed(&s, 0));
		assert_false(unflushed(&s, 1));
		mmref_write(s.map, 0, 2);
		assert_true(unflushed(&s, 0));
		assert_false(unflushed(&s, 1));
		mmref_sim_free(s.sim);
	}
}

static void what_is_copied_in_and_what_is_given_back_is_not_owed(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct scene s = scene_new(rules, 4);

		for (unsigned int i = 0; i < 4; i++)
			mmref_write(s.map, i, 1);
		mmref_pwrite(s.file, 0, 2);
		assert_false(unflushed(&s, 0));
		mmref_zero_range(s.file, 1, 1);
		assert_false(unflushed(&s, 1));
		mmref_truncate(s.file, 3);
		assert_false(unflushed(&s, 3));
		assert_true(unflushed(&s, 2));
		mmref_sim_free(s.sim);
	}
}

/* A store to a private copy is no store to the device. */
static void a_private_copy_is_nothing_to_flush(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct mmref_map *copy = mmref_mmap_at(s.process, s.file, 0, 1, 0, true);

	(void)state;
	mmref_write(copy, 0, 1);
	assert_false(unflushed(&s, 0));
	mmref_sim_free(s.sim);
}

/* --- the rule that makes the difference -------------------------------------- */

static void write_punch_sync(void *arg)
{
	struct scene *s = arg;

	mmref_write(s->map, 0, 1);
	mmref_punch(s->file, 1, 1);
	mmref_assert(mmref_fsync(s->file) == 0);
}

static struct mmref_sim *punched(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct scene s = scene_new(rules, 2), *shared = mmref_alloc(s.sim, sizeof(s));

	*shared = s;
	mmref_thread(s.sim, "app", body, shared);
	return s.sim;
}

static int break_and_delete(struct inode *inode)
{
	int err = MMREF_AS(mmref_v6_1, ext4_break_layouts)(inode);

	if (!err)
		MMREF_AS(mmref_v6_15, dax_delete_mapping_range)(&inode->i_mapping, 0, ULONG_MAX);
	return err;
}

static void delete_nothing(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	(void)mapping;
	(void)start;
	(void)end;
}

/* v6.1 with the one function of v6.15 loses the mark, and v7.2 without it keeps it. */
static void the_deletion_of_the_whole_range_is_what_loses_the_mark(void **state)
{
	struct mmref_rules old = mmref_v6_1, new = mmref_v7_2;
	struct mmref_sim *sim;

	(void)state;
	sim = punched(&old, write_punch_sync);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
	old.ext4_break_layouts = break_and_delete;
	old.wait_entry_unlocked_exclusive =
		MMREF_AS(mmref_v6_15, wait_entry_unlocked_exclusive);
	sim = punched(&old, write_punch_sync);
	assert_mmref_violates(sim, MMREF_DIRTY_LOST);
	mmref_sim_free(sim);

	new.truncate_folio_batch_exceptionals =
		mmref_v6_1.truncate_folio_batch_exceptionals;
	sim = punched(&new, write_punch_sync);
	assert_mmref_violates(sim, MMREF_DIRTY_LOST);
	mmref_sim_free(sim);
	new.dax_delete_mapping_range = delete_nothing;
	sim = punched(&new, write_punch_sync);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void write_punch_umount(void *arg)
{
	struct scene *s = arg;

	mmref_write(s->map, 0, 1);
	mmref_punch(s->file, 1, 1);
	mmref_munmap(s->map);
	mmref_close(s->file);
	mmref_assert(mmref_umount(s->device) == 0);
}

static void umount_owes_what_fsync_owes(void **state)
{
	struct mmref_sim *sim = punched(&mmref_v6_1, write_punch_umount);

	(void)state;
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
	sim = punched(&mmref_v7_2, write_punch_umount);
	assert_mmref_violates(sim, MMREF_DIRTY_LOST);
	mmref_sim_free(sim);
}

static void write_punch_and_fail_to_sync(void *arg)
{
	struct scene *s = arg;

	mmref_write(s->map, 0, 1);
	mmref_punch(s->file, 1, 1);
	POKE(s->device->pmem.sb->shutdown, true);
	mmref_assert(mmref_fsync(s->file) == -EIO);
}

static void a_sync_that_fails_owes_nothing(void **state)
{
	struct mmref_sim *sim = punched(&mmref_v7_2, write_punch_and_fail_to_sync);

	(void)state;
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* --- stores and syncs at once --------------------------------------------------- */

static void write_one(void *arg)
{
	mmref_write(((struct scene *)arg)->map, 0, 1);
}

static void write_and_sync(void *arg)
{
	struct scene *s = arg;

	mmref_write(s->map, 0, 2);
	mmref_fsync(s->file);
}

static void sync_only(void *arg)
{
	mmref_fsync(((struct scene *)arg)->file);
}

/* Is a store lost when @other runs beside one that stores, and syncs? */
static void assert_lost(const struct mmref_rules *rules, void (*other)(void *arg), bool lost)
{
	struct scene s = scene_new(rules, 1), *shared = mmref_alloc(s.sim, sizeof(s));

	*shared = s;
	mmref_thread(s.sim, "app", write_and_sync, shared);
	mmref_thread(s.sim, "other", other, shared);
	if (lost)
		assert_mmref_violates(s.sim, MMREF_DIRTY_LOST);
	else
		assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static int wait_and_write_back(struct xa_state *xas, struct dax_device *dax_dev,
			       struct address_space *mapping, void *entry)
{
	entry = wait_entry_unlocked_exclusive(xas, entry);
	if (entry && xas_get_mark(xas, PAGECACHE_TAG_TOWRITE))
		return MMREF_AS(mmref_v7_2, dax_writeback_one)(xas, dax_dev, mapping, entry);
	put_unlocked_entry(xas, entry, WAKE_NEXT);
	return 0;
}

/*
 * What is stored during a sync may stay; but a sync passes an entry over that a fault has locked.
 * Of two syncs the second is done too soon.
 */
static void a_store_may_come_late_and_a_second_sync_too_soon(void **state)
{
	struct mmref_rules waits = mmref_v7_2;

	(void)state;
	assert_lost(&mmref_v7_2, write_one, true);
	assert_lost(&mmref_v6_1, write_one, true);
	waits.dax_writeback_one = wait_and_write_back;
	assert_lost(&waits, write_one, false);
	assert_lost(&mmref_v7_2, sync_only, true);
	assert_lost(&mmref_v6_1, sync_only, true);
}

static void cut_off(void *arg)
{
	mmref_truncate(((struct scene *)arg)->file, 0);
}

static void unlink_it(void *arg)
{
	struct scene *s = arg;

	mmref_munmap(s->map);
	mmref_close(s->file);
	mmref_unlink(s->file);
}

static void sync_all(void *arg)
{
	mmref_sync(((struct scene *)arg)->device);
}

/* The page that is being cut off, or whose file has no name any more, is not wanted back. */
static void what_is_about_to_go_is_not_owed(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		for (int unlinked = 0; unlinked < 2; unlinked++) {
			struct scene s = scene_new(rules, 1);
			struct scene *shared = mmref_alloc(s.sim, sizeof(s));

			*shared = s;
			mmref_write(s.map, 0, 1);
			mmref_thread(s.sim, "app", unlinked ? sync_all : sync_only, shared);
			mmref_thread(s.sim, "admin", unlinked ? unlink_it : cut_off, shared);
			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

/* __dax_invalidate_entry(): what is to be written back stays, where its block does. */
static void a_pwrite_into_a_hole_leaves_the_entry_that_is_dirty(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	const struct address_space *mapping = &s.file->inode->i_mapping;

	(void)state;
	mmref_punch(s.file, 0, 1);
	mmref_read(s.map, 0);
	assert_true(mapping->i_pages.marks[0] & PAGECACHE_TAG_DIRTY);
	mmref_pwrite(s.file, 0, 3);
	assert_true(dax_is_zero_entry(xa_peek(&mapping->i_pages, 0)));
	assert_int_equal(mmref_read(s.map, 0), 3);
	mmref_sim_free(s.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_in_the_cache_until_its_entry_is_written_back),
		cmocka_unit_test(what_is_copied_in_and_what_is_given_back_is_not_owed),
		cmocka_unit_test(a_private_copy_is_nothing_to_flush),
		cmocka_unit_test(the_deletion_of_the_whole_range_is_what_loses_the_mark),
		cmocka_unit_test(umount_owes_what_fsync_owes),
		cmocka_unit_test(a_sync_that_fails_owes_nothing),
		cmocka_unit_test(a_store_may_come_late_and_a_second_sync_too_soon),
		cmocka_unit_test(what_is_about_to_go_is_not_owed),
		cmocka_unit_test(a_pwrite_into_a_hole_leaves_the_entry_that_is_dirty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
