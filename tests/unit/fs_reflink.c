/* SPDX-License-Identifier: MIT */
/*
 * Blocks that several files share: whose they are, what their pages say of it under each
 * kernel, and what is told where that is wrong.
 */
#include "scene.h"

#include <errno.h>

#include <mmref/linux/dax.h>
#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

/* Two files of an xfs, the second to be a clone of the first, and a map of each. */
struct pair {
	struct mmref_sim *sim;
	struct mmref_device *device;
	struct mmref_file *file[2];
	struct mmref_map *map[2];
	struct mmref_hold *hold;
};

static struct pair pair_new(const struct mmref_rules *rules, unsigned int pages, unsigned int order)
{
	struct pair p = { .sim = mmref_sim_new(rules) };

	assert_non_null(p.sim);
	p.sim->world->pmd_order = order;
	p.device = mmref_fsdax_with(p.sim, 3 * pages, MMREF_XFS);
	for (int i = 0; i < 2; i++) {
		p.file[i] = mmref_create(p.device, pages, FILL + i);
		p.map[i] = mmref_mmap(mmref_process(p.sim), p.file[i], 0, pages);
		assert_non_null(p.map[i]);
	}
	return p;
}

static struct pair clones(const struct mmref_rules *rules, unsigned int pages, unsigned int order)
{
	struct pair p = pair_new(rules, pages, order);

	assert_int_equal(mmref_clone(p.file[1], p.file[0]), 0);
	return p;
}

/* What a thread needs of them. */
static struct pair *kept(const struct pair *p)
{
	struct pair *kept = mmref_alloc(p->sim, sizeof(*kept));

	assert_non_null(kept);
	*kept = *p;
	return kept;
}

static block_t block_of(const struct pair *p, int file, unsigned int page)
{
	return p->file[file]->inode->block[page];
}

static struct mmref_sim *one_thread(const struct pair *p, void (*body)(void *arg))
{
	mmref_thread(p->sim, "app", body, kept(p));
	return p->sim;
}

/* A bit an inode: the first file is number 1. */
static uint64_t files_of(const struct pair *p, block_t block)
{
	return p->device->pmem.sb->block_files[block];
}

static void assert_words(const struct pair *p, unsigned int page, int mapping, unsigned long index)
{
	assert_int_equal(page_of(p->sim, page).mapping, mapping);
	assert_int_equal(page_of(p->sim, page).index, index);
}

static const struct mmref_rules *const kernels[] = { &mmref_v6_1, &mmref_v6_12, &mmref_v6_15,
						     &mmref_v7_2 };

