/* SPDX-License-Identifier: MIT */
/*
 * Each violation once for real, and once nearly: a run that breaks it, most often
 * by a rule set with one hook replaced, and beside it a run that comes close and
 * holds. A violation told is one that its schedule leads to again.
 */
#include "bodies.h"

#include <errno.h>

#include <mmref/linux/atomic.h>
#include <mmref/linux/dax.h>
#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

/* A rule set may bear the name of its kernel before the function's: v6_1_insert_pfn. */
static void assert_function(const struct mmref_site *site, const char *function)
{
	size_t whole = strlen(site->func), tail = strlen(function);

	assert_true(whole >= tail);
	assert_string_equal(site->func + whole - tail, function);
}

/*
 * The gravest violation of @sim is @violation, told at @function; and its schedule,
 * taken again, leads to it after as many steps, at the same place.
 */
static void assert_breaks(struct mmref_sim *sim, enum mmref_violation violation,
			  const char *function)
{
	struct mmref_result result;
	struct watch watch;

	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_string_equal(mmref_violation_name(result.violation),
			    mmref_violation_name(violation));
	assert_int_equal(result.verdict,
			 violation == MMREF_UNPLUG_HANGS ? MMREF_HANGS : MMREF_VIOLATES);
	assert_int_equal(result.found[0].violation, violation);
	if (function)
		assert_function(result.found[0].site, function);
	else
		assert_null(result.found[0].site);

	for (unsigned int i = 0; i < result.nr_found; i++) {
		const struct mmref_found *found = &result.found[i];

		watch_init(&watch, sim);
		assert_int_equal(mmref_replay(sim, &found->schedule, &watch.observer),
				 found->schedule.length);
		assert_int_equal(watch.steps, found->schedule.length);
		assert_int_equal(watch.violation, found->violation);
		assert_ptr_equal(watch.site, found->site);
	}
	mmref_result_free(&result);
}

static void assert_holds_and_free(struct scene s)
{
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static void assert_breaks_and_free(struct scene s, enum mmref_violation violation,
				   const char *function)
{
	assert_breaks(s.sim, violation, function);
	mmref_sim_free(s.sim);
}

/* --- refcount-underflow --------------------------------------------------- */

static vm_fault_t fault_that_puts_twice(struct vm_fault *vmf, const struct iomap_iter *iter,
					struct xa_state *xas, void **entry, bool pmd)
{
	(void)pmd;
	return fault_page(vmf, iter, xas, entry, 1, 2);
}

static vm_fault_t fault_that_takes_and_puts_twice(struct vm_fault *vmf,
						  const struct iomap_iter *iter,
						  struct xa_state *xas, void **entry, bool pmd)
{
	(void)pmd;
	return fault_page(vmf, iter, xas, entry, 2, 2);
}

static vm_fault_t fault_that_takes_nothing(struct vm_fault *vmf, const struct iomap_iter *iter,
					   struct xa_state *xas, void **entry, bool pmd)
{
	(void)pmd;
	return fault_page(vmf, iter, xas, entry, 0, 0);
}

static void putting_twice_what_was_taken_once_is_an_underflow(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_fault_iter = fault_that_puts_twice;
	assert_breaks_and_free(one_thread(&mine, fault), MMREF_REFCOUNT_UNDERFLOW,
			       "folio_put");
	mine.dax_fault_iter = fault_that_takes_and_puts_twice;
	assert_holds_and_free(one_thread(&mine, fault));
}

static void release_twice(void *arg)
{
	struct shared *shared = arg;
	struct mmref_hold *hold = mmref_get(shared->map, 0, 1, 0, NULL);

	mmref_release(hold);
	mmref_release(hold);
}

static void get_and_release_twice(void *arg)
{
	struct shared *shared = arg;
	struct mmref_hold *first = mmref_get(shared->map, 0, 1, 0, NULL);
	struct mmref_hold *second = mmref_get(shared->map, 0, 1, 0, NULL);

	mmref_release(first);
	mmref_release(second);
}

/* The count of the old rules is far from 0 with it: it is the ledger that tells. */
static void releasing_twice_what_was_got_once_is_an_underflow(void **state)
{
	(void)state;
	assert_breaks_and_free(one_thread(&mmref_v6_1, release_twice), MMREF_REFCOUNT_UNDERFLOW,
			       "put_devmap_managed_page_refs");
	assert_breaks_and_free(one_thread(&mmref_v7_2, release_twice), MMREF_REFCOUNT_UNDERFLOW,
			       "folio_put");
	assert_holds_and_free(one_thread(&mmref_v6_1, get_and_release_twice));
	assert_holds_and_free(one_thread(&mmref_v7_2, get_and_release_twice));
}

/* A count that nobody entered in the ledger, where the check of each step finds it. */
static void a_count_below_what_is_held_is_an_underflow(void **state)
{
	(void)state;
	assert_breaks_and_free(one_thread(&mmref_v6_1, decrement_unseen), MMREF_REFCOUNT_UNDERFLOW,
			       NULL);
}

static void unmap_unseen_and_map(void *arg)
{
	atomic_dec(&((struct shared *)arg)->page->_mapcount);
	atomic_inc(&((struct shared *)arg)->page->_mapcount);
}

static void map_unseen_and_unmap(void *arg)
{
	atomic_inc(&((struct shared *)arg)->page->_mapcount);
	atomic_dec(&((struct shared *)arg)->page->_mapcount);
}

static void a_mapcount_below_zero_is_an_underflow(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(one_thread(rules, unmap_unseen_and_map),
				       MMREF_REFCOUNT_UNDERFLOW, NULL);
		assert_holds_and_free(one_thread(rules, map_unseen_and_unmap));
	}
}

static void unpin_unseen_and_pin(void *arg)
{
	atomic_dec(&((struct shared *)arg)->page[1]._pincount);
	atomic_inc(&((struct shared *)arg)->page[1]._pincount);
}

