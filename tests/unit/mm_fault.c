/* SPDX-License-Identifier: MIT */
/*
 * Faults and what they count, a page at a time. Old rules: an idle page counts 1
 * and page tables hold nothing. New rules: an idle page counts 0, each PTE holds
 * one reference and one of the mapcount.
 */
#include <mmref/kernel.h>

#include "scene.h"

#include <errno.h>

#include <mmref/linux/atomic.h>
#include <mmref/linux/pgtable.h>
#include "ops/ops.h"

#define PAGES 3

/* Of page @i: mapped by @ptes entries, and held in no other way. */
static void assert_mapped(struct mmref_sim *sim, const struct mmref_rules *rules, unsigned int i,
			  int ptes)
{
	struct mmref_page page = page_of(sim, i);
	int idle = rules == &mmref_v6_1 ? 1 : 0;
	int counted = rules == &mmref_v6_1 ? 0 : ptes;

	assert_int_equal(page.refcount, idle + counted);
	assert_int_equal(page.mapcount, counted);
	assert_int_equal(page.mapped, ptes);
	assert_int_equal(page.held[HELD_BY_BASE], idle);
	assert_int_equal(page.held[HELD_BY_PTE], counted);
	assert_int_equal(held_of(&page), page.refcount);
}

/* The entry of @page of @map, as it stands. */
static pte_t entry_of(struct mmref_map *map, unsigned int page)
{
	pte_t *ptep;

	if (!pte_offset_map(map->process->mm, map->vma->vm_start + page, &ptep))
		return 0;
	return *ptep;
}

static void a_page_that_nobody_maps_is_idle(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		for (unsigned int i = 0; i < PAGES; i++) {
			assert_mapped(s.sim, rules, i, 0);
			assert_int_equal(page_of(s.sim, i).mapping, 0);
		}
		mmref_sim_free(s.sim);
	}
}

static void a_read_fault_maps_the_page_it_is_about(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		assert_int_equal(mmref_read(s.map, 1), FILL);
		assert_mapped(s.sim, rules, 0, 0);
		assert_mapped(s.sim, rules, 1, 1);
		assert_mapped(s.sim, rules, 2, 0);
		assert_false(pte_write(entry_of(s.map, 1)));
		assert_int_equal(page_of(s.sim, 1).mapping, s.file->inode->i_ino);
		assert_int_equal(page_of(s.sim, 1).index, 1);
		mmref_sim_free(s.sim);
	}
}

static void a_write_fault_counts_as_a_read_fault_does(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		assert_int_equal(mmref_write(s.map, 0, 0x11), 0);
		assert_mapped(s.sim, rules, 0, 1);
		assert_true(pte_write(entry_of(s.map, 0)));
		assert_int_equal(mmref_read(s.map, 0), 0x11);
		assert_int_equal(mmref_read(s.map, 1), FILL);
		mmref_sim_free(s.sim);
	}
}

/* Old: pte_mkdevmap() and special, which hides the page. New: an entry like any other. */
static void an_entry_is_special_under_the_old_rules_alone(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		bool old = rules == &mmref_v6_1;

		mmref_read(s.map, 0);
		assert_int_equal(!!(entry_of(s.map, 0) & PTE_SPECIAL), old);
		assert_int_equal(!!(entry_of(s.map, 0) & PTE_DEVMAP), old);
		assert_int_equal(!!vm_normal_page(s.map->vma, 0, entry_of(s.map, 0)), !old);
		mmref_sim_free(s.sim);
	}
}

static void a_second_access_does_not_fault(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 1);
		mmref_write(s.map, 0, 2);
		assert_int_equal(mmref_read(s.map, 0), 2);
		assert_mapped(s.sim, rules, 0, 1);
		mmref_sim_free(s.sim);
	}
}

static void a_write_after_a_read_makes_the_entry_writable_and_counts_nothing(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_read(s.map, 0);
		assert_int_equal(mmref_write(s.map, 0, 0x22), 0);
		assert_true(pte_write(entry_of(s.map, 0)));
		assert_mapped(s.sim, rules, 0, 1);
		assert_int_equal(mmref_read(s.map, 0), 0x22);
		mmref_sim_free(s.sim);
	}
}

static void every_mapping_counts_for_itself(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_map *twice = mmref_mmap(s.process, s.file, 0, PAGES);
		struct mmref_map *shifted = mmref_mmap(mmref_process(s.sim), s.file, 1, 2);

		mmref_read(s.map, 1);
		mmref_write(twice, 1, 0x33);
		assert_int_equal(mmref_read(shifted, 0), 0x33);
		assert_mapped(s.sim, rules, 1, 3);
		assert_int_equal(mmref_read(shifted, 1), FILL);
		assert_mapped(s.sim, rules, 2, 1);
		mmref_sim_free(s.sim);
	}
}

