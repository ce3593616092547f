/* SPDX-License-Identifier: MIT */
/* get_user_pages() and pin_user_pages(): what is held, by which walk, and given back how. */
#include "check/ledger.h"
#include "scene.h"

#include <errno.h>

#include <mmref/linux/atomic.h>
#include <mmref/kernel.h>
#include "ops/ops.h"
#include "sched/sim.h"

#define PAGES 3
#define PMD_PAGES 8 /* of device-dax */

/* What page @i counts beyond what it counted in @before, and as what it is held. */
static void assert_held_more(struct mmref_sim *sim, unsigned int i, const struct mmref_page *before,
			     enum mmref_holder holder, int refs)
{
	struct mmref_page now = page_of(sim, i);

	assert_int_equal(now.refcount, before->refcount + refs);
	assert_int_equal(now.mapcount, before->mapcount);
	assert_int_equal(now.mapped, before->mapped);
	assert_int_equal(now.held[holder], before->held[holder] + refs);
	assert_int_equal(held_of(&now), now.refcount);
}

static void get_counts_one_and_a_put_gives_it_back(void **state)
{
	static const unsigned int flags[] = { 0, MMREF_GUP_FAST_ONLY, MMREF_GUP_REMOTE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 3; i++) {
			struct scene s = scene_new(rules, PAGES);
			struct mmref_page before;
			struct mmref_hold *hold;
			int error = 1;

			mmref_write(s.map, 0, 1);
			before = page_of(s.sim, 0);
			hold = mmref_get(s.map, 0, 1, flags[i] | MMREF_GUP_WRITE, &error);
			assert_non_null(hold);
			assert_int_equal(error, 0);
			assert_held_more(s.sim, 0, &before, HELD_BY_GET, 1);
			assert_int_equal(mmref_release(hold), 0);
			assert_held_more(s.sim, 0, &before, HELD_BY_GET, 0);
			mmref_sim_free(s.sim);
		}
	}
}

/* GUP_PIN_COUNTING_BIAS, include/linux/mm.h: 1U << 10 of an order-0 page. */
static void pin_counts_1024_and_an_unpin_gives_them_back(void **state)
{
	static const unsigned int flags[] = { 0, MMREF_GUP_FAST_ONLY, MMREF_GUP_REMOTE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 3; i++) {
			struct scene s = scene_new(rules, PAGES);
			struct mmref_page before;
			struct mmref_hold *hold, *second;

			mmref_write(s.map, 0, 1);
			before = page_of(s.sim, 0);
			hold = mmref_pin(s.map, 0, 1, flags[i], NULL);
			assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 1 << 10);
			second = mmref_pin(s.map, 0, 1, flags[i], NULL);
			assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 2 << 10);
			mmref_release(hold);
			assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 1 << 10);
			mmref_release(second);
			assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 0);
			mmref_sim_free(s.sim);
		}
	}
}

static void the_fast_walk_alone_does_not_fault(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_page before = page_of(s.sim, 0);
		int error = 1;

		assert_null(mmref_get(s.map, 0, 1, MMREF_GUP_FAST_ONLY, &error));
		assert_int_equal(error, 0);
		assert_held_more(s.sim, 0, &before, HELD_BY_GET, 0);

		/* with a page table there, but no entry in it */
		mmref_read(s.map, 1);
		assert_null(mmref_get(s.map, 0, 1, MMREF_GUP_FAST_ONLY, &error));
		mmref_sim_free(s.sim);
	}
}

static void the_slow_walk_faults_the_page_in(void **state)
{
	static const unsigned int flags[] = { 0, MMREF_GUP_REMOTE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, PAGES);
			struct mmref_page page;

			assert_non_null(mmref_pin(s.map, 2, 1, flags[i], NULL));
			page = page_of(s.sim, 2);
			assert_int_equal(page.mapped, 1);
			assert_int_equal(page.refcount, 1 + 1024); /* the base, or the PTE */
			assert_int_equal(page.mapcount, rules == &mmref_v7_2);
			mmref_sim_free(s.sim);
		}
	}
}