static void pin_unseen_and_unpin(void *arg)
{
	atomic_inc(&((struct shared *)arg)->page[1]._pincount);
	atomic_dec(&((struct shared *)arg)->page[1]._pincount);
}

static struct scene one_thread_on_a_folio(void (*body)(void *arg))
{
	struct scene s = scene_new(&mmref_v7_2, 8);

	mmref_write(s.map, 0, FILL);
	assert_int_equal(page_of(s.sim, 0).kind, 'H');
	mmref_thread(s.sim, "app", body, shared_of(&s));
	return s;
}

static void a_pincount_below_zero_is_an_underflow(void **state)
{
	(void)state;
	assert_breaks_and_free(one_thread_on_a_folio(unpin_unseen_and_pin),
			       MMREF_REFCOUNT_UNDERFLOW, NULL);
	assert_holds_and_free(one_thread_on_a_folio(pin_unseen_and_unpin));
}

/* --- refcount-leak -------------------------------------------------------- */

static void map_unseen(void *arg)
{
	atomic_inc(&((struct shared *)arg)->page->_mapcount);
}

static void a_map_that_is_counted_for_ever_is_a_leak(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(one_thread(rules, map_unseen), MMREF_REFCOUNT_LEAK, NULL);
		assert_holds_and_free(one_thread(rules, map_unseen_and_unmap));
	}
}

static void a_count_above_what_is_held_is_a_leak(void **state)
{
	(void)state;
	for_both_rule_sets (rules)
		assert_breaks_and_free(one_thread(rules, increment_unseen), MMREF_REFCOUNT_LEAK,
				       NULL);
}

static void a_fault_that_keeps_its_reference_is_a_leak(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_fault_iter = fault_that_keeps_one;
	assert_breaks_and_free(one_thread(&mine, fault), MMREF_REFCOUNT_LEAK, NULL);
	assert_holds_and_free(one_thread(&mmref_v7_2, fault));
}

static void pin_and_keep(void *arg)
{
	mmref_pin(((struct shared *)arg)->map, 0, 1, 0, NULL);
}

/* What a user still has at the end can be given back: no leak. */
static void a_put_that_puts_nothing_is_a_leak_and_a_pin_kept_is_none(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules mine = *rules;

		mine.put_page = put_nothing;
		assert_breaks_and_free(one_thread(&mine, get_and_release), MMREF_REFCOUNT_LEAK,
				       NULL);
		assert_holds_and_free(one_thread(&mine, pin_and_keep));
	}
}

static void an_entry_that_goes_without_its_reference_is_a_leak(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.insert_page_into_pte_locked = insert_page_and_hide;
	assert_breaks_and_free(one_thread(&mine, fault_and_unmap), MMREF_REFCOUNT_LEAK, NULL);
	assert_holds_and_free(one_thread(&mine, fault));
	assert_holds_and_free(one_thread(&mmref_v7_2, fault_and_unmap));
}

/* --- refcount-leak and refcount-underflow of a large folio ------------------ */

static void write_and_unmap(void *arg)
{
	struct shared *shared = arg;

	mmref_write(shared->map, 0, 1);
	mmref_munmap(shared->map);
}

static struct scene one_thread_on_pmd(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct scene s = scene_new(rules, 8);

	mmref_thread(s.sim, "app", body, shared_of(&s));
	return s;
}

static void write_all(void *arg)
{
	mmref_write(((struct shared *)arg)->map, 0, 1);
}

/* Under the old rules a PMD holds nothing, and a zap that passes over it leaves nothing. */
static void a_pmd_that_goes_without_its_reference_is_a_leak(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.zap_huge_pmd = mmref_v6_1.zap_huge_pmd;	/* vma_is_special_huge() is true of DAX */
	assert_breaks_and_free(one_thread_on_pmd(&mine, write_and_unmap), MMREF_REFCOUNT_LEAK,
			       NULL);
	assert_holds_and_free(one_thread_on_pmd(&mine, write_all));
	assert_holds_and_free(one_thread_on_pmd(&mmref_v7_2, write_and_unmap));

	assert_holds_and_free(one_thread_on_pmd(&mmref_v6_1, write_and_unmap));
}

static struct scene devdax_then(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	assert_non_null(s.sim);
	s.device = mmref_devdax(s.sim, 8);
	s.file = mmref_create(s.device, 8, 0);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap(s.process, s.file, 0, 8);
	assert_non_null(s.map);
	mmref_thread(s.sim, "app", body, shared_of(&s));
	return s;
}

/* microsoft/OHCL-Linux-Kernel #141: GENERIC pages in a VMA that the zap takes for special. */
static void a_pmd_of_device_dax_that_keeps_its_reference_is_a_leak(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.zap_huge_pmd = mmref_v6_1.zap_huge_pmd;
	assert_breaks_and_free(devdax_then(&mine, write_and_unmap), MMREF_REFCOUNT_LEAK, NULL);
	assert_holds_and_free(devdax_then(&mine, write_all));
	assert_holds_and_free(devdax_then(&mmref_v7_2, write_and_unmap));
	assert_holds_and_free(devdax_then(&mmref_v6_1, write_and_unmap));
}

#define CHANGE_WORD(name, word, before, after)                                                     \
	static void name(void *arg)                                                                \
	{                                                                                          \
		atomic_t *count = &((struct shared *)arg)->page[1].word;                           \
                                                                                                   \
		before(count);                                                                     \
		after(count);                                                                      \
	}
#define nothing(count)