static void munmap_gives_back_what_the_map_held(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_map *other = mmref_mmap(mmref_process(s.sim), s.file, 0, PAGES);

		mmref_read(s.map, 0);
		mmref_write(s.map, 1, 1);
		mmref_read(other, 1);
		assert_int_equal(mmref_munmap(s.map), 0);
		assert_mapped(s.sim, rules, 0, 0);
		assert_mapped(s.sim, rules, 1, 1);
		assert_int_equal(mmref_read(s.map, 0), -EFAULT);
		assert_int_equal(mmref_write(s.map, 0, 1), -EFAULT);
		mmref_sim_free(s.sim);
	}
}

/* The DAX entry, and with it ->mapping, lives until truncate or eviction. */
static void munmap_leaves_the_page_to_its_file(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_read(s.map, 0);
		mmref_munmap(s.map);
		assert_int_equal(page_of(s.sim, 0).mapping, s.file->inode->i_ino);
		mmref_sim_free(s.sim);
	}
}

static void dontneed_clears_the_entries_and_a_read_brings_one_back(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 0x44);
		mmref_read(s.map, 2);
		assert_int_equal(mmref_dontneed(s.map), 0);
		for (unsigned int i = 0; i < PAGES; i++)
			assert_mapped(s.sim, rules, i, 0);
		assert_int_equal(mmref_read(s.map, 0), 0x44);
		assert_mapped(s.sim, rules, 0, 1);
		mmref_sim_free(s.sim);
	}
}

/* zap_present_folio_ptes() passes the dirty bit on to a page that it sees: the new rules' alone. */
static void zapping_a_written_entry_dirties_the_page_under_the_new_rules(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_write(s.map, 0, 1);
		mmref_read(s.map, 1);
		assert_false(page_of(s.sim, 0).dirty);
		mmref_munmap(s.map);
		assert_int_equal(page_of(s.sim, 0).dirty, rules == &mmref_v7_2);
		assert_false(page_of(s.sim, 1).dirty);
		mmref_sim_free(s.sim);
	}
}

static void msync_write_protects_and_a_write_faults_again(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_map *other = mmref_mmap(mmref_process(s.sim), s.file, 0, PAGES);

		mmref_write(s.map, 0, 1);
		mmref_write(other, 0, 2);
		assert_int_equal(mmref_msync(s.map), 0);
		assert_int_equal(entry_of(s.map, 0) & (PTE_WRITE | PTE_DIRTY), 0);
		assert_int_equal(entry_of(other, 0) & (PTE_WRITE | PTE_DIRTY), 0);
		assert_mapped(s.sim, rules, 0, 2);

		assert_int_equal(mmref_write(s.map, 0, 0x55), 0);
		assert_true(pte_write(entry_of(s.map, 0)));
		assert_false(pte_write(entry_of(other, 0)));
		assert_mapped(s.sim, rules, 0, 2);
		assert_int_equal(mmref_read(other, 0), 0x55);
		mmref_sim_free(s.sim);
	}
}

/* A shared file mapping is not copied by fork(): the child faults for itself. */
static void fork_copies_no_entry(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_process *child;
		struct mmref_map *map;

		mmref_write(s.map, 0, 0x66);
		child = mmref_fork(s.process);
		map = mmref_in_child(s.map, child);
		assert_non_null(map);
		assert_int_equal(entry_of(map, 0), 0);
		assert_mapped(s.sim, rules, 0, 1);

		assert_int_equal(mmref_read(map, 0), 0x66);
		assert_mapped(s.sim, rules, 0, 2);
		mmref_sim_free(s.sim);
	}
}

static void exit_gives_back_what_all_maps_of_the_process_held(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_map *second = mmref_mmap(s.process, s.file, 0, PAGES);
		struct mmref_process *child;
		struct mmref_map *map;

		mmref_write(s.map, 0, 1);
		mmref_read(second, 0);
		child = mmref_fork(s.process);
		map = mmref_in_child(s.map, child);
		mmref_read(map, 0);
		assert_mapped(s.sim, rules, 0, 3);
		assert_int_equal(mmref_exit(s.process), 0);
		assert_mapped(s.sim, rules, 0, 1);
		assert_int_equal(mmref_exit(child), 0);
		assert_mapped(s.sim, rules, 0, 0);
		mmref_sim_free(s.sim);
	}
}