#define for_all_kernels(rules)                                                                     \
	for (size_t rules##_ = 0; rules##_ < 4; rules##_++)                                        \
		for (const struct mmref_rules *rules = kernels[rules##_]; rules; rules = NULL)

/* --- blocks ----------------------------------------------------------------- */

static void a_clone_has_the_blocks_of_another_and_gives_up_its_own(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		struct pair p = pair_new(rules, 2, 3);
		block_t own = block_of(&p, 1, 0);

		assert_int_equal(mmref_clone(p.file[1], p.file[0]), 0);
		for (unsigned int i = 0; i < 2; i++) {
			assert_int_equal(block_of(&p, 1, i), block_of(&p, 0, i));
			assert_int_equal(files_of(&p, block_of(&p, 0, i)), 1 << 1 | 1 << 2);
			assert_int_equal(mmref_pread(p.file[1], i), FILL);
			assert_int_equal(mmref_read(p.map[1], i), FILL);
		}
		assert_int_equal(files_of(&p, own), 0);
		assert_int_equal(p.sim->fatal.kind, MMREF_NONE);
		mmref_sim_free(p.sim);
	}
}

static void who_cannot_share_says_so(void **state)
{
	struct pair p = pair_new(&mmref_v7_2, 1, 3);
	struct mmref_device *far = mmref_fsdax_with(p.sim, 1, MMREF_XFS);
	struct mmref_device *ext4 = mmref_fsdax(p.sim, 2);
	struct mmref_file *a = mmref_create(ext4, 1, 0), *b = mmref_create(ext4, 1, 0);

	(void)state;
	assert_int_equal(mmref_clone(b, a), -EOPNOTSUPP);
	assert_int_equal(mmref_clone(p.file[0], p.file[0]), -EINVAL);
	assert_int_equal(mmref_clone(p.file[0], mmref_create(far, 1, 0)), -EXDEV);
	assert_int_equal(block_of(&p, 0, 0), 0);
	mmref_truncate(p.file[0], 0);
	assert_int_equal(mmref_clone(p.file[1], p.file[0]), 0);
	assert_int_equal(block_of(&p, 1, 0), 1); /* of nothing nothing is shared */
	mmref_sim_free(p.sim);
}

static void clone_and_be_interrupted(void *arg)
{
	struct pair *p = arg;

	mmref_assert(mmref_clone(p->file[1], p->file[0]) == -EINTR);
	mmref_assert(block_of(p, 1, 0) == 1);
}

static void signal_cloner(void *arg)
{
	(void)arg;
	mmref_signal("cloner");
}

/* xfs_break_dax_layouts() of the file that is locked first: its page is held for ever. */
static void a_signal_ends_a_clone_that_waits(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		struct pair p = pair_new(rules, 1, 3);

		mmref_pin(p.map[0], 0, 1, MMREF_GUP_WRITE, NULL);
		mmref_thread(p.sim, "cloner", clone_and_be_interrupted, kept(&p));
		mmref_thread(p.sim, "user", signal_cloner, NULL);
		assert_mmref_holds(p.sim);
		mmref_sim_free(p.sim);
	}
}

static void clone_and_be_refused(void *arg)
{
	struct pair *p = arg;

	mmref_assert(mmref_clone(p->file[1], p->file[0]) == -EIO);
	mmref_assert(block_of(p, 1, 0) == 1);
	mmref_assert(mmref_truncate(p->file[0], 0) == -EIO);
}

static void shut_down_and_let_go(void *arg)
{
	struct pair *p = arg;

	WRITE_ONCE(p->device->pmem.sb->shutdown, true);
	mmref_release(p->hold);
}

/* A shutdown while it waits, which no freeze holds up in 6.1; all that it has locked it unlocks. */
static void a_shutdown_ends_a_clone_that_waits(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		struct pair p = pair_new(rules, 1, 3);

		p.hold = mmref_pin(p.map[0], 0, 1, MMREF_GUP_WRITE, NULL);
		mmref_thread(p.sim, "cloner", clone_and_be_refused, kept(&p));
		mmref_thread(p.sim, "disk", shut_down_and_let_go, kept(&p));
		assert_runs_in_order(p.sim);
		mmref_sim_free(p.sim);
	}
}

/* The block stays with the other, which may have it mapped and held. */
static void what_one_sharer_gives_up_the_other_keeps(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		struct pair p = clones(rules, 1, 3);
		struct mmref_hold *hold = mmref_get(p.map[1], 0, 1, 0, NULL);

		assert_int_equal(mmref_truncate(p.file[0], 0), 0);
		assert_int_equal(files_of(&p, 0), 1 << 2);
		assert_int_equal(mmref_dma_read(hold, 0), FILL);
		assert_int_equal(mmref_read(p.map[1], 0), FILL);
		mmref_release(hold);
		assert_int_equal(p.sim->fatal.kind, MMREF_NONE);
		assert_int_equal(mmref_truncate(p.file[1], 0), 0);
		assert_int_equal(files_of(&p, 0), 0);
		mmref_sim_free(p.sim);
	}
}

static void write_through_map(struct pair *p)
{
	assert_int_equal(mmref_write(p->map[0], 0, 7), 0);
}

static void write_by_call(struct pair *p)
{
	assert_int_equal(mmref_pwrite(p->file[0], 0, 7), 0);
}

/* The copy is the writer's alone, and the next write goes where the first went. */
static void a_write_makes_a_copy_that_is_the_writers_alone(void **state)
{
	void (*const ways[])(struct pair * p) = { write_through_map, write_by_call };

	(void)state;
	for_all_kernels (rules) {
		for (int way = 0; way < 2; way++) {
			struct pair p = clones(rules, 2, 3);
			block_t shared = block_of(&p, 0, 0), copy;

			ways[way](&p);
			copy = block_of(&p, 0, 0);
			assert_int_not_equal(copy, shared);
			assert_int_equal(files_of(&p, shared), 1 << 2);
			assert_int_equal(files_of(&p, copy), 1 << 1);
			assert_int_equal(p.file[0]->inode->cow[0], HOLE);
			assert_int_equal(mmref_pread(p.file[0], 0), 7);
			assert_int_equal(mmref_pread(p.file[1], 0), FILL);
			assert_int_equal(mmref_read(p.map[1], 0), FILL);
			assert_int_equal(block_of(&p, 0, 1), block_of(&p, 1, 1));

			ways[way](&p);
			assert_int_equal(block_of(&p, 0, 0), copy);
			assert_int_equal(mmref_pwrite(p.file[1], 0, 8), 0);
			assert_int_equal(block_of(&p, 1, 0), shared);
			mmref_sim_free(p.sim);
		}
	}
}

