/* SPDX-License-Identifier: MIT */
/*
 * Zaps: entries are cleared, the TLB is flushed, and only then are references
 * dropped. In between a page counts more than its mapcount.
 */
#include "check/ledger.h"
#include "scene.h"

#include <errno.h>

#include <mmref/linux/atomic.h>
#include <mmref/linux/dispatch.h>
#include <mmref/linux/mm.h>
#include "ops/ops.h"

struct zap {
	struct mmref_map *map;
	struct mmref_file *file;
	struct page *page;
	struct completion looked;
	/* what is found while the zap waits for the flush */
	int count, mapcount, in_ptes, in_gather;
};

static struct zap *zap_new(const struct scene *s)
{
	struct zap *z = mmref_alloc(s->sim, sizeof(*z));

	assert_non_null(z);
	z->map = s->map;
	z->file = s->file;
	z->page = s->device->pmem.pgmap->memmap;
	return z;
}

/* --- the flush comes before the put --------------------------------------- */

static void hold_up_the_flush(void *arg)
{
	struct zap *z = arg;

	local_irq_save();
	wait_for_completion(&z->looked);
	local_irq_restore();
}

static void unmap_all(void *arg)
{
	mmref_munmap(((struct zap *)arg)->map);
}

static void look_at_the_page(void *arg)
{
	struct zap *z = arg;
	const struct page_ledger *ledger = ledger_of(z->page);

	/* a body runs up to its first step before the first thread begins */
	(void)folio_ref_count((struct folio *)z->page);
	mmref_assert(PEEK(ledger->mapped) == 0);
	mmref_assert(page_count_peek(z->page) == z->count);
	mmref_assert(page_mapcount_peek(z->page) == z->mapcount);
	mmref_assert(PEEK(ledger->held[HELD_BY_PTE]) == z->in_ptes);
	mmref_assert(PEEK(ledger->held[HELD_BY_GATHER]) == z->in_gather);
	complete(&z->looked);
}

/* The three in order: the walker is inside, the zap waits for it, the third looks. */
static void look_during_the_flush(struct scene *s, struct zap *z)
{
	mmref_thread(s->sim, "walker", hold_up_the_flush, z);
	mmref_thread(s->sim, "zap", unmap_all, z);
	mmref_thread(s->sim, "look", look_at_the_page, z);
	assert_runs_in_order(s->sim);
	mmref_sim_free(s->sim);
}

static void a_clean_page_is_unmapped_and_held_until_the_flush(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct zap *z = zap_new(&s);

	(void)state;
	mmref_read(s.map, 0);
	z->count = 1;
	z->mapcount = 0;
	z->in_gather = 1;
	look_during_the_flush(&s, z);
}

/* A dirty entry: rmap removal waits for the flush too, under the PTL (tlb_delay_rmap). */
static void a_dirty_page_stays_in_the_rmap_until_the_flush(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct zap *z = zap_new(&s);

	(void)state;
	mmref_write(s.map, 0, 1);
	z->count = 1;
	z->mapcount = 1;
	z->in_ptes = 1;
	look_during_the_flush(&s, z);
}

static void old_rules_have_nothing_to_put_after_the_flush(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	struct zap *z = zap_new(&s);

	(void)state;
	mmref_read(s.map, 0);
	z->count = 1; /* the base */
	look_during_the_flush(&s, z);
}

static void after_the_zap_nothing_is_left(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);
		struct mmref_page page;

		mmref_write(s.map, 0, 1);
		mmref_thread(s.sim, "zap", unmap_all, zap_new(&s));
		assert_runs_in_order(s.sim);
		page = page_of(s.sim, 0);
		assert_int_equal(page.refcount, rules == &mmref_v6_1);
		assert_int_equal(page.mapcount, 0);
		assert_int_equal(page.held[HELD_BY_GATHER], 0);
		mmref_sim_free(s.sim);
	}
}

/* --- walkers against zaps ------------------------------------------------- */

static void look_through_the_entry(struct zap *z)
{
	struct mm_struct *mm = z->map->process->mm;
	pte_t *ptep;

	if (pte_offset_map(mm, z->map->vma->vm_start, &ptep) && ptep_get(ptep))
		mmref_assert(folio_ref_count((struct folio *)z->page) > 0);
}

