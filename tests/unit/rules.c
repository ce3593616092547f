/* SPDX-License-Identifier: MIT */
/*
 * Where one rule set parts from its neighbour: what each kernel, or each patch,
 * brought that the one before it had not.
 */
#include "scene.h"

#include <mmref/linux/dax.h>
#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

/* A device, a file and a map of one PMD of 2^@order pages. */
static struct scene pmd_scene(const struct mmref_rules *rules, unsigned int order)
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	assert_non_null(s.sim);
	s.sim->world->pmd_order = order;
	s.device = mmref_fsdax(s.sim, 1U << order);
	s.file = mmref_create(s.device, 1U << order, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap(s.process, s.file, 0, 1U << order);
	assert_non_null(s.map);
	return s;
}

static pmd_t pmd_of(const struct scene *s)
{
	unsigned long nr = s->map->vma->vm_start >> s->sim->world->pmd_order;

	return s->process->mm->pmd[nr];
}

/* --- v6.12 ------------------------------------------------------------------ */

/* dax_insert_entry(), fs/dax.c: v6.1 does not ask whether the fault is a write. */
static void a_read_fault_makes_the_entry_dirty_under_v6_1_alone(void **state)
{
	static const struct mmref_rules *const kernels[] = { &mmref_v6_1, &mmref_v6_12,
							     &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct scene s = scene_new(kernels[i], 1);

		mmref_read(s.map, 0);
		assert_int_equal(s.file->inode->i_mapping.i_pages.marks[0], i ? 0 : PAGECACHE_TAG_DIRTY);
		mmref_sim_free(s.sim);
	}
}

/* --- gunthorpe-2022 --------------------------------------------------------- */

/* The pgmap counts 1, and one for each folio in use, however often that is used. */
static void a_folio_in_use_holds_its_pgmap_once(void **state)
{
	(void)state;
	for (unsigned int order = 0; order < 2; order++) {
		struct scene s = pmd_scene(&mmref_gunthorpe_2022, 1);
		const struct percpu_ref *ref = &s.device->pmem.pgmap->ref;
		struct mmref_map *map = s.map, *other;
		struct mmref_hold *hold;

		if (!order) /* no room for a PMD */
			map = mmref_mmap(s.process, s.file, 0, 1);
		other = mmref_mmap(mmref_process(s.sim), s.file, 0, 1 << order);
		assert_int_equal(percpu_ref_sum(ref), 1);
		mmref_write(map, 0, 1);
		assert_int_equal(page_of(s.sim, 0).kind, order ? 'H' : '0');
		assert_int_equal(percpu_ref_sum(ref), 2);
		mmref_write(other, 0, 2);
		hold = mmref_pin(map, 0, 1, MMREF_GUP_WRITE, NULL);
		assert_non_null(hold);
		assert_int_equal(percpu_ref_sum(ref), 2);

		mmref_munmap(map);
		mmref_munmap(other);
		assert_int_equal(percpu_ref_sum(ref), 2);
		mmref_release(hold);
		assert_int_equal(page_of(s.sim, 0).refcount, 0);
		assert_int_equal(percpu_ref_sum(ref), 1);

		/* and again: the page stayed with its file */
		map = mmref_mmap(s.process, s.file, 0, 1 << order);
		mmref_read(map, 0);
		assert_int_equal(percpu_ref_sum(ref), 2);
		mmref_sim_free(s.sim);
	}
}

/* GUP-fast looks at the type of a page that it holds, and at nothing of one that it does not. */
static void a_longterm_pin_is_refused_and_leaves_nothing(void **state)
{
	struct scene s = scene_new(&mmref_gunthorpe_2022, 1);

	(void)state;
	mmref_write(s.map, 0, 1);
	assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_FAST_ONLY, NULL));
	assert_int_equal(page_of(s.sim, 0).refcount, 1);
	assert_int_equal(page_of(s.sim, 0).held[HELD_BY_PTE], 1);
	assert_int_equal(percpu_ref_sum(&s.device->pmem.pgmap->ref), 2);
	mmref_sim_free(s.sim);
}

/* --- popple-2023 ------------------------------------------------------------ */

static void write_to_the_first_page(void *arg)
{
	mmref_write(arg, 0, 1);
}

/*
 * Dan Williams, nvdimm, Nov 2023, of dax-pmd in ndctl's dax-ext4.sh: "refcount:0 ...
 * order:9 ... entire_mapcount:0 ... pincount:0", and VM_BUG_ON_FOLIO() in folio_get().
 */