CHANGE_WORD(raise_entire, _entire_mapcount, atomic_inc, nothing)
CHANGE_WORD(raise_and_lower_entire, _entire_mapcount, atomic_inc, atomic_dec)
CHANGE_WORD(lower_entire, _entire_mapcount, atomic_dec, nothing)
CHANGE_WORD(raise_large, _large_mapcount, atomic_inc, nothing)
CHANGE_WORD(raise_and_lower_large, _large_mapcount, atomic_inc, atomic_dec)
CHANGE_WORD(lower_large, _large_mapcount, atomic_dec, nothing)
CHANGE_WORD(raise_nr_pages, _nr_pages_mapped, atomic_inc, nothing)
CHANGE_WORD(raise_and_lower_nr_pages, _nr_pages_mapped, atomic_inc, atomic_dec)
CHANGE_WORD(lower_nr_pages, _nr_pages_mapped, atomic_dec, nothing)
CHANGE_WORD(raise_pincount, _pincount, atomic_inc, nothing)
CHANGE_WORD(raise_and_lower_pincount, _pincount, atomic_inc, atomic_dec)

struct word_test {
	void (*too_much)(void *arg), (*right)(void *arg), (*too_little)(void *arg);
};

/* The folio is mapped by one PMD, so that each count has room below. */
static void assert_word_is_checked(const struct word_test *test)
{
	assert_breaks_and_free(one_thread_on_a_folio(test->too_much), MMREF_REFCOUNT_LEAK, NULL);
	assert_holds_and_free(one_thread_on_a_folio(test->right));
	if (test->too_little)
		assert_breaks_and_free(one_thread_on_a_folio(test->too_little),
				       MMREF_REFCOUNT_UNDERFLOW, NULL);
}

static void an_entire_mapcount_counts_the_pmds(void **state)
{
	(void)state;
	assert_word_is_checked(
		&(struct word_test){ raise_entire, raise_and_lower_entire, lower_entire });
}

static void a_large_mapcount_counts_all_entries(void **state)
{
	(void)state;
	assert_word_is_checked(
		&(struct word_test){ raise_large, raise_and_lower_large, lower_large });
}

static void nr_pages_mapped_counts_what_is_mapped(void **state)
{
	(void)state;
	assert_word_is_checked(
		&(struct word_test){ raise_nr_pages, raise_and_lower_nr_pages, lower_nr_pages });
}

static void pin_and_lower_pincount(void *arg)
{
	pin_and_keep(arg);
	atomic_dec(&((struct shared *)arg)->page[1]._pincount);
}

static void a_pincount_counts_the_pins(void **state)
{
	(void)state;
	assert_word_is_checked(&(struct word_test){ raise_pincount, raise_and_lower_pincount,
						    pin_and_lower_pincount });
	assert_holds_and_free(one_thread_on_a_folio(pin_and_keep));
}

/* A map that starts inside of the PMD: its PTEs name tails of the folio. */
static void map_tails(void *arg)
{
	struct shared *shared = arg;
	struct mmref_map *map = mmref_mmap_at(shared->map->process, shared->file, 0, 8, 1, false);

	mmref_write(map, 2, 1);
	mmref_read(map, 3);
}

static void map_tails_and_forget_one(void *arg)
{
	map_tails(arg);
	atomic_dec(&((struct shared *)arg)->page[2]._mapcount);
}

static void an_entry_of_a_tail_is_in_a_mapcount(void **state)
{
	(void)state;
	assert_breaks_and_free(one_thread_on_a_folio(map_tails_and_forget_one),
			       MMREF_REFCOUNT_UNDERFLOW, NULL);
	assert_holds_and_free(one_thread_on_a_folio(map_tails));
}

/* --- zero-ref-mapped ------------------------------------------------------ */

static int insert_page_without_a_reference(struct vm_area_struct *vma, pte_t *pte,
					   unsigned long addr, struct page *page, bool mkwrite)
{
	(void)vma;
	(void)addr;
	set_pte(pte, mk_pte(page, mkwrite, PTE_SPECIAL));
	return 0;
}

/* Under 1-based counts the same entry is no harm. */
static void an_entry_without_a_reference_names_a_page_that_counts_zero(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.insert_page_into_pte_locked = insert_page_without_a_reference;
	assert_breaks_and_free(one_thread(&mine, fault), MMREF_ZERO_REF_MAPPED, NULL);
	assert_holds_and_free(one_thread(&mmref_v6_1, fault));
}

/* --- use-after-unplug ----------------------------------------------------- */

static void unbind(void *arg)
{
	mmref_unbind(((struct shared *)arg)->device);
}

static struct scene mapped_then_unbound(const struct mmref_rules *rules, bool unmapped)
{
	struct scene s = scene_new(rules, 1);

	mmref_read(s.map, 0);
	if (unmapped)
		mmref_munmap(s.map);
	mmref_thread(s.sim, "admin", unbind, shared_of(&s));
	return s;
}

static void a_memmap_removed_under_an_entry_is_used_after_unplug(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(mapped_then_unbound(rules, false), MMREF_USE_AFTER_UNPLUG,
				       "arch_remove_memory");
		assert_holds_and_free(mapped_then_unbound(rules, true));
	}
}

static void unbind_and_look(void *arg)
{
	struct shared *shared = arg;

	mmref_unbind(shared->device);
	(void)folio_ref_count((struct folio *)shared->page);
}

static void look_and_unbind(void *arg)
{
	struct shared *shared = arg;

	(void)folio_ref_count((struct folio *)shared->page);
	mmref_unbind(shared->device);
}

static void a_look_at_a_removed_page_is_used_after_unplug(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(one_thread(rules, unbind_and_look), MMREF_USE_AFTER_UNPLUG,
				       "unbind_and_look");
		assert_holds_and_free(one_thread(rules, look_and_unbind));
	}
}

/* --- use-after-truncate --------------------------------------------------- */

static void let_go_of_the_file(void *arg)
{
	struct shared *shared = arg;

	mmref_munmap(shared->map);
	mmref_unlink(shared->file);
	mmref_close(shared->file);
}

static struct scene held_then_evicted(const struct mmref_rules *rules, bool released)
{
	struct scene s = scene_new(rules, 1);
	struct mmref_hold *hold = mmref_get(s.map, 0, 1, 0, NULL);

