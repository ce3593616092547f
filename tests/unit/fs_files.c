/* SPDX-License-Identifier: MIT */
/* Files and their blocks: who owns a block, when it is given back, and who waits for whom. */
#include "scene.h"

#include <errno.h>

#include <mmref/linux/dax.h>
#include <mmref/linux/atomic.h>
#include "ops/ops.h"

#define PAGES 3

static struct super_block *sb_of(const struct scene *s)
{
	return s->device->pmem.sb;
}

/* The inode that owns block @i, 0 where nobody does. */
static int owner(const struct scene *s, unsigned int i)
{
	uint64_t files = sb_of(s)->block_files[i];

	return files ? __builtin_ctzll(files) : 0;
}

static unsigned int blocks_in_use(const struct scene *s)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < sb_of(s)->nr_blocks; i++)
		used += owner(s, i) != 0;
	return used;
}

static void assert_idle(const struct scene *s, const struct mmref_rules *rules, unsigned int i)
{
	struct mmref_page page = page_of(s->sim, i);

	assert_int_equal(page.refcount, rules == &mmref_v6_1);
	assert_int_equal(page.mapcount, 0);
	assert_int_equal(page.mapped, 0);
	assert_int_equal(page.mapping, 0);
}

/* A second file, which has no blocks; the first has all of them again. */
static struct mmref_file *file_without_blocks(const struct scene *s, unsigned int pages)
{
	struct mmref_file *other;

	mmref_truncate(s->file, 0);
	other = mmref_create(s->device, 1, 0);
	assert_non_null(other);
	mmref_truncate(other, 0);
	mmref_truncate(other, pages);
	for (unsigned int i = 0; i < sb_of(s)->nr_blocks; i++)
		assert_int_equal(mmref_pwrite(s->file, i, FILL), 0);
	return other;
}

/* --- size and blocks ------------------------------------------------------ */

static void truncate_gives_back_what_lies_beyond(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		for (unsigned int i = 0; i < PAGES; i++)
			mmref_write(s.map, i, 1);
		assert_int_equal(mmref_truncate(s.file, 1), 0);
		assert_int_equal(owner(&s, 0), s.file->inode->i_ino);
		for (unsigned int i = 1; i < PAGES; i++) {
			assert_int_equal(owner(&s, i), 0);
			assert_idle(&s, rules, i);
		}
		assert_int_equal(mmref_pread(s.file, 0), 1);
		assert_int_equal(mmref_pread(s.file, 1), 0);
		assert_int_equal(mmref_truncate(s.file, 0), 0);
		assert_int_equal(blocks_in_use(&s), 0);
		assert_idle(&s, rules, 0);
		mmref_sim_free(s.sim);
	}
}

static void what_a_truncate_grows_is_a_hole(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_truncate(s.file, 1);
		assert_int_equal(mmref_truncate(s.file, PAGES), 0);
		assert_int_equal(blocks_in_use(&s), 1);
		assert_int_equal(mmref_pread(s.file, 0), FILL);
		assert_int_equal(mmref_pread(s.file, 2), 0);
		assert_int_equal(mmref_read(s.map, 2), 0);
		assert_int_equal(blocks_in_use(&s), 1);
		mmref_sim_free(s.sim);
	}
}

static void punch_makes_a_hole_and_keeps_the_size(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 0x10);
		mmref_write(s.map, 1, 0x11);
		assert_int_equal(mmref_punch(s.file, 1, 1), 0);
		assert_int_equal(owner(&s, 1), 0);
		assert_int_equal(blocks_in_use(&s), PAGES - 1);
		assert_int_equal(mmref_pread(s.file, 0), 0x10);
		assert_int_equal(mmref_pread(s.file, 1), 0);
		assert_int_equal(mmref_read(s.map, 1), 0);
		assert_int_equal(mmref_read(s.map, 2), FILL);
		mmref_sim_free(s.sim);
	}
}