static void the_rfc_dies_on_a_folio_as_the_crash_printed_it(void **state)
{
	struct scene s = pmd_scene(&mmref_popple_2023, 9);
	struct mmref_page head;
	struct watch watch;

	(void)state;
	mmref_thread(s.sim, "dax-pmd", write_to_the_first_page, s.map);
	run_in_order(s.sim, &watch);
	assert_int_equal(watch.violation, MMREF_KERNEL_BUG);
	assert_string_equal(watch.site->func, "vmf_insert_folio_pmd");

	head = page_of(s.sim, 0);
	assert_int_equal(head.kind, 'H');
	assert_int_equal(head.order, 9);
	assert_int_equal(head.refcount, 0);
	assert_int_equal(head.entire_mapcount, 0);
	assert_int_equal(head.pincount, 0);
	mmref_sim_free(s.sim);
}

/* With CONFIG_DEBUG_VM off it goes on, and the last put takes entry and mapping along. */
static void the_rfc_unchecked_drops_the_entry_with_the_last_reference(void **state)
{
	(void)state;
	for (unsigned int order = 0; order < 2; order++) {
		struct scene s = pmd_scene(&mmref_popple_2023, 1);
		struct mmref_map *map = s.map;

		s.sim->world->debug_vm = false;
		if (!order) /* no room for a PMD */
			map = mmref_mmap(s.process, s.file, 0, 1);
		mmref_write(map, 0, 1);
		assert_int_equal(page_of(s.sim, 0).kind, order ? 'H' : '0');
		assert_int_equal(page_of(s.sim, 0).refcount, 1);
		assert_int_equal(page_of(s.sim, 0).mapping, s.file->inode->i_ino);
		assert_non_null(xa_peek(&s.file->inode->i_mapping.i_pages, 0));

		mmref_munmap(map);
		assert_int_equal(page_of(s.sim, 0).refcount, 0);
		assert_int_equal(page_of(s.sim, 0).mapping, 0);
		assert_null(xa_peek(&s.file->inode->i_mapping.i_pages, 0));
		mmref_sim_free(s.sim);
	}
}

/* --- v6.15 ------------------------------------------------------------------ */

/*
 * David Hildenbrand, linux-mm, June 2025: a folio with a count, mapped by a PMD
 * that says there is none to be counted.
 *
 *	1. vmf_insert_folio_pmd() takes a reference and sets the PMD through
 *	   insert_pfn_pmd(), special
 *	2. GUP-fast turns away from it; the slow walk takes the page
 *	3. the zap puts the reference all the same
 */
static void a_special_pmd_holds_its_folio_and_is_not_for_gup_fast(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		bool special = sets[i] == &mmref_v6_15;
		struct scene s = pmd_scene(sets[i], 2);
		struct mmref_hold *hold;

		mmref_write(s.map, 0, 1);
		assert_int_equal(!!(pmd_of(&s) & PTE_SPECIAL), special);
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_PMD], 1);
		assert_int_equal(page_of(s.sim, 0).refcount, 1);

		hold = mmref_get(s.map, 1, 1, MMREF_GUP_FAST_ONLY, NULL);
		assert_int_equal(!hold, special);
		assert_int_equal(page_of(s.sim, 0).refcount, special ? 1 : 2);
		mmref_release(hold);
		hold = mmref_get(s.map, 1, 1, 0, NULL);
		assert_non_null(hold);
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_GET], 1);
		mmref_release(hold);

		mmref_munmap(s.map);
		assert_int_equal(page_of(s.sim, 0).refcount, 0);
		assert_int_equal(page_of(s.sim, 0).large_mapcount, 0);
		assert_int_equal(page_of(s.sim, 0).entire_mapcount, 0);
		mmref_sim_free(s.sim);
	}
}

/* A part of what a PMD maps goes: __split_huge_pmd_locked() puts the reference of the whole. */
static void splitting_a_special_pmd_puts_its_folio(void **state)
{
	struct scene s = pmd_scene(&mmref_v6_15, 2);

	(void)state;
	mmref_write(s.map, 0, 1);
	assert_int_equal(mmref_punch(s.file, 0, 1), 0);
	assert_int_equal(page_of(s.sim, 0).refcount, 0);
	assert_int_equal(pmd_of(&s) & PTE_PRESENT, 0);
	mmref_sim_free(s.sim);
}

static void delete_the_entry(void *arg)
{
	struct mmref_file *file = arg;

	dax_delete_mapping_entry(&file->inode->i_mapping, 0);
}

/*
 * dax_folio_put(), fs/dax.c: v6.15 returns before the warnings where the folio is of
 * order 0; dax_folio_reset_order() came later and left no such return.
 */
static void an_entry_of_a_held_page_goes_without_a_warning_under_v6_15(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s = scene_new(sets[i], 1);
		struct watch watch;

		assert_non_null(mmref_get(s.map, 0, 1, MMREF_GUP_WRITE, NULL));
		mmref_thread(s.sim, "truncate", delete_the_entry, s.file);
		run_in_order(s.sim, &watch);
		assert_int_equal(watch.violation,
				 sets[i] == &mmref_v6_15 ? MMREF_NONE : MMREF_KERNEL_WARNING);
		mmref_sim_free(s.sim);
	}
}