	if (released)
		mmref_release(hold);
	mmref_thread(s.sim, "app", let_go_of_the_file, shared_of(&s));
	return s;
}

/* The one is found at the freeing; nobody has to touch the page for it. */
static void a_block_freed_under_a_hold_is_used_after_truncate(void **state)
{
	(void)state;
	assert_breaks_and_free(held_then_evicted(&mmref_v6_1, false), MMREF_USE_AFTER_TRUNCATE,
			       "free_blocks");
	assert_holds_and_free(held_then_evicted(&mmref_v6_1, true));
}

/* The new rules wait; for one who never lets go, without end. */
static void an_eviction_that_waits_for_a_hold_kept_for_ever_is_a_deadlock(void **state)
{
	(void)state;
	assert_breaks_and_free(held_then_evicted(&mmref_v7_2, false), MMREF_DEADLOCK,
			       "wait_page_idle_uninterruptible");
	assert_holds_and_free(held_then_evicted(&mmref_v7_2, true));
}

/* --- where memory is reached ---------------------------------------------- */

/*
 * A run ends at its first violation, and these come after others: the accesses
 * are made while the scene is set, which goes on.
 */
static void assert_last_violation(struct mmref_sim *sim, enum mmref_violation violation,
				  const char *verb)
{
	assert_int_equal(sim->fatal.kind, violation);
	if (violation)
		assert_string_equal(sim->fatal.site->verb, verb);
	sim->fatal.kind = MMREF_NONE;
}

static void dma_into_a_block_that_was_freed_is_used_after_truncate(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	struct mmref_hold *hold = mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE, NULL);

	(void)state;
	mmref_dma_write(hold, 0, 1);
	assert_last_violation(s.sim, MMREF_NONE, NULL);
	mmref_munmap(s.map);
	mmref_unlink(s.file);
	mmref_close(s.file);
	assert_last_violation(s.sim, MMREF_USE_AFTER_TRUNCATE, "free_blocks");
	mmref_dma_read(hold, 0);
	assert_last_violation(s.sim, MMREF_USE_AFTER_TRUNCATE, "DMA");

	/* another file's is no better than nobody's */
	assert_non_null(mmref_create(s.device, 1, 0));
	mmref_dma_write(hold, 0, 1);
	assert_last_violation(s.sim, MMREF_USE_AFTER_TRUNCATE, "DMA");
	mmref_sim_free(s.sim);
}

/* The memmap is taken away under both, as memunmap_pages() does. */
static void reaching_a_removed_device_is_used_after_unplug(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	struct mmref_hold *hold = mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE, NULL);
	const struct page *memmap = s.device->pmem.pgmap->memmap;

	(void)state;
	mmref_read(s.map, 0);
	assert_last_violation(s.sim, MMREF_NONE, NULL);
	world_set_area(s.sim->world, memmap, "removed by the test");
	mmref_read(s.map, 0);
	assert_last_violation(s.sim, MMREF_USE_AFTER_UNPLUG, "access");
	mmref_dma_read(hold, 0);
	assert_last_violation(s.sim, MMREF_USE_AFTER_UNPLUG, "DMA");
	mmref_sim_free(s.sim);
}

/* An entry that the truncate did not clear, for the block was not asked about. */
static void reaching_a_freed_block_through_an_entry_is_used_after_truncate(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);

	(void)state;
	mmref_read(s.map, 0);
	assert_last_violation(s.sim, MMREF_NONE, NULL);
	s.device->pmem.sb->block_files[0] = 0;
	mmref_read(s.map, 0);
	assert_last_violation(s.sim, MMREF_USE_AFTER_TRUNCATE, "access");
	mmref_sim_free(s.sim);
}

/* --- unplug-hangs --------------------------------------------------------- */

static void take_one_more(struct dev_pagemap *pgmap)
{
	MMREF_AS(mmref_v7_2, pagemap_range)(pgmap);
	percpu_ref_get(&pgmap->ref);
}

static void put_one_more(struct dev_pagemap *pgmap)
{
	percpu_ref_put(&pgmap->ref);
	MMREF_AS(mmref_v7_2, memunmap_pages)(pgmap);
}

static void a_pgmap_reference_that_is_never_put_hangs_the_removal(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules mine = *rules;

		mine.pagemap_range = take_one_more;
		assert_breaks_and_free(one_thread(&mine, unbind), MMREF_UNPLUG_HANGS,
				       "memunmap_pages");
		mine.memunmap_pages = put_one_more;
		assert_holds_and_free(one_thread(&mine, unbind));
	}
}

/* --- lost-wakeup ---------------------------------------------------------- */

static void release(void *arg)
{
	mmref_release(((struct shared *)arg)->hold);
}

static void release_by_folio_put(void *arg)
{
	mmref_folio_put_all(((struct shared *)arg)->hold);
}

static struct scene held_against_truncate(const struct mmref_rules *rules,
					  void (*holder)(void *arg))
{
	struct scene s = scene_new(rules, 1);
	struct shared *shared = shared_of(&s);

	shared->hold = mmref_get(s.map, 0, 1, 0, NULL);
	mmref_thread(s.sim, "truncate", truncate, shared);
	if (holder)
		mmref_thread(s.sim, "holder", holder, shared);
	return s;
}

static void free_nothing(struct folio *folio)
{
	(void)folio;
}

static void a_last_put_that_does_not_wake_loses_the_wakeup(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.__folio_put = free_nothing;
	assert_breaks_and_free(held_against_truncate(&mine, release), MMREF_LOST_WAKEUP,
			       "ext4_wait_dax_page");
	assert_holds_and_free(held_against_truncate(&mmref_v7_2, release));
}