/* A part of a PMD that is shared will not do for one. */
static void a_pmd_is_copied_as_a_whole_or_page_by_page(void **state)
{
	(void)state;
	for (int whole = 0; whole < 2; whole++) {
		struct pair p = clones(&mmref_v7_2, 2, 1);

		if (!whole)
			mmref_pwrite(p.file[1], 1, 8);
		assert_int_equal(mmref_write(p.map[0], 0, 7), 0);
		assert_int_equal(page_of(p.sim, block_of(&p, 0, 0)).kind, whole ? 'H' : '0');
		assert_int_equal(block_of(&p, 0, 1) == block_of(&p, 0, 0) + 1, whole);
		assert_int_equal(mmref_read(p.map[0], 1), FILL);
		assert_int_equal(p.sim->fatal.kind, MMREF_NONE);
		mmref_sim_free(p.sim);
	}
}

/* --- what a page says of it ------------------------------------------------- */

/* A read is not told: each file in its turn takes the page to be its own. A copy is shared by one.
 */
static void v6_1_marks_the_copy_alone(void **state)
{
	struct pair p = clones(&mmref_v6_1, 1, 3);

	(void)state;
	mmref_read(p.map[0], 0);
	assert_words(&p, 0, 1, 0);
	mmref_write(p.map[0], 0, 7);
	assert_words(&p, 0, 0, 0);
	assert_words(&p, block_of(&p, 0, 0), -1, 1);
	mmref_read(p.map[1], 0);
	assert_words(&p, 0, 2, 0);
	mmref_sim_free(p.sim);
}

static void v6_12_counts_from_the_first_fault_on(void **state)
{
	struct pair p = clones(&mmref_v6_12, 1, 3);

	(void)state;
	mmref_read(p.map[0], 0);
	assert_words(&p, 0, -1, 1);
	mmref_read(p.map[1], 0);
	assert_words(&p, 0, -1, 2);
	mmref_truncate(p.file[0], 0);
	assert_words(&p, 0, -1, 1);
	mmref_truncate(p.file[1], 0);
	assert_words(&p, 0, 0, 0);
	mmref_sim_free(p.sim);
}

static void v7_2_counts_from_the_second_sharer_on(void **state)
{
	(void)state;
	for (unsigned int order = 1; order < 4; order += 2) {
		struct pair p = clones(&mmref_v7_2, 2, order);

		mmref_read(p.map[0], 0);
		assert_words(&p, 0, 1, 0);
		assert_int_equal(page_of(p.sim, 0).kind, order == 1 ? 'H' : '0');
		mmref_read(p.map[1], 0);
		assert_words(&p, 0, 0, 2);
		mmref_truncate(p.file[0], 0);
		assert_words(&p, 0, 0, 1);
		mmref_truncate(p.file[1], 0);
		assert_words(&p, 0, 0, 0);
		assert_int_equal(page_of(p.sim, 0).kind, '0');
		assert_int_equal(p.sim->fatal.kind, MMREF_NONE);
		mmref_sim_free(p.sim);
	}
}

/* The index of a page that was one file's is left to be counted on. */
static void v6_15_counts_on_from_a_stale_index(void **state)
{
	const struct mmref_rules *const rules[] = { &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pair p = pair_new(rules[i], 2, 3);

		mmref_read(p.map[0], 1);
		mmref_clone(p.file[1], p.file[0]);
		mmref_read(p.map[0], 1);
		assert_words(&p, 1, i ? 1 : 0, i ? 1 : 2);
		mmref_sim_free(p.sim);
	}
}

static void truncate_first(void *arg)
{
	mmref_truncate(((struct pair *)arg)->file[0], 0);
}