static void a_walk_that_will_write_wants_a_writable_entry(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_page before;

		mmref_read(s.map, 0);
		before = page_of(s.sim, 0);
		assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE | MMREF_GUP_FAST_ONLY, NULL));
		assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 0);
		assert_non_null(mmref_pin(s.map, 0, 1, MMREF_GUP_FAST_ONLY, NULL));

		assert_non_null(mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE, NULL));
		assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 2048);
		assert_non_null(
			mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE | MMREF_GUP_FAST_ONLY, NULL));
		mmref_sim_free(s.sim);
	}
}

/* vma_is_fsdax(): a pin without end on memory that a truncate must be able to take. */
static void a_longterm_pin_of_a_file_is_refused(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_page before;
		int error = 0;

		mmref_write(s.map, 0, 1);
		before = page_of(s.sim, 0);
		assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_WRITE, &error));
		assert_int_equal(error, -EOPNOTSUPP);
		error = 0;
		assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_REMOTE, &error));
		assert_int_equal(error, -EOPNOTSUPP);
		assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_FAST_ONLY, NULL));
		assert_held_more(s.sim, 0, &before, HELD_BY_PIN, 0);
		assert_held_more(s.sim, 0, &before, HELD_BY_TRANSIENT, 0);
		mmref_sim_free(s.sim);
	}
}

static void several_pages_are_held_each_for_itself(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_hold *hold;

		mmref_read(s.map, 1); /* the fast walk stops at once; the slow one takes all */
		hold = mmref_get(s.map, 0, PAGES, 0, NULL);
		assert_int_equal(hold->nr, PAGES);
		for (unsigned int i = 0; i < PAGES; i++) {
			assert_int_equal(page_of(s.sim, i).held[HELD_BY_GET], 1);
			assert_int_equal(page_of(s.sim, i).mapped, 1);
		}
		mmref_release(hold);
		for (unsigned int i = 0; i < PAGES; i++)
			assert_int_equal(page_of(s.sim, i).held[HELD_BY_GET], 0);
		mmref_sim_free(s.sim);
	}
}

static void a_walk_ends_where_the_file_does_with_what_it_has(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_hold *hold;
		int error = 0;

		mmref_truncate(s.file, 2);
		hold = mmref_get(s.map, 0, PAGES, 0, &error);
		assert_int_equal(error, 0);
		assert_int_equal(hold->nr, 2);
		mmref_release(hold);
		assert_null(mmref_get(s.map, 2, 1, 0, &error));
		assert_int_equal(error, -EFAULT);
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_GET], 0);
		mmref_sim_free(s.sim);
	}
}

static void a_walk_over_what_is_not_mapped_is_a_fault(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		int error = 0;

		mmref_read(s.map, 0);
		mmref_munmap(s.map);
		assert_null(mmref_get(s.map, 0, 1, 0, &error));
		assert_int_equal(error, -EFAULT);
		mmref_sim_free(s.sim);
	}
}

/* Old rules: a special entry without a device page. New: a special one. Neither is had. */
static void the_zero_page_of_a_hole_is_not_had_by_the_fast_walk(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);

		mmref_punch(s.file, 0, 1);
		mmref_read(s.map, 0);
		assert_null(mmref_get(s.map, 0, 1, MMREF_GUP_FAST_ONLY, NULL));
		mmref_sim_free(s.sim);
	}
}

static void both_walks_mark_the_page_referenced(void **state)
{
	static const unsigned int flags[] = { MMREF_GUP_FAST_ONLY, MMREF_GUP_REMOTE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, PAGES);

			mmref_read(s.map, 0);
			assert_false(page_of(s.sim, 0).referenced);
			mmref_get(s.map, 0, 1, flags[i], NULL);
			assert_true(page_of(s.sim, 0).referenced);
			mmref_sim_free(s.sim);
		}
	}
}

static void what_is_held_outlives_the_map(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_hold *hold;
		int idle = rules == &mmref_v6_1;

		mmref_write(s.map, 0, 0x5a);
		hold = mmref_pin(s.map, 0, 1, MMREF_GUP_WRITE, NULL);
		mmref_munmap(s.map);
		assert_int_equal(page_of(s.sim, 0).refcount, idle + 1024);
		assert_int_equal(page_of(s.sim, 0).mapcount, 0);
		assert_int_equal(mmref_dma_read(hold, 0), 0x5a);
		mmref_release(hold);
		assert_int_equal(page_of(s.sim, 0).refcount, idle);
		mmref_sim_free(s.sim);
	}
}