/* Before f4f451a16dd1, in GUP too: folio_put() has no hook for fsdax pages. */
static void folio_put_loses_the_wakeup_under_the_old_rules(void **state)
{
	(void)state;
	assert_breaks_and_free(held_against_truncate(&mmref_v6_1, release_by_folio_put),
			       MMREF_LOST_WAKEUP, "ext4_wait_dax_page");
	assert_holds_and_free(held_against_truncate(&mmref_v6_1, release));
	assert_holds_and_free(held_against_truncate(&mmref_v7_2, release_by_folio_put));
}

static bool page_is_idle(const void *arg)
{
	struct page *page = (struct page *)(uintptr_t)arg;

	return MMREF_HAS(*rules(), dax_page_is_idle) ? dax_page_is_idle(page) :
						      atomic_read(&page->_refcount) == 1;
}

static int wait_on_another_word(struct page *page, void (*cb)(struct inode *), struct inode *inode)
{
	return ___wait_var_event(&page->_mapcount, page_is_idle, page, TASK_INTERRUPTIBLE, cb,
				 inode);
}

static int break_layouts_on_another_word(struct inode *inode)
{
	struct page *page = dax_layout_busy_page(&inode->i_mapping);

	return page ? wait_on_another_word(page, rules()->ext4_wait_dax_page, inode) : 0;
}

static void waiting_on_another_address_than_is_woken_loses_the_wakeup(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules mine = *rules;

		if (rules == &mmref_v6_1)
			mine.ext4_break_layouts = break_layouts_on_another_word;
		mine.wait_page_idle = wait_on_another_word;
		assert_breaks_and_free(held_against_truncate(&mine, release), MMREF_LOST_WAKEUP,
				       "ext4_wait_dax_page");
	}
}

/* --- deadlock ------------------------------------------------------------- */

static void a_truncate_that_nobody_will_let_on_is_a_deadlock(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(held_against_truncate(rules, NULL), MMREF_DEADLOCK,
				       "ext4_wait_dax_page");
		assert_holds_and_free(held_against_truncate(rules, release));
	}
}

static struct scene two_threads(void (*first)(void *arg), void (*second)(void *arg))
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct shared *shared = shared_of(&s);

	mmref_thread(s.sim, "first", first, shared);
	mmref_thread(s.sim, "second", second, shared);
	return s;
}

static void locks_taken_in_two_orders_are_a_deadlock(void **state)
{
	(void)state;
	assert_breaks_and_free(two_threads(take_in_order, take_backwards), MMREF_DEADLOCK,
			       "take_in_order");
	assert_holds_and_free(two_threads(take_in_order, take_in_order));
}

/* --- kernel-warning ------------------------------------------------------- */

static void delete_nothing(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	(void)mapping;
	(void)start;
	(void)end;
}

static struct scene mapped_then_truncated(const struct mmref_rules *rules)
{
	struct scene s = scene_new(rules, 1);

	mmref_read(s.map, 0);
	mmref_thread(s.sim, "truncate", truncate, shared_of(&s));
	return s;
}

/* As on ext2, which never breaks its layouts: WARN mm/truncate.c. */
static void entries_left_to_truncate_warn_under_the_new_rules(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_delete_mapping_range = delete_nothing;
	assert_breaks_and_free(mapped_then_truncated(&mine), MMREF_KERNEL_WARNING,
			       "truncate_folio_batch_exceptionals");
	assert_holds_and_free(mapped_then_truncated(&mmref_v7_2));
	assert_holds_and_free(mapped_then_truncated(&mmref_v6_1));
}

static struct scene evicted_with_entries(unsigned long more_than_there_are)
{
	struct scene s = scene_new(&mmref_v7_2, 1);

	mmref_read(s.map, 0);
	s.file->inode->i_mapping.nrpages += more_than_there_are;
	mmref_thread(s.sim, "app", let_go_of_the_file, shared_of(&s));
	return s;
}

static void an_inode_that_is_evicted_with_an_entry_warns(void **state)
{
	(void)state;
	assert_breaks_and_free(evicted_with_entries(1), MMREF_KERNEL_WARNING, "clear_inode");
	assert_holds_and_free(evicted_with_entries(0));
}

static void warn_and_go_on(void *arg)
{
	struct shared *shared = arg;

	spin_lock(&shared->lock[0]);
	WARN_ON(shared->map);
	spin_lock(&shared->lock[0]);
}

/* A warning does not end the run: what it leads to is found too, and told first. */
static void a_run_goes_on_after_a_warning(void **state)
{
	struct scene s = one_thread(&mmref_v7_2, warn_and_go_on);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 2);
	assert_int_equal(result.found[0].violation, MMREF_DEADLOCK);
	assert_int_equal(result.found[1].violation, MMREF_KERNEL_WARNING);
	assert_string_equal(result.found[1].why, "shared->map");
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

/* --- bad-mapping ---------------------------------------------------------- */

static void associate_with_nobody(void *entry, struct address_space *mapping,
				  struct vm_area_struct *vma, unsigned long address, bool shared)
{
	MMREF_AS(mmref_v7_2, dax_associate_entry)(entry, mapping, vma, address, shared);
	if (dax_names_page(entry))
		WRITE_ONCE(dax_to_page(entry)->mapping, NULL);
}

static void associate_next_index(void *entry, struct address_space *mapping,
				 struct vm_area_struct *vma, unsigned long address, bool shared)
{
	MMREF_AS(mmref_v7_2, dax_associate_entry)(entry, mapping, vma, address + 1, shared);
}

static void associate_twice(void *entry, struct address_space *mapping,
			    struct vm_area_struct *vma, unsigned long address, bool shared)
{
	associate_with_nobody(entry, mapping, vma, address, shared);
	WRITE_ONCE(dax_to_page(entry)->mapping, mapping);
}