static void an_access_beyond_the_end_of_the_file_is_a_sigbus(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		assert_int_equal(mmref_truncate(s.file, 1), 0);
		assert_int_equal(mmref_read(s.map, 0), FILL);
		assert_int_equal(mmref_read(s.map, 1), -EIO);
		assert_int_equal(mmref_write(s.map, 2, 1), -EIO);
		assert_mapped(s.sim, rules, 1, 0);
		mmref_sim_free(s.sim);
	}
}

/* dax_load_hole(): the zero page is nobody's device page. A write takes its place. */
static void a_hole_reads_as_zero_and_a_write_gives_it_a_page(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_punch(s.file, 1, 1);
		assert_int_equal(mmref_read(s.map, 1), 0);
		assert_true(entry_of(s.map, 1) & PTE_SPECIAL);
		assert_int_equal(pte_pfn(entry_of(s.map, 1)), 0);
		for (unsigned int i = 0; i < PAGES; i++)
			assert_mapped(s.sim, rules, i, 0);

		assert_int_equal(mmref_write(s.map, 1, 0x77), 0);
		assert_mapped(s.sim, rules, 1, 1); /* the only free block */
		assert_int_equal(mmref_read(s.map, 1), 0x77);
		mmref_sim_free(s.sim);
	}
}

/* --- faults at once ------------------------------------------------------- */

struct faults {
	struct mmref_map *map[2];
	struct page *page;
	atomic_t started, finished;
	int count, mapcount;
};

static void fault_and_look(void *arg)
{
	struct faults *f = arg;
	int me = atomic_inc_return(&f->started) - 1;

	if (me) {
		mmref_assert(mmref_write(f->map[me], 0, 0x88) == 0);
	} else {
		int byte = mmref_read(f->map[me], 0);

		mmref_assert(byte == FILL || byte == 0x88);
	}
	if (atomic_inc_return(&f->finished) < 2)
		return;
	mmref_assert(page_count_peek(f->page) == f->count);
	mmref_assert(page_mapcount_peek(f->page) == f->mapcount);
}

static void fault_at_once(const struct mmref_rules *rules, bool one_process)
{
	struct scene s = scene_new(rules, 1);
	struct faults *f = mmref_alloc(s.sim, sizeof(*f));
	int counted = rules == &mmref_v6_1 ? 0 : one_process ? 1 : 2;

	f->map[0] = s.map;
	f->map[1] = one_process ? s.map : mmref_mmap(mmref_process(s.sim), s.file, 0, 1);
	f->page = s.device->pmem.pgmap->memmap;
	f->count = (rules == &mmref_v6_1) + counted;
	f->mapcount = counted;
	mmref_thread(s.sim, "first", fault_and_look, f);
	mmref_thread(s.sim, "second", fault_and_look, f);
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

/*
 * Two faults on one page in one page table.
 *
 *	1. both find the entry empty
 *	2. one locks the DAX entry, maps the page, lets go
 *	3. the other gets the lock and finds the page table entry taken
 *
 * When the second maps again: the count is one too high. When it takes that for
 * an error: a SIGBUS.
 */
static void two_faults_of_one_process_map_the_page_once(void **state)
{
	(void)state;
	for_both_rule_sets (rules)
		fault_at_once(rules, true);
}

static void two_faults_of_two_processes_map_the_page_twice(void **state)
{
	(void)state;
	for_both_rule_sets (rules)
		fault_at_once(rules, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_that_nobody_maps_is_idle),
		cmocka_unit_test(a_read_fault_maps_the_page_it_is_about),
		cmocka_unit_test(a_write_fault_counts_as_a_read_fault_does),
		cmocka_unit_test(an_entry_is_special_under_the_old_rules_alone),
		cmocka_unit_test(a_second_access_does_not_fault),
		cmocka_unit_test(a_write_after_a_read_makes_the_entry_writable_and_counts_nothing),
		cmocka_unit_test(every_mapping_counts_for_itself),
		cmocka_unit_test(munmap_gives_back_what_the_map_held),
		cmocka_unit_test(munmap_leaves_the_page_to_its_file),
		cmocka_unit_test(dontneed_clears_the_entries_and_a_read_brings_one_back),
		cmocka_unit_test(zapping_a_written_entry_dirties_the_page_under_the_new_rules),
		cmocka_unit_test(msync_write_protects_and_a_write_faults_again),
		cmocka_unit_test(fork_copies_no_entry),
		cmocka_unit_test(exit_gives_back_what_all_maps_of_the_process_held),
		cmocka_unit_test(an_access_beyond_the_end_of_the_file_is_a_sigbus),
		cmocka_unit_test(a_hole_reads_as_zero_and_a_write_gives_it_a_page),
		cmocka_unit_test(two_faults_of_one_process_map_the_page_once),
		cmocka_unit_test(two_faults_of_two_processes_map_the_page_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