/* The extent is marked unwritten: it reads as a hole, and is nobody else's. */
static void zero_range_keeps_the_blocks(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 1, 0x11);
		assert_int_equal(mmref_zero_range(s.file, 0, 2), 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_pread(s.file, 0), 0);
		assert_int_equal(mmref_read(s.map, 1), 0);
		assert_int_equal(mmref_pread(s.file, 2), FILL);
		assert_int_equal(mmref_write(s.map, 1, 0x12), 0);
		assert_int_equal(mmref_pread(s.file, 1), 0x12);
		assert_int_equal(owner(&s, 1), s.file->inode->i_ino);
		mmref_sim_free(s.sim);
	}
}

/* Unwritten ones: what is mapped of them is the page of zeros, until they are written to. */
static void blocks_that_were_allocated_are_mapped_as_a_hole_is(void **state)
{
	static int (*const takes[])(struct mmref_file *file, unsigned int page,
				    unsigned int pages) = { mmref_allocate, mmref_zero_range };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, PAGES);
			const struct inode *inode = s.file->inode;

			mmref_punch(s.file, 1, 1);
			assert_int_equal(takes[i](s.file, 1, 1), 0);
			assert_int_equal(blocks_in_use(&s), PAGES);
			assert_int_equal(inode->block[1], 1 | BLOCK_UNWRITTEN);
			assert_int_equal(mmref_read(s.map, 1), 0);
			assert_true(dax_is_zero_entry(xa_peek(&inode->i_mapping.i_pages, 1)));
			assert_int_equal(mmref_write(s.map, 1, 0x13), 0);
			assert_false(dax_is_zero_entry(xa_peek(&inode->i_mapping.i_pages, 1)));
			mmref_sim_free(s.sim);
		}
	}
}

/* ext4_setattr() truncates where the file does not grow, be it to the size that it has. */
static void blocks_past_the_end_stay_where_a_file_grows(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_truncate(s.file, 0);
		assert_int_equal(mmref_allocate(s.file, 0, PAGES), 0);
		assert_int_equal(mmref_truncate(s.file, 1), 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_truncate(s.file, 1), 0);
		assert_int_equal(blocks_in_use(&s), 1);
		mmref_sim_free(s.sim);
	}
}

/* ext4_punch_hole() goes as far as the file does; 6.1 has not even unmapped it by then. */
static void a_punch_past_the_end_frees_nothing(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_truncate(s.file, 1);
		assert_int_equal(mmref_allocate(s.file, 0, PAGES), 0);
		mmref_write(s.map, 0, 0x14);
		assert_int_equal(mmref_punch(s.file, 1, PAGES - 1), 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(s.file->inode->i_mapping.nrpages, rules == &mmref_v6_1);
		assert_int_equal(mmref_punch(s.file, 0, PAGES), 0);
		assert_int_equal(blocks_in_use(&s), PAGES - 1);
		mmref_sim_free(s.sim);
	}
}

static void allocate_fills_holes_with_zeros_and_leaves_data(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_punch(s.file, 1, 1);
		assert_int_equal(mmref_allocate(s.file, 0, PAGES), 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_pread(s.file, 0), FILL);
		assert_int_equal(mmref_pread(s.file, 1), 0);
		mmref_sim_free(s.sim);
	}
}

/* --- pread and pwrite ----------------------------------------------------- */

static void pwrite_and_maps_see_the_same_bytes(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_read(s.map, 0);
		assert_int_equal(mmref_pwrite(s.file, 0, 0x21), 0);
		assert_int_equal(mmref_read(s.map, 0), 0x21);
		mmref_write(s.map, 0, 0x22);
		assert_int_equal(mmref_pread(s.file, 0), 0x22);
		mmref_sim_free(s.sim);
	}
}

/* The map has the zero page; a write that makes the block new has to take it away. */
static void pwrite_into_a_hole_that_is_mapped_is_seen_through_the_map(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_punch(s.file, 1, 1);
		assert_int_equal(mmref_read(s.map, 1), 0);
		assert_int_equal(mmref_pwrite(s.file, 1, 0x31), 0);
		assert_int_equal(mmref_read(s.map, 1), 0x31);
		mmref_sim_free(s.sim);
	}
}