static void a_page_that_names_no_file_or_another_place_is_a_bad_mapping(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_associate_entry = associate_with_nobody;
	assert_breaks_and_free(one_thread(&mine, fault), MMREF_BAD_MAPPING, "dax_unlock_entry");
	mine.dax_associate_entry = associate_next_index;
	assert_breaks_and_free(one_thread(&mine, fault), MMREF_BAD_MAPPING, "dax_unlock_entry");
	mine.dax_associate_entry = associate_twice;
	assert_holds_and_free(one_thread(&mine, fault));
}

/*
 * A PTE fault comes to a PMD's entry.
 *
 *	1. one process maps 8 pages by a PMD: the entry and each page of it name the file
 *	2. another faults one page in by a PTE. The entry stays; v4.20 took the mapping and
 *	   the index from all of its pages and gave them back to that one
 *
 * memory_failure() of another page of the PMD then finds no file. 1571c029a2ff leaves
 * the pages alone.
 */
static void forget_all_but_the_first(void *arg)
{
	struct shared *shared = arg;

	mmref_write(shared->map, 0, 1);
	for (int i = 1; i < 8; i++) {
		WRITE_ONCE(shared->page[i].mapping, NULL);
		WRITE_ONCE(shared->page[i].index, 0);
	}
	map_tails(arg);
}

static void map_by_pmd_and_by_pte(void *arg)
{
	mmref_write(((struct shared *)arg)->map, 0, 1);
	map_tails(arg);
}

static void a_pte_fault_that_clears_the_mapping_of_a_pmd_is_a_bad_mapping(void **state)
{
	struct scene s = one_thread_on_pmd(&mmref_v6_12, forget_all_but_the_first);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_int_equal(result.violation, MMREF_BAD_MAPPING);
	assert_function(result.found[0].site, "dax_unlock_entry");
	mmref_result_free(&result);
	mmref_sim_free(s.sim);

	assert_holds_and_free(one_thread_on_pmd(&mmref_v6_12, map_by_pmd_and_by_pte));
	assert_holds_and_free(one_thread_on_pmd(&mmref_v7_2, map_by_pmd_and_by_pte));
}

static void fault_forget_and_overrun(void *arg)
{
	struct shared *shared = arg;

	mmref_read(shared->map, 0);
	spin_lock(&shared->lock[0]);
	spin_lock(&shared->lock[0]);
}

/* As after a warning, the run goes on to what is graver. */
static void a_run_goes_on_after_a_bad_mapping(void **state)
{
	struct mmref_rules mine = mmref_v7_2;
	struct mmref_result result;
	struct scene s;

	(void)state;
	mine.dax_associate_entry = associate_with_nobody;
	s = one_thread(&mine, fault_forget_and_overrun);
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 2);
	assert_int_equal(result.found[0].violation, MMREF_DEADLOCK);
	assert_int_equal(result.found[1].violation, MMREF_BAD_MAPPING);
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

static void rebind_and_fault(void *arg)
{
	struct shared *shared = arg;

	mmref_unbind(shared->device);
	mmref_rebind(shared->device);
	mmref_read(shared->map, 0);
}

/* The old disk's entry names a page of a memmap that is not its own any more. */
static void an_entry_of_a_disk_that_is_gone_is_not_asked(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);

		mmref_read(s.map, 0);
		mmref_dontneed(s.map);
		mmref_thread(s.sim, "admin", rebind_and_fault, shared_of(&s));
		assert_holds_and_free(s);
	}
}

/* --- private-lost --------------------------------------------------------- */

static struct page *unmap_even_cows(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	const struct mmref_rules *kernel = MMREF_HAS(*rules(), dax_folio_is_shared) ? &mmref_v7_2 :
										     &mmref_v6_1;

	unmap_mapping_pages(mapping, start, end - start + 1, true);
	return MMREF_AS(*kernel, dax_layout_busy_page_range)(mapping, start, end);
}

static void punch_first(void *arg)
{
	mmref_punch(((struct shared *)arg)->file, 0, 1);
}

static void truncate_to_one(void *arg)
{
	mmref_truncate(((struct shared *)arg)->file, 1);
}

static void truncate_to_two(void *arg)
{
	mmref_truncate(((struct shared *)arg)->file, 2);
}

static void collapse_first(void *arg)
{
	mmref_collapse(((struct shared *)arg)->file, 0, 1);
}

static void unmap_private(void *arg)
{
	mmref_dontneed(((struct shared *)arg)->map);
	mmref_munmap(((struct shared *)arg)->map);
}

/* A file of three pages, of which page 1, or @page, is copied. */
static struct scene private_copy_then(const struct mmref_rules *rules, enum mmref_file_system fs,
				      unsigned int page, void (*body)(void *arg))
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	assert_non_null(s.sim);
	s.device = mmref_fsdax_with(s.sim, 3, fs);
	s.file = mmref_create(s.device, 3, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap_at(s.process, s.file, 0, 3, 1, true);
	assert_non_null(s.map);
	assert_int_equal(mmref_write(s.map, page, 1), 0);
	mmref_thread(s.sim, "app", body, shared_of(&s));
	return s;
}

/*
 * fallocate() unmaps private copies.
 *
 *	1. app stores to page 1 of a MAP_PRIVATE map, and has a copy of its own
 *	2. a hole is punched into page 0 of the file: ext4_break_layouts() unmaps all of the file,
 *	   up to v5.2 with even_cows
 *	3. the next load of page 1 reads the file: the store is lost
 *
 * d75996dd022b unmaps pages of the file alone.
 */
static void a_punch_that_unmaps_private_copies_loses_them(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules mine = *rules;

		mine.dax_layout_busy_page_range = unmap_even_cows;
		assert_breaks_and_free(private_copy_then(&mine, MMREF_EXT4, 1, punch_first),
				       MMREF_PRIVATE_LOST, "zap_pte_range");
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 1, punch_first));
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 0, punch_first));
	}
}