static void dma_reaches_the_page_that_is_held(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_hold *hold = mmref_pin(s.map, 1, 2, MMREF_GUP_WRITE, NULL);

		assert_int_equal(mmref_dma_read(hold, 0), FILL);
		assert_int_equal(mmref_dma_write(hold, 1, 0x6b), 0);
		assert_int_equal(mmref_read(s.map, 2), 0x6b);
		assert_int_equal(mmref_read(s.map, 1), FILL);
		mmref_write(s.map, 1, 0x7c);
		assert_int_equal(mmref_dma_read(hold, 0), 0x7c);
		assert_int_equal(mmref_pread(s.file, 2), 0x6b);
		assert_int_equal(mmref_dma_read(hold, 2), -EINVAL);
		mmref_sim_free(s.sim);
	}
}

static void a_release_of_nothing_is_let_pass(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, PAGES);

	(void)state;
	assert_int_equal(mmref_release(NULL), 0);
	assert_int_equal(mmref_dma_read(NULL, 0), -EINVAL);
	mmref_sim_free(s.sim);
}

/* --- the pgmap, which old rules hold for the time of a walk --------------- */

struct walk {
	struct mmref_map *map;
	unsigned int flags;
	struct dev_pagemap *pgmap;
	unsigned long most;
};

static void walk_once(void *arg)
{
	struct walk *walk = arg;

	mmref_release(mmref_pin(walk->map, 0, 2, walk->flags, NULL));
}

static void note_pgmap_references(void *cookie, size_t number, int task,
				  const struct mmref_step *step)
{
	struct walk *walk = cookie;
	unsigned long now = percpu_ref_sum(&walk->pgmap->ref);

	(void)number;
	(void)task;
	(void)step;
	walk->most = now > walk->most ? now : walk->most;
}

/* 1 + pfn_len at rest; a walk over two pages looks up the pgmap once. */
static void a_walk_holds_the_pgmap_under_the_old_rules_alone(void **state)
{
	static const unsigned int flags[] = { MMREF_GUP_FAST_ONLY, MMREF_GUP_REMOTE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 2; i++) {
			struct scene s = scene_new(rules, PAGES);
			struct walk *walk = mmref_alloc(s.sim, sizeof(*walk));
			struct walk seen = { .pgmap = s.device->pmem.pgmap };
			struct mmref_observer observer = {
				.cookie = &seen,
				.step = note_pgmap_references,
			};

			mmref_read(s.map, 0);
			mmref_read(s.map, 1);
			*walk = (struct walk){ .map = s.map, .flags = flags[i] };
			mmref_thread(s.sim, "walk", walk_once, walk);
			assert_int_equal(percpu_ref_sum(&seen.pgmap->ref), 1 + PAGES);
			mmref_run_in_order(s.sim, &observer);
			assert_int_equal(seen.most, 1 + PAGES + (rules == &mmref_v6_1));
			assert_int_equal(percpu_ref_sum(&seen.pgmap->ref), 1 + PAGES);
			mmref_sim_free(s.sim);
		}
	}
}

/* --- walks against changes of the entry ----------------------------------- */

struct race {
	struct mmref_map *map;
	struct page *page;
	unsigned int flags;
	struct mmref_hold *hold;
};

static void pin_use_unpin(void *arg)
{
	struct race *race = arg;
	struct mmref_hold *hold = mmref_pin(race->map, 0, 1, race->flags, NULL);

	if (!hold)
		return;
	mmref_assert(PEEK(ledger_of(race->page)->held[HELD_BY_PIN]) >= 1024);
	mmref_dma_read(hold, 0);
	mmref_release(hold);
}

static void unmap(void *arg)
{
	mmref_munmap(((struct race *)arg)->map);
}

static void write_protect(void *arg)
{
	mmref_msync(((struct race *)arg)->map);
}

static void drop_entries(void *arg)
{
	mmref_dontneed(((struct race *)arg)->map);
}

/*
 * A walk without locks against whoever changes the entry.
 *
 *	1. the walk reads the entry and takes the page
 *	2. the other changes the entry
 *	3. the walk reads the entry again, finds it changed, and lets go
 *
 * When it does not let go, or not of all it took: refcount-leak.
 */