static void walk_with_irqs_off(void *arg)
{
	local_irq_save();
	look_through_the_entry(arg);
	local_irq_restore();
}

static void walk_with_irqs_on(void *arg)
{
	look_through_the_entry(arg);
}

static struct scene walker_against_munmap(void (*walker)(void *arg), bool dirty)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct zap *z = zap_new(&s);

	if (dirty)
		mmref_write(s.map, 0, 1);
	else
		mmref_read(s.map, 0);
	mmref_thread(s.sim, "walker", walker, z);
	mmref_thread(s.sim, "zap", unmap_all, z);
	return s;
}

/*
 * A walker with interrupts off against a munmap.
 *
 *	1. the walker reads the entry
 *	2. munmap clears it and asks for the flush, which waits for the walker
 *	3. the walker takes the page: its count cannot be 0
 *	4. the flush is over, and munmap drops the reference
 *
 * When references are dropped before the flush: the count in step 3 can be 0.
 */
static void a_walker_with_irqs_off_never_finds_a_count_of_zero(void **state)
{
	(void)state;
	for (int dirty = 0; dirty < 2; dirty++) {
		struct scene s = walker_against_munmap(walk_with_irqs_off, dirty);

		assert_mmref_holds(s.sim);
		mmref_sim_free(s.sim);
	}
}

static void a_walker_with_irqs_on_can_find_a_count_of_zero(void **state)
{
	(void)state;
	for (int dirty = 0; dirty < 2; dirty++) {
		struct scene s = walker_against_munmap(walk_with_irqs_on, dirty);

		assert_some_run_fails(s.sim, "folio_ref_count((struct folio *)z->page) > 0");
		mmref_sim_free(s.sim);
	}
}

static void store(void *arg)
{
	mmref_write(((struct zap *)arg)->map, 0, 0x99);
}

static void drop_all(void *arg)
{
	mmref_dontneed(((struct zap *)arg)->map);
}

static void cut_off(void *arg)
{
	mmref_truncate(((struct zap *)arg)->file, 0);
}

/* An instruction under way is finished before the page under it can be given away. */
static void a_store_under_way_is_waited_for(void **state)
{
	static void (*const zaps[])(void *arg) = { unmap_all, drop_all, cut_off };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 3; i++) {
			struct scene s = scene_new(rules, 1);
			struct zap *z = zap_new(&s);

			mmref_write(s.map, 0, 1);
			mmref_thread(s.sim, "app", store, z);
			mmref_thread(s.sim, "zap", zaps[i], z);
			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

/* --- what a zap reaches --------------------------------------------------- */

static void unmap_mapping_pages_reaches_every_process_and_only_its_range(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 4);
		struct mmref_map *other = mmref_mmap(mmref_process(s.sim), s.file, 1, 3);

		for (unsigned int i = 0; i < 4; i++)
			mmref_read(s.map, i);
		for (unsigned int i = 0; i < 3; i++)
			mmref_write(other, i, 1);
		unmap_mapping_pages(&s.file->inode->i_mapping, 1, 2, false);
		assert_int_equal(page_of(s.sim, 0).mapped, 1);
		assert_int_equal(page_of(s.sim, 1).mapped, 0);
		assert_int_equal(page_of(s.sim, 2).mapped, 0);
		assert_int_equal(page_of(s.sim, 3).mapped, 2);
		mmref_sim_free(s.sim);
	}
}

static void a_range_before_or_behind_a_map_leaves_it_alone(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 4);
		struct mmref_map *middle = mmref_mmap(s.process, s.file, 1, 2);

		mmref_read(middle, 0);
		mmref_read(middle, 1);
		unmap_mapping_pages(&s.file->inode->i_mapping, 0, 1, false);
		unmap_mapping_pages(&s.file->inode->i_mapping, 3, 1, false);
		assert_int_equal(page_of(s.sim, 1).mapped, 1);
		assert_int_equal(page_of(s.sim, 2).mapped, 1);
		mmref_sim_free(s.sim);
	}
}