struct tail {
	struct address_space *mapping;
	struct page *page;
	struct vm_area_struct *vma;
};

static void associates_tail(void *arg)
{
	const struct tail *tail = arg;

	dax_associate_entry(dax_make_entry(page_to_pfn(tail->page), 0), tail->mapping, tail->vma,
			    tail->vma->vm_start, false);
}

/* dax_to_folio(), fs/dax.c: the page of an entry is looked for in its folio, stale or not. */
static void a_tail_that_gets_an_entry_is_warned_of_and_its_head_is_marked(void **state)
{
	static const struct mmref_rules *const kernels[] = { &mmref_v6_15, &mmref_v7_2 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s = pmd_scene(kernels[i], 1);
		struct tail *tail = mmref_alloc(s.sim, sizeof(*tail));
		struct page *head = s.device->pmem.pgmap->memmap;
		struct watch watch;

		mmref_write(s.map, 0, 1);
		assert_ptr_equal(page_folio_peek(head + 1), head);
		POKE(head->mapping, NULL);
		POKE(head->index, 5);
		*tail = (struct tail){ &s.file->inode->i_mapping, head + 1, s.map->vma };
		mmref_thread(s.sim, "app", associates_tail, tail);
		run_in_order(s.sim, &watch);
		assert_int_equal(watch.violation, MMREF_KERNEL_WARNING);
		assert_ptr_equal(head->mapping, tail->mapping);
		assert_int_equal(head->index, 0);
		assert_null(head[1].mapping);
		mmref_sim_free(s.sim);
	}
}

/* --- variants ------------------------------------------------------------------ */

static size_t functions_that_differ(const struct mmref_rules *a, const struct mmref_rules *b)
{
	size_t differing = 0;

	for (size_t i = 0; mmref_function_at(i); i++)
		differing += !mmref_rules_share(a, b, mmref_function_at(i));
	return differing;
}

/* Named after its ancestor, found by its name, and its ancestor but for what it replaces. */
static void a_variant_replaces_a_few_points_of_its_ancestor(void **state)
{
	const struct mmref_rules *variant;
	size_t nr = 0;

	(void)state;
	for (; (variant = mmref_rules_variant(nr)); nr++) {
		size_t length = strlen(variant->ancestor->name), differing;

		assert_ptr_equal(mmref_rules_find(variant->ancestor->name), variant->ancestor);
		assert_memory_equal(variant->name, variant->ancestor->name, length);
		assert_int_equal(variant->name[length], '/');
		assert_ptr_equal(mmref_rules_find(variant->name), variant);
		differing = functions_that_differ(variant, variant->ancestor);
		assert_in_range(differing, 1, 8);
	}
	assert_in_range(nr, 20, 200);
	assert_null(mmref_rules_find("v6.1/"));
	assert_null(mmref_rules_find("v6.1/gup-puts-folios+arbiter"));
}

/* 6401c4eb57f9. No page that a PMD maps counts 0 by itself, so that no scenario can show it. */
static void a_walk_that_is_refused_a_page_keeps_the_pgmap_before_v5_16(void **state)
{
	const struct mmref_rules *sets[] = { &mmref_v6_1,
					     mmref_rules_find("v6.1/huge-walk-keeps-pgmap") };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s = pmd_scene(sets[i], 1);
		struct dev_pagemap *pgmap = s.device->pmem.pgmap;
		unsigned long before = percpu_ref_sum(&pgmap->ref);

		mmref_write(s.map, 0, 1);
		POKE(pgmap->memmap[1]._refcount.counter, 0);
		assert_null(mmref_get(s.map, 0, 2, MMREF_GUP_FAST_ONLY, NULL));
		assert_int_equal(percpu_ref_sum(&pgmap->ref) - before, i);
		mmref_sim_free(s.sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_fault_makes_the_entry_dirty_under_v6_1_alone),
		cmocka_unit_test(a_folio_in_use_holds_its_pgmap_once),
		cmocka_unit_test(a_longterm_pin_is_refused_and_leaves_nothing),
		cmocka_unit_test(the_rfc_dies_on_a_folio_as_the_crash_printed_it),
		cmocka_unit_test(the_rfc_unchecked_drops_the_entry_with_the_last_reference),
		cmocka_unit_test(a_special_pmd_holds_its_folio_and_is_not_for_gup_fast),
		cmocka_unit_test(splitting_a_special_pmd_puts_its_folio),
		cmocka_unit_test(an_entry_of_a_held_page_goes_without_a_warning_under_v6_15),
		cmocka_unit_test(a_tail_that_gets_an_entry_is_warned_of_and_its_head_is_marked),
		cmocka_unit_test(a_walk_that_is_refused_a_page_keeps_the_pgmap_before_v5_16),
		cmocka_unit_test(a_variant_replaces_a_few_points_of_its_ancestor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