static void a_walk_whose_entry_changes_lets_go_of_all_it_took(void **state)
{
	static void (*const others[])(void *arg) = { unmap, write_protect, drop_entries };
	static const unsigned int flags[] = { MMREF_GUP_FAST_ONLY, MMREF_GUP_WRITE };

	(void)state;
	for_both_rule_sets (rules) {
		for (int i = 0; i < 6; i++) {
			struct scene s = scene_new(rules, 1);
			struct race *race = mmref_alloc(s.sim, sizeof(*race));

			mmref_write(s.map, 0, 1);
			race->map = s.map;
			race->page = s.device->pmem.pgmap->memmap;
			race->flags = flags[i / 3];
			mmref_thread(s.sim, "walk", pin_use_unpin, race);
			mmref_thread(s.sim, "other", others[i % 3], race);
			assert_mmref_holds(s.sim);
			mmref_sim_free(s.sim);
		}
	}
}

static void get_at_once(void *arg)
{
	struct race *race = arg;

	race->hold = mmref_get(race->map, 0, 1, MMREF_GUP_FAST_ONLY, NULL);
}

/*
 * The same in one order: the entry goes between the grab and the second look.
 *
 *	1. the walk (0) reads the entry and takes a reference
 *	2. munmap (1) clears the entry
 *	3. the walk reads it again, puts, and comes back with nothing
 *
 * When the entry is not looked at again: the page is had after its entry has gone.
 */
static void a_page_whose_entry_went_before_the_second_look_is_not_had(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 1);
		struct race *race = mmref_alloc(s.sim, sizeof(*race));
		struct story story = { .sim = s.sim };

		mmref_read(s.map, 0);
		race->map = s.map;
		race->page = s.device->pmem.pgmap->memmap;
		mmref_thread(s.sim, "walk", get_at_once, race);
		mmref_thread(s.sim, "munmap", unmap, race);

		story_until(&story, 0, "folio_ref_add_unless_zero");
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_TRANSIENT], 1);
		story_until(&story, 1, "ptep_get_and_clear");
		story_on(&story, 0);
		assert_true(s.sim->fiber[0]->task.done);
		assert_null(race->hold);
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_TRANSIENT], 0);
		assert_int_equal(page_of(s.sim, 0).held[HELD_BY_GET], 0);
		mmref_sim_free(s.sim);
	}
}

/* io_pin_pages() of 6.1: what lies in a file is pinned, and given back. */
static void a_buffer_in_a_file_is_registered_by_kernels_that_take_files(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_sim *sim = mmref_sim_new(rules);
		struct mmref_device *dax = mmref_devdax(sim, PMD_PAGES);
		struct mmref_file *node = mmref_create(dax, PMD_PAGES, 0);
		struct mmref_process *process = mmref_process(sim);
		bool takes_files = rules == &mmref_v7_2;
		struct mmref_page page;
		int error;

		mmref_register(mmref_mmap(process, node, 0, PMD_PAGES), 0, 1, &error);
		assert_int_equal(error, takes_files ? 0 : -EOPNOTSUPP);
		page = page_of(sim, 0);
		assert_int_equal(page.mapped, 1);
		assert_int_equal(page.held[HELD_BY_PIN] > 0, takes_files);
		assert_non_null(mmref_register(mmref_mmap_anon(process, 1), 0, 1, NULL));
		mmref_sim_free(sim);
	}
}

/* --- walks of a PMD -------------------------------------------------------- */

static struct mmref_map *devdax_map(struct mmref_sim *sim, struct mmref_device **dax)
{
	*dax = mmref_devdax(sim, PMD_PAGES);
	return mmref_mmap(mmref_process(sim), mmref_create(*dax, PMD_PAGES, 0), 0, PMD_PAGES);
}

/* gup_fast_folio_allowed(): what is written to for long must not be of a file, nor of a node. */
static void a_longterm_pin_that_writes_is_for_the_slow_walk(void **state)
{
	unsigned int longterm = MMREF_GUP_LONGTERM | MMREF_GUP_WRITE;

	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_sim *sim = mmref_sim_new(rules);
		struct mmref_device *dax;
		struct mmref_map *map = devdax_map(sim, &dax);

		mmref_write(map, 0, 1);
		assert_null(mmref_pin(map, 0, 1, longterm | MMREF_GUP_FAST_ONLY, NULL));
		assert_non_null(mmref_pin(map, 0, 1, longterm, NULL));
		assert_non_null(mmref_pin(map, 0, 1, MMREF_GUP_WRITE | MMREF_GUP_FAST_ONLY, NULL));
		if (rules == &mmref_v7_2)
			assert_non_null(mmref_pin(map, 0, 1,
						  MMREF_GUP_LONGTERM | MMREF_GUP_FAST_ONLY, NULL));
		mmref_sim_free(sim);
	}
}