static void pwrite_beyond_the_end_grows_the_file(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_truncate(s.file, 0);
		assert_int_equal(mmref_read(s.map, 1), -EIO);
		assert_int_equal(mmref_pwrite(s.file, 1, 0x41), 0);
		assert_int_equal(mmref_pread(s.file, 0), 0);
		assert_int_equal(mmref_pread(s.file, 1), 0x41);
		assert_int_equal(mmref_read(s.map, 1), 0x41);
		assert_int_equal(mmref_read(s.map, 2), -EIO);
		assert_int_equal(mmref_pwrite(s.file, PAGES, 1), -EFBIG);
		assert_int_equal(mmref_truncate(s.file, PAGES + 1), -EFBIG);
		mmref_sim_free(s.sim);
	}
}

/* --- space ---------------------------------------------------------------- */

static void a_full_file_system_has_no_block_to_give(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_file *other;
		struct mmref_map *map;

		mmref_truncate(s.file, PAGES - 1);
		other = mmref_create(s.device, 1, 0x51);
		map = mmref_mmap(s.process, s.file, 0, PAGES);
		mmref_truncate(s.file, PAGES);
		assert_int_equal(mmref_pwrite(s.file, PAGES - 1, 1), -ENOSPC);
		assert_int_equal(mmref_allocate(s.file, 0, PAGES), -ENOSPC);
		assert_int_equal(mmref_write(map, PAGES - 1, 1), -EIO);
		assert_int_equal(mmref_read(map, PAGES - 1), 0);
		assert_null(mmref_create(s.device, 1, 0));
		assert_int_equal(mmref_pread(other, 0), 0x51);

		mmref_truncate(other, 0);
		assert_int_equal(mmref_write(map, PAGES - 1, 0x52), 0);
		assert_int_equal(mmref_pread(s.file, PAGES - 1), 0x52);
		mmref_sim_free(s.sim);
	}
}

static void freed_blocks_are_given_to_another_file_and_read_as_zero(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_file *other = file_without_blocks(&s, PAGES);
		struct mmref_map *map = mmref_mmap(s.process, other, 0, PAGES);

		mmref_write(s.map, 0, 0x61);
		mmref_truncate(s.file, 0);
		assert_int_equal(mmref_allocate(other, 0, PAGES), 0);
		for (unsigned int i = 0; i < PAGES; i++) {
			assert_int_equal(owner(&s, i), other->inode->i_ino);
			assert_int_equal(mmref_read(map, i), 0);
		}
		assert_int_equal(mmref_read(s.map, 0), -EIO);
		assert_int_equal(mmref_pread(s.file, 0), 0);
		mmref_sim_free(s.sim);
	}
}

static void an_empty_file_can_be_created(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_file *empty = mmref_create(s.device, 0, 0);

		assert_non_null(empty);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_pread(empty, 0), 0);
		assert_int_equal(mmref_pwrite(empty, 0, 1), -ENOSPC);
		mmref_sim_free(s.sim);
	}
}

/* fallocate() of no length is -EINVAL, fs/open.c, and touches nothing. */
static void a_range_of_no_pages_is_refused(void **state)
{
	static int (*const calls[])(struct mmref_file * file, unsigned int page,
				    unsigned int pages) = {
		mmref_punch,
		mmref_zero_range,
		mmref_allocate,
	};

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 3; i++) {
			struct scene s = scene_new(rules, PAGES);

			mmref_write(s.map, 0, 0x5f);
			assert_int_equal(calls[i](s.file, 0, 0), -EINVAL);
			assert_int_equal(mmref_pread(s.file, 0), 0x5f);
			assert_int_equal(mmref_pread(s.file, PAGES - 1), FILL);
			mmref_sim_free(s.sim);
		}
	}
}

/* --- names, opens, and eviction ------------------------------------------- */

static void an_unlinked_file_lives_until_its_last_user_goes(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 0x71);
		assert_int_equal(mmref_unlink(s.file), 0);
		assert_int_equal(mmref_unlink(s.file), -ENOENT);
		assert_int_equal(mmref_pread(s.file, 0), 0x71);
		assert_int_equal(mmref_close(s.file), 0);
		assert_int_equal(mmref_close(s.file), -EBADF);
		assert_int_equal(mmref_open(s.file), -ENOENT);
		assert_int_equal(mmref_read(s.map, 0), 0x71);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_false(s.file->inode->evicted);

		mmref_munmap(s.map);
		assert_true(s.file->inode->evicted);
		assert_int_equal(blocks_in_use(&s), 0);
		for (unsigned int i = 0; i < PAGES; i++)
			assert_idle(&s, rules, i);
		mmref_sim_free(s.sim);
	}
}