/* It takes what it cuts off, and leaves what it does not. */
static void a_truncate_takes_the_private_copies_that_it_cuts_off(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_rules mine = *rules;

		mine.dax_layout_busy_page_range = unmap_even_cows;
		assert_breaks_and_free(private_copy_then(&mine, MMREF_EXT4, 1, truncate_to_two),
				       MMREF_PRIVATE_LOST, "zap_pte_range");
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 1, truncate_to_two));
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 1, truncate_to_one));
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 1, unmap_private));
	}
}

/*
 * ext4_collapse_range() calls truncate_pagecache(), which unmaps private copies from there on,
 * though the file is cut by less; xfs_prepare_shift() calls truncate_pagecache_range().
 */
static void a_collapse_loses_private_copies_on_ext4_and_not_on_xfs(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		assert_breaks_and_free(private_copy_then(rules, MMREF_EXT4, 1, collapse_first),
				       MMREF_PRIVATE_LOST, "zap_pte_range");
		assert_holds_and_free(private_copy_then(rules, MMREF_EXT4, 2, collapse_first));
		assert_holds_and_free(private_copy_then(rules, MMREF_XFS, 1, collapse_first));
	}
}

/* --- kernel-bug ----------------------------------------------------------- */

static int admit_any_page(struct vm_area_struct *vma, struct page *page)
{
	(void)vma;
	(void)page;
	return 0;
}

/*
 * The RFC of 2023, as far as PTEs go.
 *
 *	1. the fault takes no reference of its own before it inserts
 *	2. the insert takes the PTE's reference with folio_get()
 *	3. the count is 0: VM_BUG_ON_FOLIO
 *
 * When the bug is back: kernel-bug. 38607c62b34b takes one first, with a plain
 * increment.
 */
static void folio_get_of_a_free_page_is_a_bug(void **state)
{
	struct mmref_rules rfc = mmref_v7_2;
	struct scene s;

	(void)state;
	rfc.dax_fault_iter = fault_that_takes_nothing;
	rfc.validate_page_before_insert = admit_any_page;
	assert_breaks_and_free(one_thread(&rfc, fault), MMREF_KERNEL_BUG,
			       "insert_page_into_pte_locked");

	/* distribution kernels are built without CONFIG_DEBUG_VM */
	s = one_thread(&rfc, fault_and_unmap);
	s.sim->world->debug_vm = false;
	assert_holds_and_free(s);
}

static void fault_and_expect_sigbus(void *arg)
{
	mmref_assert(mmref_read(((struct shared *)arg)->map, 0) == -EIO);
}

/* validate_page_before_insert() looks first: a SIGBUS instead of the crash. */
static void an_insert_that_looks_at_the_count_fails_instead(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_fault_iter = fault_that_takes_nothing;
	assert_holds_and_free(one_thread(&mine, fault_and_expect_sigbus));
}

static void assert_something(void *arg)
{
	struct shared *shared = arg;

	mmref_assert(mmref_read(shared->map, 0) == FILL + 1);
}