/* The same function does not ask a large folio for its mapping, which files that share it clear. */
static void a_large_folio_is_had_without_its_mapping(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct mmref_device *dax;
	struct mmref_map *map = devdax_map(sim, &dax);
	struct page *head = dax->pmem.pgmap->memmap;

	(void)state;
	mmref_read(map, 0);
	POKE(head->mapping, NULL);
	assert_non_null(mmref_get(map, 1, 1, MMREF_GUP_FAST_ONLY, NULL));
	mmref_sim_free(sim);
}

/* follow_devmap_pmd() fails where the pgmap dies, and does not fault for ever. */
static void a_pmd_without_a_live_pgmap_is_a_fault_of_the_slow_walk(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v6_1);
	struct mmref_device *dax;
	struct mmref_map *map = devdax_map(sim, &dax);
	int error = 0;

	(void)state;
	mmref_read(map, 0);
	POKE(dax->pmem.pgmap->ref.percpu_count_ptr, PERCPU_REF_ATOMIC | PERCPU_REF_DEAD);
	assert_null(mmref_get(map, 0, 1, MMREF_GUP_REMOTE, &error));
	assert_int_equal(error, -EFAULT);
	mmref_sim_free(sim);
}

/* check_vma_flags() of each VMA: the walk ends before the file, with what it has. */
static void a_longterm_walk_ends_where_a_file_begins(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, PAGES);
		struct mmref_map *anon = mmref_mmap_anon(s.process, PMD_PAGES);
		struct mmref_map *file = mmref_mmap(s.process, s.file, 0, 1);
		struct mmref_hold *hold;

		mmref_write(anon, PMD_PAGES - 1, 1);
		mmref_write(file, 0, 1);
		assert_int_equal(anon->vma->vm_end, file->vma->vm_start);
		hold = mmref_pin(anon, PMD_PAGES - 1, 2,
				 MMREF_GUP_LONGTERM | MMREF_GUP_REMOTE, NULL);
		assert_non_null(hold);
		assert_int_equal(hold->nr, 1);
		hold = mmref_pin(anon, PMD_PAGES - 1, 2, MMREF_GUP_REMOTE, NULL);
		assert_int_equal(hold->nr, 2);
		mmref_sim_free(s.sim);
	}
}

/* --- mistakes that were mended, each in one function ------------------------ */

/* Before 71389703839e: put_page() puts the pgmap, and GUP-fast does not take it with the page. */
static void put_page_and_pgmap(struct page *page, enum mmref_holder held)
{
	struct dev_pagemap *pgmap = READ_ONCE(page_folio(page)->page.pgmap);

	MMREF_AS(mmref_v6_1, put_page)(page, held);
	put_dev_pagemap(pgmap);
}

static void get_release_and_unbind(void *arg)
{
	struct scene *s = arg;

	mmref_release(mmref_get(s->map, 0, 1, MMREF_GUP_FAST_ONLY, NULL));
	mmref_munmap(s->map);
	mmref_close(s->file);
	mmref_umount(s->device);
	mmref_unbind(s->device);
}

static void a_pgmap_that_no_get_took_is_put_too_often(void **state)
{
	struct mmref_rules mine = mmref_v6_1;
	struct scene s;
	struct scene *shared;

	(void)state;
	mine.put_page = put_page_and_pgmap;
	s = scene_new(&mine, 1);
	mmref_write(s.map, 0, 1);
	shared = mmref_alloc(s.sim, sizeof(*shared));
	*shared = s;
	mmref_thread(s.sim, "app", get_release_and_unbind, shared);
	assert_mmref_violates(s.sim, MMREF_KERNEL_BUG);
	mmref_sim_free(s.sim);
}