/* The copy's entry takes nothing, and the scan puts it all the same: with nobody to map it. */
static void williams_2022_puts_a_copy_that_it_never_requested(void **state)
{
	(void)state;
	for (int shared = 0; shared < 2; shared++) {
		struct pair p = pair_new(&mmref_williams_2022, 1, 3);

		if (shared)
			mmref_clone(p.file[1], p.file[0]);
		mmref_write(p.map[0], 0, 7);
		assert_int_equal(page_of(p.sim, block_of(&p, 0, 0)).refcount, !shared);
		mmref_munmap(p.map[0]);
		one_thread(&p, truncate_first);
		if (shared)
			assert_mmref_violates(p.sim, MMREF_REFCOUNT_UNDERFLOW);
		else
			assert_mmref_holds(p.sim);
		mmref_sim_free(p.sim);
	}
}

/* --- told where it is wrong ------------------------------------------------- */

static void read_first(void *arg)
{
	mmref_read(((struct pair *)arg)->map[0], 0);
}

static void read_second(void *arg)
{
	mmref_read(((struct pair *)arg)->map[1], 0);
}

static void read_both(void *arg)
{
	read_first(arg);
	read_second(arg);
}

static void read_both_and_truncate(void *arg)
{
	struct pair *p = arg;

	read_both(arg);
	mmref_munmap(p->map[0]);
	mmref_truncate(p->file[0], 0);
	mmref_truncate(p->file[1], 0);
}

static void share_and_do_not_count(void *entry, struct address_space *mapping,
				   struct vm_area_struct *vma, unsigned long address, bool shared)
{
	if (!dax_names_page(entry) || (shared && READ_ONCE(dax_to_page(entry)->mapping)))
		return;
	MMREF_AS(mmref_v6_15, dax_associate_entry)(entry, mapping, vma, address, shared);
}

static void a_sharer_that_is_not_counted_is_a_bad_share(void **state)
{
	struct mmref_rules mine = mmref_v7_2;
	struct pair p;

	(void)state;
	mine.dax_associate_entry = share_and_do_not_count;
	p = clones(&mine, 1, 3);
	assert_mmref_violates(one_thread(&p, read_both), MMREF_BAD_SHARE);
	mmref_sim_free(p.sim);
	p = clones(&mine, 1, 3);
	assert_mmref_holds(one_thread(&p, read_first));
	mmref_sim_free(p.sim);
	p = clones(&mmref_v7_2, 1, 3);
	assert_mmref_holds(one_thread(&p, read_both_and_truncate));
	mmref_sim_free(p.sim);
}

/* One after the other is right; at once each counts for itself. */
static void sharers_that_count_at_once_are_miscounted(void **state)
{
	const struct mmref_rules *const rules[] = { &mmref_v6_12, &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct pair p = clones(rules[i], 1, 3);

		mmref_thread(p.sim, "one", read_first, kept(&p));
		mmref_thread(p.sim, "two", read_second, kept(&p));
		assert_mmref_violates(p.sim, MMREF_BAD_SHARE);
		mmref_sim_free(p.sim);
		p = clones(rules[i], 1, 3);
		assert_mmref_holds(one_thread(&p, read_both));
		mmref_sim_free(p.sim);
	}
}

/* A file of its own beside the clones is not asked about. */
static void a_page_that_one_file_has_may_have_any_index(void **state)
{
	struct pair p = clones(&mmref_v7_2, 1, 3);
	struct mmref_file *third;

	(void)state;
	mmref_truncate(p.file[1], 0);
	third = mmref_create(p.device, 2, 0);
	p.map[0] = mmref_mmap(mmref_process(p.sim), third, 1, 1);
	assert_mmref_holds(one_thread(&p, read_first));
	mmref_sim_free(p.sim);
}

static void clear_head_alone(void *entry, struct address_space *mapping, bool trunc)
{
	struct page *page = dax_to_page(entry);

	(void)mapping;
	(void)trunc;
	if (!dax_names_page(entry))
		return;
	WRITE_ONCE(page->flags, page->flags & ~(unsigned long)PG_head);
	WRITE_ONCE(page->mapping, NULL);
}

static void read_and_truncate(void *arg)
{
	struct pair *p = arg;

	mmref_read(p->map[0], 0);
	mmref_truncate(p->file[0], 0);
}