static void unmapping_one_file_leaves_another_mapped(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 2);
		struct mmref_file *other;
		struct mmref_map *map;

		mmref_truncate(s.file, 1);
		other = mmref_create(s.device, 1, 0x12);
		map = mmref_mmap(s.process, other, 0, 1);
		mmref_read(s.map, 0);
		mmref_read(map, 0);
		mmref_truncate(s.file, 0);
		assert_int_equal(page_of(s.sim, 0).mapped, 0);
		assert_int_equal(page_of(s.sim, 1).mapped, 1);
		mmref_sim_free(s.sim);
	}
}

/* More pages than an mmu_gather has room for: it is flushed in between. */
static void a_map_larger_than_the_gather_is_unmapped_whole(void **state)
{
	unsigned int pages = GATHER_MAX + 3;

	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, pages);

		for (unsigned int i = 0; i < pages; i++)
			assert_int_equal(mmref_read(s.map, i), FILL);
		mmref_munmap(s.map);
		for (unsigned int i = 0; i < pages; i++) {
			struct mmref_page page = page_of(s.sim, i);

			assert_int_equal(page.mapped, 0);
			assert_int_equal(page.refcount, rules == &mmref_v6_1);
			assert_int_equal(held_of(&page), page.refcount);
		}
		mmref_sim_free(s.sim);
	}
}

/* --- two zaps at once ----------------------------------------------------- */

static void exit_all(void *arg)
{
	mmref_exit(((struct zap *)arg)->map->process);
}

/* PTEs and PMDs of two maps go into one gather at the exit, more of them than it holds. */
static void a_gather_filled_by_pmds_is_flushed_in_between(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_sim *sim = mmref_sim_new(rules);
		struct mmref_file *file = mmref_create(mmref_fsdax(sim, 128), 128, 0);
		struct mmref_process *process = mmref_process(sim);
		struct mmref_map *ptes = mmref_mmap_at(process, file, 0, 24, 1, false);
		struct mmref_map *pmds = mmref_mmap(process, file, 32, 96);

		assert_non_null(ptes);
		assert_non_null(pmds);
		for (unsigned int i = 0; i < 24; i++)
			assert_int_equal(mmref_read(ptes, i), 0);
		for (unsigned int i = 0; i < 96; i++)
			assert_int_equal(mmref_read(pmds, i), 0);
		mmref_exit(process);
		for (unsigned int i = 0; i < 128; i++) {
			struct mmref_page page;

			assert_true(mmref_sim_page(sim, i, &page));
			assert_int_equal(page.mapped, 0);
			assert_int_equal(page.refcount, page.held[HELD_BY_BASE]);
		}
		mmref_sim_free(sim);
	}
}

static void a_page_zapped_from_two_sides_is_put_once(void **state)
{
	static void (*const others[])(void *arg) = { unmap_all, exit_all };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, 1);
			struct zap *z = zap_new(&s);

			mmref_read(s.map, 0);
			mmref_thread(s.sim, "truncate", cut_off, z);
			mmref_thread(s.sim, "process", others[i], z);
			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_page_is_unmapped_and_held_until_the_flush),
		cmocka_unit_test(a_dirty_page_stays_in_the_rmap_until_the_flush),
		cmocka_unit_test(old_rules_have_nothing_to_put_after_the_flush),
		cmocka_unit_test(after_the_zap_nothing_is_left),
		cmocka_unit_test(a_walker_with_irqs_off_never_finds_a_count_of_zero),
		cmocka_unit_test(a_walker_with_irqs_on_can_find_a_count_of_zero),
		cmocka_unit_test(a_store_under_way_is_waited_for),
		cmocka_unit_test(unmap_mapping_pages_reaches_every_process_and_only_its_range),
		cmocka_unit_test(a_range_before_or_behind_a_map_leaves_it_alone),
		cmocka_unit_test(unmapping_one_file_leaves_another_mapped),
		cmocka_unit_test(a_map_larger_than_the_gather_is_unmapped_whole),
		cmocka_unit_test(a_gather_filled_by_pmds_is_flushed_in_between),
		cmocka_unit_test(a_page_zapped_from_two_sides_is_put_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