static void exit_lets_go_of_the_files_it_had_mapped(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_read(s.map, 0);
		mmref_unlink(s.file);
		mmref_close(s.file);
		assert_false(s.file->inode->evicted);
		mmref_exit(s.process);
		assert_true(s.file->inode->evicted);
		assert_int_equal(blocks_in_use(&s), 0);
		mmref_sim_free(s.sim);
	}
}

static void a_closed_file_keeps_its_blocks_and_entries(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 0x72);
		mmref_munmap(s.map);
		mmref_close(s.file);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(page_of(s.sim, 0).mapping, s.file->inode->i_ino);
		assert_int_equal(mmref_open(s.file), 0);
		assert_int_equal(mmref_pread(s.file, 0), 0x72);
		mmref_sim_free(s.sim);
	}
}

/* Once mounted again the file is known by its name alone, and unlinked gives up what it has. */
static void a_name_that_is_mounted_anew_can_be_unlinked(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_munmap(s.map);
		mmref_close(s.file);
		assert_int_equal(mmref_umount(s.device), 0);
		assert_int_equal(mmref_unlink(s.file), -ENOENT);
		assert_int_equal(mmref_mount(s.device), 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_unlink(s.file), 0);
		assert_int_equal(blocks_in_use(&s), 0);
		assert_int_equal(mmref_unlink(s.file), -ENOENT);
		assert_int_equal(mmref_open(s.file), -ENOENT);
		mmref_sim_free(s.sim);
	}
}

static void umount_is_refused_while_a_file_is_in_use(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 1);
		assert_int_equal(mmref_umount(s.device), -EBUSY);
		mmref_close(s.file);
		assert_int_equal(mmref_umount(s.device), -EBUSY);
		mmref_munmap(s.map);
		assert_int_equal(page_of(s.sim, 0).mapping, s.file->inode->i_ino);
		assert_int_equal(mmref_umount(s.device), 0);
		assert_idle(&s, rules, 0);
		assert_int_equal(blocks_in_use(&s), PAGES);
		assert_int_equal(mmref_umount(s.device), -EINVAL);
		mmref_sim_free(s.sim);
	}
}

/* --- races ---------------------------------------------------------------- */

struct race {
	struct mmref_device *device;
	struct mmref_file *file, *other;
	struct mmref_map *map, *others_map;
	struct mmref_hold *hold, *second;
	struct mmref_process *process;
	unsigned int flags;
};

static struct race *race_new(const struct scene *s)
{
	struct race *race = mmref_alloc(s->sim, sizeof(*race));

	assert_non_null(race);
	race->device = s->device;
	race->file = s->file;
	race->map = s->map;
	return race;
}

static void cut_off(void *arg)
{
	mmref_assert(mmref_truncate(((struct race *)arg)->file, 0) == 0);
}

static void pin_and_write(void *arg)
{
	struct race *race = arg;
	struct mmref_hold *hold = mmref_pin(race->map, 0, 1, race->flags, NULL);

	if (hold)
		mmref_dma_write(hold, 0, 0x81);
	mmref_release(hold);
}

static struct scene pinners_against_truncate(const struct mmref_rules *rules, int pinners,
					     unsigned int flags)
{
	struct scene s = scene_new(rules, 1);
	struct race *race = race_new(&s);

	mmref_write(s.map, 0, 1);
	race->flags = flags;
	for (int i = 0; i < pinners; i++)
		mmref_thread(s.sim, "pinner", pin_and_write, race);
	mmref_thread(s.sim, "truncate", cut_off, race);
	return s;
}

/*
 * GUP-fast against truncate: the order that keeps DAX honest.
 *
 *	pinner						truncate
 *	1. reads the entry				a. clears the entry, flushes
 *	2. takes the page				b. reads the count
 *	3. reads the entry again			c. idle: frees; busy: sleeps
 *
 * 2 before b: truncate sees the pin and waits. b before 2: the entry was gone at
 * 3, and the pinner lets go. When either order is turned round, or the put does
 * not wake: use-after-truncate, lost-wakeup.
 */