/* Before c24d37322548: the head is not looked up again once it is held. */
static struct folio *take_a_stale_head(struct page *page, int refs)
{
	struct folio *folio = page_folio(page);

	return folio_ref_add_unless_zero(folio, refs, HELD_BY_TRANSIENT) ? folio : NULL;
}

struct stale {
	struct mmref_map *map;
	struct mmref_file *file;
};

static void get_the_tail(void *arg)
{
	mmref_release(mmref_get(((struct stale *)arg)->map, 1, 1, MMREF_GUP_FAST_ONLY, NULL));
}

static void split_and_map_again(void *arg)
{
	struct stale *stale = arg;

	mmref_truncate(stale->file, 0);
	mmref_pwrite(stale->file, 0, 7);
	mmref_pwrite(stale->file, 1, 7);
	mmref_read(stale->map, 0);
	mmref_read(stale->map, 1);
}

/*
 *	1. the walk looks up the head of page 1, which is page 0
 *	2. a truncate takes the folio apart; both pages are mapped again, each for itself
 *	3. the walk takes page 0, finds the PTE as it was, and gives page 1 to its caller
 */
static void a_stale_head_is_taken_for_a_tail(void **state)
{
	struct mmref_rules mine = mmref_v7_2;
	struct mmref_process *process;
	struct mmref_sim *sim;
	struct mmref_map *huge;
	struct stale *stale;

	(void)state;
	mine.try_get_folio = take_a_stale_head;
	sim = mmref_sim_new(&mine);
	sim->world->pmd_order = 1;
	sim->world->tlb_broadcast = true;
	stale = mmref_alloc(sim, sizeof(*stale));
	process = mmref_process(sim);
	stale->file = mmref_create(mmref_fsdax(sim, 2), 2, FILL);
	huge = mmref_mmap(process, stale->file, 0, 2);
	stale->map = mmref_mmap_at(mmref_process(sim), stale->file, 0, 2, 1, false);
	mmref_write(huge, 0, 1);
	mmref_read(stale->map, 1);
	mmref_munmap(huge);
	mmref_thread(sim, "user", get_the_tail, stale);
	mmref_thread(sim, "admin", split_and_map_again, stale);
	assert_mmref_violates(sim, MMREF_REFCOUNT_UNDERFLOW);
	mmref_sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(get_counts_one_and_a_put_gives_it_back),
		cmocka_unit_test(pin_counts_1024_and_an_unpin_gives_them_back),
		cmocka_unit_test(the_fast_walk_alone_does_not_fault),
		cmocka_unit_test(the_slow_walk_faults_the_page_in),
		cmocka_unit_test(a_walk_that_will_write_wants_a_writable_entry),
		cmocka_unit_test(a_longterm_pin_of_a_file_is_refused),
		cmocka_unit_test(a_buffer_in_a_file_is_registered_by_kernels_that_take_files),
		cmocka_unit_test(a_longterm_pin_that_writes_is_for_the_slow_walk),
		cmocka_unit_test(a_large_folio_is_had_without_its_mapping),
		cmocka_unit_test(a_pmd_without_a_live_pgmap_is_a_fault_of_the_slow_walk),
		cmocka_unit_test(a_longterm_walk_ends_where_a_file_begins),
		cmocka_unit_test(a_pgmap_that_no_get_took_is_put_too_often),
		cmocka_unit_test(a_stale_head_is_taken_for_a_tail),
		cmocka_unit_test(several_pages_are_held_each_for_itself),
		cmocka_unit_test(a_walk_ends_where_the_file_does_with_what_it_has),
		cmocka_unit_test(a_walk_over_what_is_not_mapped_is_a_fault),
		cmocka_unit_test(the_zero_page_of_a_hole_is_not_had_by_the_fast_walk),
		cmocka_unit_test(both_walks_mark_the_page_referenced),
		cmocka_unit_test(what_is_held_outlives_the_map),
		cmocka_unit_test(dma_reaches_the_page_that_is_held),
		cmocka_unit_test(a_release_of_nothing_is_let_pass),
		cmocka_unit_test(a_walk_holds_the_pgmap_under_the_old_rules_alone),
		cmocka_unit_test(a_walk_whose_entry_changes_lets_go_of_all_it_took),
		cmocka_unit_test(a_page_whose_entry_went_before_the_second_look_is_not_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