/* The RFC of 2023 takes a folio apart so; of a page of order 0 nothing is left to lead anywhere. */
static void tails_without_a_head_are_a_bad_split(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_disassociate_entry = clear_head_alone;
	for (unsigned int order = 1; order < 4; order += 2) {
		struct pair p = pair_new(&mine, 2, order);

		one_thread(&p, read_and_truncate);
		if (order == 1)
			assert_mmref_violates(p.sim, MMREF_BAD_SPLIT);
		else
			assert_mmref_holds(p.sim);
		mmref_sim_free(p.sim);
		p = pair_new(&mmref_v7_2, 2, order);
		assert_mmref_holds(one_thread(&p, read_and_truncate));
		mmref_sim_free(p.sim);
	}
}

static void get_tail(void *arg)
{
	struct page *memmap = arg;

	folio_ref_add((struct folio *)&memmap[1], 1, HELD_BY_GET);
}

static void get_head(void *arg)
{
	folio_ref_add((struct folio *)arg, 1, HELD_BY_GET);
}

static void a_tail_that_counts_is_a_bad_split(void **state)
{
	void (*const bodies[])(void *arg) = { get_tail, get_head };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pair p = pair_new(&mmref_v7_2, 2, 1);
		struct mmref_result result;

		mmref_read(p.map[0], 0);
		mmref_thread(p.sim, "app", bodies[i], p.device->pmem.pgmap->memmap);
		assert_int_equal(mmref_explore(p.sim, NULL, &result), 0);
		assert_int_equal(result.violation, i ? MMREF_REFCOUNT_LEAK : MMREF_BAD_SPLIT);
		mmref_result_free(&result);
		mmref_sim_free(p.sim);
	}
}

/* B's PTE into A's folio: the kernel warns, counts it all the same, and so do we. */
static void a_pte_into_a_shared_folio_warns_and_is_a_bad_share(void **state)
{
	struct pair p = clones(&mmref_v7_2, 2, 1);

	(void)state;
	p.map[1] = mmref_mmap_at(mmref_process(p.sim), p.file[1], 0, 2, 1, false);
	assert_mmref_violates(one_thread(&p, read_both), MMREF_BAD_SHARE);
	mmref_sim_free(p.sim);
	p = clones(&mmref_v7_2, 2, 1);
	assert_mmref_holds(one_thread(&p, read_both));
	mmref_sim_free(p.sim);
}

static void write_first(void *arg)
{
	mmref_write(((struct pair *)arg)->map[0], 0, 7);
}

/* Pinned as the first file's it is told where that loses it; as the second's it is at home. */
static void a_block_that_is_held_as_anothers_is_used_after_truncate(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		for (int through = 0; through < 2; through++) {
			struct pair p = clones(rules, 1, 3);

			assert_non_null(mmref_get(p.map[through], 0, 1, 0, NULL));
			one_thread(&p, write_first);
			if (through == 0)
				assert_mmref_violates(p.sim, MMREF_USE_AFTER_TRUNCATE);
			else
				assert_mmref_holds(p.sim);
			mmref_sim_free(p.sim);
		}
	}
}

static void dma_after_the_copy_reaches_anothers_block(void **state)
{
	struct pair p = clones(&mmref_v6_12, 1, 3);
	struct mmref_hold *first = mmref_get(p.map[0], 0, 1, 0, NULL);
	struct mmref_hold *second = mmref_get(p.map[1], 0, 1, 0, NULL);

	(void)state;
	mmref_write(p.map[0], 0, 7);
	p.sim->fatal.kind = MMREF_NONE;
	mmref_dma_read(second, 0);
	assert_int_equal(p.sim->fatal.kind, MMREF_NONE);
	mmref_dma_read(first, 0);
	assert_int_equal(p.sim->fatal.kind, MMREF_USE_AFTER_TRUNCATE);
	mmref_sim_free(p.sim);
}

/* --- a clone among others --------------------------------------------------- */

static void clone_second(void *arg)
{
	struct pair *p = arg;

	mmref_assert(!mmref_clone(p->file[1], p->file[0]));
}

static void clone_first(void *arg)
{
	struct pair *p = arg;

	mmref_assert(!mmref_clone(p->file[0], p->file[1]));
}

static void look_at_second(void *arg)
{
	int byte = mmref_pread(((struct pair *)arg)->file[1], 0);

	mmref_assert(byte == FILL || byte == FILL + 1);
}

static void write_first_twice(void *arg)
{
	write_first(arg);
	mmref_write(((struct pair *)arg)->map[0], 0, 8);
}

static void clone_second_and_look_twice(void *arg)
{
	struct pair *p = arg;
	int before;

	clone_second(arg);
	before = mmref_pread(p->file[1], 0);
	mmref_assert(mmref_pread(p->file[1], 0) == before);
}