static void gup_fast_against_truncate_holds(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = pinners_against_truncate(rules, 2, MMREF_GUP_FAST_ONLY);

		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void slow_gup_against_truncate_holds(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = pinners_against_truncate(rules, 1, MMREF_GUP_WRITE);

		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void release_second(void *arg)
{
	mmref_release(((struct race *)arg)->second);
}

static void release_first(void *arg)
{
	mmref_release(((struct race *)arg)->hold);
}

/*
 * Two pages held, and one wait.
 *
 *	1. truncate finds page 0 busy and sleeps
 *	2. page 0 is put, truncate wakes
 *	3. page 1 is held still
 *
 * When the scan is not begun again after the wait: use-after-truncate.
 */
static void truncate_waits_for_every_page_that_is_held(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 2);
		struct race *race = race_new(&s);

		race->hold = mmref_get(s.map, 0, 1, 0, NULL);
		race->second = mmref_get(s.map, 1, 1, 0, NULL);
		mmref_thread(s.sim, "first", release_first, race);
		mmref_thread(s.sim, "second", release_second, race);
		mmref_thread(s.sim, "truncate", cut_off, race);
		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static struct page *never_busy(void *entry)
{
	(void)entry;
	return NULL;
}

/* The same when nobody looks at the count: what the two above are held against. */
static void a_truncate_that_does_not_look_frees_under_a_pin(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules careless = *rules;
		struct scene s;

		careless.dax_busy_page = never_busy;
		s = pinners_against_truncate(&careless, 1, MMREF_GUP_FAST_ONLY);
		assert_mmref_violates(s.sim, MMREF_USE_AFTER_TRUNCATE);
		mmref_sim_free(s.sim);
	}
}

static void read_own_or_nothing(void *arg)
{
	int byte = mmref_read(((struct race *)arg)->map, 0);

	mmref_assert(byte == FILL || byte == -EIO);
}

static void pread_own_or_nothing(void *arg)
{
	int byte = mmref_pread(((struct race *)arg)->file, 0);

	mmref_assert(byte == FILL || byte == 0);
}

static void give_block_to_other(void *arg)
{
	struct race *race = arg;

	mmref_truncate(race->file, 0);
	mmref_assert(mmref_pwrite(race->other, 0, 0xbb) == 0);
}

/*
 * A block changes its file under a reader of the old one.
 *
 *	1. the reader faults, or copies
 *	2. the file is truncated, and its block becomes another file's
 *	3. the other file writes to it
 *
 * When the fault or the copy is not kept apart from the truncate: it reads 0xbb.
 */
static void a_reader_never_sees_the_data_of_another_file(void **state)
{
	static void (*const readers[])(void *arg) = { read_own_or_nothing, pread_own_or_nothing };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, 1);
			struct race *race = race_new(&s);

			race->other = file_without_blocks(&s, 0);
			mmref_thread(s.sim, "reader", readers[i], race);
			mmref_thread(s.sim, "writer", give_block_to_other, race);
			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

static void take_block_and_read_zero(void *arg)
{
	struct race *race = arg;

	if (mmref_pwrite(race->other, 0, 0) == 0)
		mmref_assert(mmref_read(race->others_map, 0) == 0);
}

static void store(void *arg)
{
	mmref_write(((struct race *)arg)->map, 0, 0x91);
}

/*
 * A store of the file's last user against the next owner of the block.
 *
 *	1. app has the entry in its TLB and stores
 *	2. truncate clears the entry, waits for the shootdown, frees the block
 *	3. another file takes the block, zeroes it, and reads
 *
 * When the shootdown does not wait: the store lands in the other file.
 */
static void a_new_owner_of_a_block_reads_zero(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);
		struct race *race = race_new(&s);

		race->other = file_without_blocks(&s, 1);
		mmref_write(s.map, 0, 1);
		race->others_map = mmref_mmap(s.process, race->other, 0, 1);
		mmref_thread(s.sim, "app", store, race);
		mmref_thread(s.sim, "truncate", cut_off, race);
		mmref_thread(s.sim, "owner", take_block_and_read_zero, race);
		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void write_to_other(void *arg)
{
	mmref_assert(mmref_write(((struct race *)arg)->others_map, 0, 0x11) == 0);
}

static void read_other(void *arg)
{
	int byte = mmref_read(((struct race *)arg)->others_map, 0);

	mmref_assert(byte == 0 || byte == 0x11);
}

/*
 * A block that had another owner, between its allocation and the first store.
 *
 *	1. a write fault gives a hole a block, and maps it
 *	2. someone else reads it through the map
 *	3. the store is made
 *
 * When new blocks are not zeroed: step 2 reads what the last owner left.
 */
static void a_block_just_allocated_reads_as_zero_until_it_is_written(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);
		struct race *race = race_new(&s);

		race->other = file_without_blocks(&s, 1);
		race->others_map = mmref_mmap(s.process, race->other, 0, 1);
		mmref_truncate(s.file, 0);
		mmref_thread(s.sim, "writer", write_to_other, race);
		mmref_thread(s.sim, "reader", read_other, race);
		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void unpin(void *arg)
{
	struct race *race = arg;

	mmref_dma_read(race->hold, 0);
	mmref_release(race->hold);
}

static void let_go_of_the_file(void *arg)
{
	struct race *race = arg;

	mmref_munmap(race->map);
	mmref_unlink(race->file);
	mmref_close(race->file);
}

static struct scene eviction_against_pin(const struct mmref_rules *rules, bool released)
{
	struct scene s = scene_new(rules, 1);
	struct race *race = race_new(&s);

	race->hold = mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE, NULL);
	if (released)
		mmref_release(race->hold);
	else
		mmref_thread(s.sim, "dma", unpin, race);
	mmref_thread(s.sim, "app", let_go_of_the_file, race);
	return s;
}