static void a_failed_assertion_is_told_in_its_own_words(void **state)
{
	struct scene s = one_thread(&mmref_v7_2, assert_something);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_int_equal(result.violation, MMREF_KERNEL_BUG);
	assert_string_equal(result.found[0].why, "mmref_read(shared->map, 0) == FILL + 1");
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

/* --- what is told of a violation ------------------------------------------ */

/* The site names the source line that the step was written on, seen from the tree's root. */
static void a_violation_is_told_with_the_line_of_its_step(void **state)
{
	struct scene s = held_then_evicted(&mmref_v6_1, false);
	struct mmref_result result;
	struct mmref_page page;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_string_equal(result.found[0].site->file, "lib/fs/blocks.c");
	assert_string_equal(result.found[0].site->verb, "free_blocks");
	assert_true(result.found[0].site->line > 0);
	assert_int_equal(result.found[0].page, 0);
	page = page_of(s.sim, result.found[0].page);
	assert_int_equal(page.held[HELD_BY_GET], 1);
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

static void of_several_violations_the_gravest_comes_first(void **state)
{
	struct scene s = held_then_evicted(&mmref_v6_1, false);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_int_equal(result.nr_found, 2);
	assert_int_equal(result.found[0].violation, MMREF_USE_AFTER_TRUNCATE);
	assert_int_equal(result.found[1].violation, MMREF_KERNEL_WARNING);
	assert_function(result.found[1].site, "dax_disassociate_entry");
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

static void every_violation_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = MMREF_NONE + 1; i < MMREF_NR_VIOLATIONS; i++) {
		assert_int_equal(mmref_violation_find(mmref_violation_name(i)), i);
		assert_true(strlen(mmref_violation_means(i)) > 0);
	}
	assert_int_equal(mmref_violation_find("no such thing"), MMREF_NONE);
}

/* --- the equation --------------------------------------------------------- */

static void do_everything(void *arg)
{
	struct shared *shared = arg;
	struct mmref_hold *pin, *get;

	mmref_read(shared->map, 0);
	mmref_write(shared->map, 0, 1);
	pin = mmref_pin(shared->map, 0, 1, MMREF_GUP_WRITE, NULL);
	get = mmref_get(shared->map, 0, 1, MMREF_GUP_REMOTE, NULL);
	mmref_msync(shared->map);
	mmref_write(shared->map, 0, 2);
	mmref_dontneed(shared->map);
	mmref_dma_write(pin, 0, 3);
	mmref_release(pin);
	mmref_release(get);
	mmref_read(shared->map, 0);
	mmref_truncate(shared->file, 0);
	mmref_pwrite(shared->file, 0, 4);
	mmref_read(shared->map, 0);
	let_go_of_the_file(shared);
}

struct tally {
	struct mmref_sim *sim;
	const struct mmref_rules *rules;
	size_t steps;
	int most[MMREF_NR_HOLDERS];
};

/*
 * Old rules: count = 1 + gets + pins + transients, mapcount 0. New: count =
 * PTEs + gets + pins + transients, mapcount = PTEs but for one being set or cleared.
 */
static void check_equation(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct tally *tally = cookie;
	struct mmref_page page = page_of(tally->sim, 0);

	(void)task;
	(void)step;
	tally->steps = number;
	assert_int_equal(held_of(&page), page.refcount);
	for (int i = 0; i < MMREF_NR_HOLDERS; i++) {
		assert_true(page.held[i] >= 0);
		if (page.held[i] > tally->most[i])
			tally->most[i] = page.held[i];
	}
	if (tally->rules == &mmref_v6_1) {
		assert_int_equal(page.held[HELD_BY_BASE], 1);
		assert_int_equal(page.held[HELD_BY_PTE], 0);
		assert_int_equal(page.mapcount, 0);
	} else {
		assert_int_equal(page.held[HELD_BY_BASE], 0);
		assert_in_range(page.held[HELD_BY_PTE] - page.mapcount, 0, 1);
	}
}

static void the_count_equals_what_is_held_at_every_step(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = one_thread(rules, do_everything);
		struct tally tally = { .sim = s.sim, .rules = rules };
		struct mmref_observer observer = { .cookie = &tally, .step = check_equation };
		size_t steps = mmref_run_in_order(s.sim, &observer);

		/* the whole run was looked at, and it had something of everything */
		assert_int_equal(tally.steps, steps);
		assert_int_equal(tally.most[HELD_BY_PIN], 1024);
		assert_int_equal(tally.most[HELD_BY_GET], 1);
		assert_true(tally.most[HELD_BY_TRANSIENT] > 0);
		assert_int_equal(tally.most[HELD_BY_GATHER], rules == &mmref_v7_2);
		mmref_sim_free(s.sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(putting_twice_what_was_taken_once_is_an_underflow),
		cmocka_unit_test(releasing_twice_what_was_got_once_is_an_underflow),
		cmocka_unit_test(a_count_below_what_is_held_is_an_underflow),
		cmocka_unit_test(a_mapcount_below_zero_is_an_underflow),
		cmocka_unit_test(a_pincount_below_zero_is_an_underflow),
		cmocka_unit_test(a_map_that_is_counted_for_ever_is_a_leak),
		cmocka_unit_test(a_count_above_what_is_held_is_a_leak),
		cmocka_unit_test(a_fault_that_keeps_its_reference_is_a_leak),
		cmocka_unit_test(a_put_that_puts_nothing_is_a_leak_and_a_pin_kept_is_none),
		cmocka_unit_test(an_entry_that_goes_without_its_reference_is_a_leak),
		cmocka_unit_test(a_pmd_that_goes_without_its_reference_is_a_leak),
		cmocka_unit_test(a_pmd_of_device_dax_that_keeps_its_reference_is_a_leak),
		cmocka_unit_test(an_entire_mapcount_counts_the_pmds),
		cmocka_unit_test(a_large_mapcount_counts_all_entries),
		cmocka_unit_test(nr_pages_mapped_counts_what_is_mapped),
		cmocka_unit_test(a_pincount_counts_the_pins),
		cmocka_unit_test(an_entry_of_a_tail_is_in_a_mapcount),
		cmocka_unit_test(an_entry_without_a_reference_names_a_page_that_counts_zero),
		cmocka_unit_test(a_memmap_removed_under_an_entry_is_used_after_unplug),
		cmocka_unit_test(a_look_at_a_removed_page_is_used_after_unplug),
		cmocka_unit_test(a_block_freed_under_a_hold_is_used_after_truncate),
		cmocka_unit_test(an_eviction_that_waits_for_a_hold_kept_for_ever_is_a_deadlock),
		cmocka_unit_test(dma_into_a_block_that_was_freed_is_used_after_truncate),
		cmocka_unit_test(reaching_a_removed_device_is_used_after_unplug),
		cmocka_unit_test(reaching_a_freed_block_through_an_entry_is_used_after_truncate),
		cmocka_unit_test(a_pgmap_reference_that_is_never_put_hangs_the_removal),
		cmocka_unit_test(a_last_put_that_does_not_wake_loses_the_wakeup),
		cmocka_unit_test(folio_put_loses_the_wakeup_under_the_old_rules),
		cmocka_unit_test(waiting_on_another_address_than_is_woken_loses_the_wakeup),
		cmocka_unit_test(a_truncate_that_nobody_will_let_on_is_a_deadlock),
		cmocka_unit_test(locks_taken_in_two_orders_are_a_deadlock),
		cmocka_unit_test(entries_left_to_truncate_warn_under_the_new_rules),
		cmocka_unit_test(an_inode_that_is_evicted_with_an_entry_warns),
		cmocka_unit_test(a_run_goes_on_after_a_warning),
		cmocka_unit_test(a_page_that_names_no_file_or_another_place_is_a_bad_mapping),
		cmocka_unit_test(a_pte_fault_that_clears_the_mapping_of_a_pmd_is_a_bad_mapping),
		cmocka_unit_test(a_run_goes_on_after_a_bad_mapping),
		cmocka_unit_test(an_entry_of_a_disk_that_is_gone_is_not_asked),
		cmocka_unit_test(a_punch_that_unmaps_private_copies_loses_them),
		cmocka_unit_test(a_truncate_takes_the_private_copies_that_it_cuts_off),
		cmocka_unit_test(a_collapse_loses_private_copies_on_ext4_and_not_on_xfs),
		cmocka_unit_test(folio_get_of_a_free_page_is_a_bug),
		cmocka_unit_test(an_insert_that_looks_at_the_count_fails_instead),
		cmocka_unit_test(a_failed_assertion_is_told_in_its_own_words),
		cmocka_unit_test(a_violation_is_told_with_the_line_of_its_step),
		cmocka_unit_test(of_several_violations_the_gravest_comes_first),
		cmocka_unit_test(every_violation_has_a_word_of_its_own),
		cmocka_unit_test(the_count_equals_what_is_held_at_every_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