/* What is written to the source once the clone is made is no business of the clone's. */
static void a_write_fault_waits_for_the_remapping(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		struct pair p = pair_new(rules, 1, 3);

		mmref_thread(p.sim, "writer", write_first_twice, kept(&p));
		mmref_thread(p.sim, "clone", clone_second_and_look_twice, kept(&p));
		assert_mmref_holds(p.sim);
		mmref_sim_free(p.sim);
	}
}

/* Locks by number, whichever is the source. */
static void clones_of_each_other_do_not_deadlock(void **state)
{
	struct pair p = pair_new(&mmref_v7_2, 1, 3);

	(void)state;
	mmref_thread(p.sim, "there", clone_second, kept(&p));
	mmref_thread(p.sim, "back", clone_first, kept(&p));
	mmref_thread(p.sim, "look", look_at_second, kept(&p));
	assert_mmref_holds(p.sim);
	mmref_sim_free(p.sim);
}

/* --- the removal of the device ------------------------------------------------ */

static void unbind(void *arg)
{
	mmref_unbind(((struct pair *)arg)->device);
}

static bool can_hang(const struct mmref_rules *rules, bool shared)
{
	struct pair p = pair_new(rules, 1, 3);
	struct mmref_result result;
	bool hangs = false;

	if (shared)
		mmref_clone(p.file[1], p.file[0]);
	mmref_read(p.map[0], 0);
	mmref_dontneed(p.map[0]);
	mmref_thread(p.sim, "app", read_first, kept(&p));
	mmref_thread(p.sim, "admin", unbind, kept(&p));
	assert_int_equal(mmref_explore(p.sim, NULL, &result), 0);
	for (unsigned int i = 0; i < result.nr_found; i++)
		hangs |= result.found[i].violation == MMREF_UNPLUG_HANGS;
	mmref_result_free(&result);
	mmref_sim_free(p.sim);
	return hangs;
}

/*
 * A fault that reads has its entry locked, and locks the AGF to learn who shares the
 * block; who is told of the removal goes through the blocks with the AGF locked, and
 * locks each entry. A fault that writes is kept out by the freeze.
 */
static void a_read_fault_of_a_shared_block_and_a_removal_can_wait_for_each_other(void **state)
{
	(void)state;
	for_all_kernels (rules) {
		assert_int_equal(can_hang(rules, true), rules != &mmref_v6_1);
		assert_false(can_hang(rules, false));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clone_has_the_blocks_of_another_and_gives_up_its_own),
		cmocka_unit_test(who_cannot_share_says_so),
		cmocka_unit_test(a_signal_ends_a_clone_that_waits),
		cmocka_unit_test(a_shutdown_ends_a_clone_that_waits),
		cmocka_unit_test(what_one_sharer_gives_up_the_other_keeps),
		cmocka_unit_test(a_write_makes_a_copy_that_is_the_writers_alone),
		cmocka_unit_test(a_pmd_is_copied_as_a_whole_or_page_by_page),
		cmocka_unit_test(v6_1_marks_the_copy_alone),
		cmocka_unit_test(v6_12_counts_from_the_first_fault_on),
		cmocka_unit_test(v7_2_counts_from_the_second_sharer_on),
		cmocka_unit_test(v6_15_counts_on_from_a_stale_index),
		cmocka_unit_test(williams_2022_puts_a_copy_that_it_never_requested),
		cmocka_unit_test(a_sharer_that_is_not_counted_is_a_bad_share),
		cmocka_unit_test(sharers_that_count_at_once_are_miscounted),
		cmocka_unit_test(a_page_that_one_file_has_may_have_any_index),
		cmocka_unit_test(tails_without_a_head_are_a_bad_split),
		cmocka_unit_test(a_tail_that_counts_is_a_bad_split),
		cmocka_unit_test(a_pte_into_a_shared_folio_warns_and_is_a_bad_share),
		cmocka_unit_test(a_block_that_is_held_as_anothers_is_used_after_truncate),
		cmocka_unit_test(dma_after_the_copy_reaches_anothers_block),
		cmocka_unit_test(a_write_fault_waits_for_the_remapping),
		cmocka_unit_test(clones_of_each_other_do_not_deadlock),
		cmocka_unit_test(
			a_read_fault_of_a_shared_block_and_a_removal_can_wait_for_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