/*
 * The last user of a file goes while a page of it is pinned. Dave Chinner, nvdimm, Sep 2022.
 *
 *	1. DMA runs into a pinned page
 *	2. app unmaps, unlinks, closes: the inode is evicted
 *	3. old: its blocks are free, with DMA running; new: eviction waits
 *
 * Fixed by 0e2f80afcfa6. When the bug is back: use-after-truncate under the new rules.
 */
static void eviction_waits_for_a_pin_under_the_new_rules_alone(void **state)
{
	struct scene s = eviction_against_pin(&mmref_v6_1, false);

	(void)state;
	assert_mmref_violates(s.sim, MMREF_USE_AFTER_TRUNCATE);
	mmref_sim_free(s.sim);

	s = eviction_against_pin(&mmref_v7_2, false);
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static void open_and_read(void *arg)
{
	struct race *race = arg;
	struct mmref_map *map = NULL;

	if (mmref_open(race->file) == 0)
		map = mmref_mmap(race->process, race->file, 0, 2);
	if (map)
		mmref_read(map, 0);
}

static void unmount(void *arg)
{
	mmref_umount(((struct race *)arg)->device);
}

static void remove_device(void *arg)
{
	mmref_unbind(((struct race *)arg)->device);
}

/* A file that nobody uses: its inode is cached, with an entry of its second page. */
static struct scene open_against(const struct mmref_rules *rules, void (*evicts)(void *arg),
				 bool pinned)
{
	struct scene s = scene_new(rules, 2);
	struct race *race = race_new(&s);

	race->process = s.process;
	mmref_punch(s.file, 0, 1);
	if (pinned)
		mmref_pin(s.map, 1, 1, MMREF_GUP_WRITE, NULL);
	else
		mmref_write(s.map, 1, 1);
	mmref_munmap(s.map);
	mmref_close(s.file);
	mmref_thread(s.sim, "evict", evicts, race);
	mmref_thread(s.sim, "open", open_and_read, race);
	return s;
}

/*
 * A name is looked up while its inode is being evicted.
 *
 *	1. the inode is claimed, by an umount or by the death of its disk
 *	2. the file is opened, and mapped, and its first page faulted in
 *	3. the eviction deletes the entry of the second page, and is done
 *
 * find_inode() sleeps in __wait_on_freeing_inode() until step 3 is over, and of what is
 * unmounted there is no name. Were it not so: clear_inode() finds an entry, kernel-warning.
 */
static void a_name_is_looked_up_before_or_after_an_eviction(void **state)
{
	static void (*const evictions[])(void *arg) = { unmount, remove_device };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = open_against(rules, evictions[i], false);

			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

/* 7.2 has an eviction wait for a pin, and who opens the file waits for the eviction. */
static void an_open_sleeps_as_long_as_an_eviction_does(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = open_against(rules, remove_device, true);
		struct watch watch;

		run_in_order(s.sim, &watch);
		assert_int_equal(watch.sleepers, rules == &mmref_v7_2 ? 2 : 0);
		mmref_sim_free(s.sim);
	}
}

static void eviction_of_what_nobody_holds_is_no_matter(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = eviction_against_pin(rules, true);

		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void close_it(void *arg)
{
	mmref_close(((struct race *)arg)->file);
}

static void unlink_it(void *arg)
{
	mmref_unlink(((struct race *)arg)->file);
}

static void unmap_it(void *arg)
{
	mmref_munmap(((struct race *)arg)->map);
}

/* Whoever of them is last evicts; whoever evicts is the only one. */
static void an_inode_that_three_let_go_of_is_evicted_once(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);
		struct race *race = race_new(&s);

		mmref_read(s.map, 0);
		mmref_thread(s.sim, "close", close_it, race);
		mmref_thread(s.sim, "unlink", unlink_it, race);
		mmref_thread(s.sim, "munmap", unmap_it, race);
		assert_mmref_holds(s.sim);

		assert_runs_in_order(s.sim);
		assert_true(s.file->inode->evicted);
		assert_int_equal(blocks_in_use(&s), 0);
		mmref_sim_free(s.sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncate_gives_back_what_lies_beyond),
		cmocka_unit_test(what_a_truncate_grows_is_a_hole),
		cmocka_unit_test(punch_makes_a_hole_and_keeps_the_size),
		cmocka_unit_test(zero_range_keeps_the_blocks),
		cmocka_unit_test(blocks_that_were_allocated_are_mapped_as_a_hole_is),
		cmocka_unit_test(blocks_past_the_end_stay_where_a_file_grows),
		cmocka_unit_test(a_punch_past_the_end_frees_nothing),
		cmocka_unit_test(allocate_fills_holes_with_zeros_and_leaves_data),
		cmocka_unit_test(pwrite_and_maps_see_the_same_bytes),
		cmocka_unit_test(pwrite_into_a_hole_that_is_mapped_is_seen_through_the_map),
		cmocka_unit_test(pwrite_beyond_the_end_grows_the_file),
		cmocka_unit_test(a_full_file_system_has_no_block_to_give),
		cmocka_unit_test(freed_blocks_are_given_to_another_file_and_read_as_zero),
		cmocka_unit_test(an_empty_file_can_be_created),
		cmocka_unit_test(a_range_of_no_pages_is_refused),
		cmocka_unit_test(an_unlinked_file_lives_until_its_last_user_goes),
		cmocka_unit_test(exit_lets_go_of_the_files_it_had_mapped),
		cmocka_unit_test(a_closed_file_keeps_its_blocks_and_entries),
		cmocka_unit_test(a_name_that_is_mounted_anew_can_be_unlinked),
		cmocka_unit_test(umount_is_refused_while_a_file_is_in_use),
		cmocka_unit_test(gup_fast_against_truncate_holds),
		cmocka_unit_test(slow_gup_against_truncate_holds),
		cmocka_unit_test(truncate_waits_for_every_page_that_is_held),
		cmocka_unit_test(a_truncate_that_does_not_look_frees_under_a_pin),
		cmocka_unit_test(a_reader_never_sees_the_data_of_another_file),
		cmocka_unit_test(a_new_owner_of_a_block_reads_zero),
		cmocka_unit_test(a_block_just_allocated_reads_as_zero_until_it_is_written),
		cmocka_unit_test(eviction_waits_for_a_pin_under_the_new_rules_alone),
		cmocka_unit_test(a_name_is_looked_up_before_or_after_an_eviction),
		cmocka_unit_test(an_open_sleeps_as_long_as_an_eviction_does),
		cmocka_unit_test(eviction_of_what_nobody_holds_is_no_matter),
		cmocka_unit_test(an_inode_that_three_let_go_of_is_evicted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
