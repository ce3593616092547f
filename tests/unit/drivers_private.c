/* SPDX-License-Identifier: MIT */
/* Anonymous memory in a device that a CPU cannot reach, or can, and the driver that goes. */
#include "scene.h"

#include <errno.h>

#include <mmref/linux/mm.h>
#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

#define PAGES	2
#define BYTE	0x5c

struct memories {
	struct mmref_sim *sim;
	struct mmref_device *device;
	struct mmref_process *process, *child;
	struct mmref_map *map, *in_child;
	struct mmref_hold *hold;
	int moved, unbind, byte;
};

static struct memories *memory_new(const struct mmref_rules *rules, enum mmref_memory_type type,
				 bool evicts)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct memories *m = mmref_alloc(sim, sizeof(*m));

	assert_non_null(m);
	m->sim = sim;
	m->device = type == MEMORY_DEVICE_PRIVATE ? mmref_private(sim, PAGES, evicts) :
						    mmref_coherent(sim, PAGES, evicts);
	m->process = mmref_process(sim);
	m->map = mmref_mmap_anon(m->process, PAGES);
	assert_non_null(m->device);
	assert_non_null(m->map);
	return m;
}

/* The same, with page 0 of the map, which reads as BYTE, in page 0 of the device. */
static struct memories *memory_moved(const struct mmref_rules *rules, enum mmref_memory_type type,
				   bool evicts)
{
	struct memories *m = memory_new(rules, type, evicts);

	assert_int_equal(mmref_write(m->map, 0, BYTE), 0);
	assert_int_equal(mmref_migrate_to(m->map, m->device, 0), 0);
	return m;
}

static unsigned long pgmap_count(const struct memories *m)
{
	return percpu_ref_sum(&m->device->pmem.pgmap->ref);
}

static pte_t pte_of(const struct mmref_map *map, unsigned int page)
{
	return pmd_table(map->vma->vm_mm->pmd[0])->pte[map->vma->vm_start + page];
}

/* Page @i counts @entries and @gets, maps the entries, and nobody else has it. */
static void assert_counts(const struct memories *m, unsigned int i, int entries, int gets)
{
	struct mmref_page page = page_of(m->sim, i);

	assert_int_equal(page.refcount, entries + gets);
	assert_int_equal(page.mapcount, entries);
	assert_int_equal(page.mapped, entries);
	assert_int_equal(page.held[HELD_BY_PTE], entries);
	assert_int_equal(page.held[HELD_BY_GET] + page.held[HELD_BY_PIN], gets);
}

#define for_all_rule_sets(rules)                                                                   \
	for (size_t rules##_ = 0; mmref_rules_at(rules##_); rules##_++)                            \
		for (const struct mmref_rules *rules = mmref_rules_at(rules##_); rules;            \
		     rules = NULL)

static const enum mmref_memory_type types[] = { MEMORY_DEVICE_PRIVATE, MEMORY_DEVICE_COHERENT };

/* --- counts ----------------------------------------------------------------- */

/* count = entries, pgmap = 1 + pages in use, from the first move to the last unmap. */
static void each_entry_counts_and_each_page_in_use_has_its_pgmap(void **state)
{
	(void)state;
	for_all_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_new(rules, types[t], false);

			assert_counts(m, 0, 0, 0);
			assert_int_equal(pgmap_count(m), 1);
			mmref_write(m->map, 0, BYTE);
			assert_int_equal(mmref_migrate_to(m->map, m->device, 0), 0);
			assert_counts(m, 0, 1, 0);
			assert_int_equal(pgmap_count(m), 2);
			/* one that was never touched; and there is no third page */
			assert_int_equal(mmref_migrate_to(m->map, m->device, 1), 0);
			assert_counts(m, 1, 1, 0);
			assert_int_equal(pgmap_count(m), 3);

			m->child = mmref_fork(m->process);
			assert_counts(m, 0, 2, 0);
			assert_int_equal(pgmap_count(m), 3);
			mmref_exit(m->child);
			assert_counts(m, 0, 1, 0);
			assert_int_equal(mmref_dontneed(m->map), 0);
			assert_counts(m, 0, 0, 0);
			assert_counts(m, 1, 0, 0);
			assert_int_equal(pgmap_count(m), 1);
			mmref_sim_free(m->sim);
		}
	}
}

static void a_private_page_comes_back_by_a_fault_and_a_coherent_one_stays(void **state)
{
	(void)state;
	for_all_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_moved(rules, types[t], false);
			bool stays = types[t] == MEMORY_DEVICE_COHERENT;

			assert_int_equal(!(pte_of(m->map, 0) & PTE_PRESENT), !stays);
			assert_int_equal(!(pte_of(m->map, 0) & PTE_PRIVATE), stays);
			assert_int_equal(mmref_read(m->map, 0), BYTE);
			assert_counts(m, 0, stays, 0);
			assert_int_equal(pgmap_count(m), 1 + stays);
			assert_int_equal(mmref_write(m->map, 0, 7), 0);
			assert_int_equal(mmref_read(m->map, 0), 7);
			mmref_sim_free(m->sim);
		}
	}
}

static void a_full_device_takes_no_page(void **state)
{
	struct memories *m = memory_moved(&mmref_v7_2, MEMORY_DEVICE_PRIVATE, false);
	struct mmref_map *more = mmref_mmap_anon(m->process, 1);

	(void)state;
	assert_int_equal(mmref_migrate_to(m->map, m->device, 1), 0);
	assert_int_equal(mmref_write(more, 0, 9), 0);
	assert_int_equal(mmref_migrate_to(more, m->device, 0), -EBUSY);
	assert_int_equal(mmref_read(more, 0), 9);
	/* and a page that is there already is not moved again */
	assert_int_equal(mmref_migrate_to(m->map, m->device, 0), -EBUSY);
	assert_counts(m, 0, 1, 0);
	mmref_sim_free(m->sim);
}

/* --- fork, and what is private to a process --------------------------------- */

static void after_a_fork_each_process_writes_to_its_own(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_moved(rules, types[t], false);

			m->child = mmref_fork(m->process);
			m->in_child = mmref_in_child(m->map, m->child);
			assert_int_equal(mmref_write(m->in_child, 0, 1), 0);
			assert_int_equal(mmref_read(m->map, 0), BYTE);
			assert_int_equal(mmref_write(m->map, 0, 2), 0);
			assert_int_equal(mmref_read(m->in_child, 0), 1);
			assert_int_equal(mmref_read(m->map, 0), 2);
			mmref_sim_free(m->sim);
		}
	}
}

/* wp_can_reuse_anon_folio(): whoever is left alone writes where the page is. */
static void the_last_process_writes_to_the_coherent_page_itself(void **state)
{
	struct memories *m = memory_moved(&mmref_v7_2, MEMORY_DEVICE_COHERENT, false);

	(void)state;
	m->child = mmref_fork(m->process);
	mmref_exit(m->child);
	assert_int_equal(mmref_write(m->map, 0, 3), 0);
	assert_counts(m, 0, 1, 0);

	/* with another holder it is copied, and the holder keeps the old one */
	m->child = mmref_fork(m->process);
	mmref_exit(m->child);
	m->hold = mmref_get(m->map, 0, 1, 0, NULL);
	assert_int_equal(mmref_write(m->map, 0, 4), 0);
	assert_counts(m, 0, 0, 1);
	assert_int_equal(mmref_dma_read(m->hold, 0), 3);
	mmref_release(m->hold);
	assert_counts(m, 0, 0, 0);
	assert_int_equal(pgmap_count(m), 1);
	mmref_sim_free(m->sim);
}

/* --- get_user_pages --------------------------------------------------------- */

static void gup_brings_a_private_page_back_and_holds_a_coherent_one(void **state)
{
	(void)state;
	for_all_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_moved(rules, types[t], false);
			bool stays = types[t] == MEMORY_DEVICE_COHERENT;

			/* without locks a private entry is nothing to be had */
			m->hold = mmref_get(m->map, 0, 1, MMREF_GUP_FAST_ONLY, NULL);
			assert_int_equal(m->hold != NULL, stays);
			assert_counts(m, 0, 1, stays);
			mmref_release(m->hold);
			m->hold = mmref_get(m->map, 0, 1, 0, NULL);
			assert_non_null(m->hold);
			assert_counts(m, 0, stays, stays);
			mmref_release(m->hold);
			mmref_sim_free(m->sim);
		}
	}
}

/* A pin for long moves the page home first, or fails where somebody else holds it. */
static void a_longterm_pin_is_not_had_in_coherent_memory(void **state)
{
	int error;

	(void)state;
	for_all_rule_sets (rules) {
		struct memories *m = memory_moved(rules, MEMORY_DEVICE_COHERENT, false);
		struct mmref_hold *pin;

		if (rules == &mmref_v6_15) {
			mmref_sim_free(m->sim);
			continue;
		}
		m->hold = mmref_get(m->map, 0, 1, 0, NULL);
		assert_null(mmref_pin(m->map, 0, 1, MMREF_GUP_LONGTERM, &error));
		assert_int_equal(error, -EBUSY);
		assert_counts(m, 0, 1, 1);
		mmref_release(m->hold);

		assert_null(mmref_pin(m->map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_FAST_ONLY,
				      NULL));
		pin = mmref_pin(m->map, 0, 1, MMREF_GUP_LONGTERM, &error);
		assert_non_null(pin);
		assert_counts(m, 0, 0, 0);
		assert_int_equal(pgmap_count(m), 1);
		assert_int_equal(mmref_read(m->map, 0), BYTE);
		mmref_sim_free(m->sim);
	}
}

/* 1aaf8c122918: no page is on the list of those to be moved, and so the pin stays as it is. */
static void v6_15_pins_coherent_memory_for_long(void **state)
{
	struct memories *m = memory_moved(&mmref_v6_15, MEMORY_DEVICE_COHERENT, false);

	(void)state;
	assert_null(mmref_pin(m->map, 0, 1, MMREF_GUP_LONGTERM | MMREF_GUP_FAST_ONLY, NULL));
	m->hold = mmref_pin(m->map, 0, 1, MMREF_GUP_LONGTERM, NULL);
	assert_non_null(m->hold);
	assert_counts(m, 0, 1, GUP_PIN_COUNTING_BIAS);
	assert_int_equal(pgmap_count(m), 2);
	mmref_release(m->hold);
	mmref_sim_free(m->sim);
}

/* --- at each step ------------------------------------------------------------ */

/*
 * The pgmap has a reference for each page in use, before the page counts and until after
 * it is free: 1 + pages in use is a lower bound at each step, and met in the end.
 */
struct balance {
	struct mmref_observer observer;
	struct memories *memory;
	bool short_of_one;
};

static void look(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct balance *balance = cookie;
	unsigned long live = 0;

	(void)number;
	(void)task;
	(void)step;
	for (unsigned int i = 0; i < PAGES; i++)
		live += page_of(balance->memory->sim, i).refcount > 0;
	balance->short_of_one |= pgmap_count(balance->memory) < 1 + live;
}

static void use_both_pages(void *arg)
{
	struct memories *m = arg;

	mmref_write(m->map, 0, BYTE);
	mmref_migrate_to(m->map, m->device, 0);
	mmref_migrate_to(m->map, m->device, 1);
	mmref_read(m->map, 0);
	mmref_migrate_to(m->map, m->device, 0);
	mmref_munmap(m->map);
}

static bool is_ever_short(struct memories *m)
{
	struct balance balance = { .memory = m };

	balance.observer = (struct mmref_observer){ .cookie = &balance, .step = look };
	mmref_thread(m->sim, "app", use_both_pages, m);
	mmref_run_in_order(m->sim, &balance.observer);
	return balance.short_of_one;
}

/* As before v6.1: a page is used without its pgmap. */
static void count_without_pgmap(struct page *page, struct dev_pagemap *pgmap, unsigned int order)
{
	(void)pgmap;
	(void)order;
	zone_device_page_taken(page, false);
	lock_page(&page->flags);
}

static void free_without_pgmap(struct page *page)
{
	READ_ONCE(page->pgmap)->ops->page_free((struct folio *)page);
}

static struct mmref_rules before_v6_1(void)
{
	struct mmref_rules rules = mmref_v6_1;

	rules.zone_device_page_init = count_without_pgmap;
	rules.free_zone_device_page = free_without_pgmap;
	return rules;
}

static void at_each_step_a_page_in_use_has_its_pgmap(void **state)
{
	struct mmref_rules wrong = before_v6_1();
	struct memories *m;

	(void)state;
	for_all_rule_sets (rules) {
		m = memory_new(rules, MEMORY_DEVICE_PRIVATE, false);
		/* pgmap_request_folios() counts the page first */
		assert_int_equal(is_ever_short(m), rules == &mmref_williams_2022);
		mmref_sim_free(m->sim);
	}
	m = memory_new(&wrong, MEMORY_DEVICE_PRIVATE, false);
	assert_true(is_ever_short(m));
	mmref_sim_free(m->sim);
}

/* --- the driver goes --------------------------------------------------------- */

static void unbind(void *arg)
{
	struct memories *m = arg;

	m->unbind = mmref_unbind(m->device);
}

static void read_page(void *arg)
{
	struct memories *m = arg;

	m->byte = mmref_read(m->map, 0);
}

static void an_eviction_leaves_nothing_to_wait_for(void **state)
{
	(void)state;
	for_all_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_moved(rules, types[t], true);

			m->child = mmref_fork(m->process);
			mmref_thread(m->sim, "admin", unbind, m);
			mmref_thread(m->sim, "app", read_page, m);
			assert_runs_in_order(m->sim);
			assert_int_equal(m->unbind, 0);
			assert_int_equal(m->byte, BYTE);
			assert_false(page_of(m->sim, 0).present);
			mmref_sim_free(m->sim);
		}
	}
}

static void without_one_the_removal_waits_for_the_page(void **state)
{
	(void)state;
	for_all_rule_sets (rules) {
		struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);
		struct watch watch;

		mmref_thread(m->sim, "admin", unbind, m);
		run_in_order(m->sim, &watch);
		assert_int_equal(watch.sleepers, 1);
		assert_true(page_of(m->sim, 0).present);
		mmref_sim_free(m->sim);
	}
}

/* Between v5.18 and v6.1 nothing took the pgmap. */
static void a_page_without_its_pgmap_is_not_waited_for(void **state)
{
	struct mmref_rules wrong = before_v6_1();
	struct memories *m;

	(void)state;
	for_both_rule_sets (rules) {
		m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);
		mmref_thread(m->sim, "app", read_page, m);
		mmref_thread(m->sim, "admin", unbind, m);
		assert_mmref_holds(m->sim);
		mmref_sim_free(m->sim);
	}
	m = memory_moved(&wrong, MEMORY_DEVICE_PRIVATE, false);
	mmref_thread(m->sim, "app", read_page, m);
	mmref_thread(m->sim, "admin", unbind, m);
	assert_mmref_violates(m->sim, MMREF_USE_AFTER_UNPLUG);
	mmref_sim_free(m->sim);
}

/* --- a page for a device that goes ------------------------------------------- */

static void move_second(void *arg)
{
	struct memories *m = arg;

	m->moved = mmref_migrate_to(m->map, m->device, 1);
}

static bool finds(struct mmref_sim *sim, enum mmref_violation violation)
{
	struct mmref_result result;
	bool found = false;

	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_true(result.complete);
	for (unsigned int i = 0; i < result.nr_found; i++)
		found |= result.found[i].violation == violation;
	mmref_result_free(&result);
	return found;
}

/* v6.1 asks whether the pgmap is live; v7.2 whether its count is 0, and does not warn. */
static void an_allocation_after_the_kill_is_told_and_v7_2_does_not_warn(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);

		mmref_thread(m->sim, "app", move_second, m);
		mmref_thread(m->sim, "admin", unbind, m);
		assert_true(finds(m->sim, MMREF_NEW_AFTER_KILL));
		assert_int_equal(finds(m->sim, MMREF_KERNEL_WARNING), rules == &mmref_v6_1);
		mmref_sim_free(m->sim);
	}
}

static void an_allocation_before_the_kill_is_not(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, true);

		mmref_thread(m->sim, "app", move_second, m);
		mmref_thread(m->sim, "admin", unbind, m);
		assert_runs_in_order(m->sim);
		assert_int_equal(m->moved, 0);
		mmref_sim_free(m->sim);
	}
}

/* --- faults against each other ------------------------------------------------ */

static void read_and_move_again(void *arg)
{
	struct memories *m = arg;

	mmref_read(m->map, 0);
	mmref_migrate_to(m->map, m->device, 0);
}

/*
 * What is wrong where two fault on one page: before v6.15 each can have the other's
 * migration fail by the reference it holds, and that for ever.
 */
static enum mmref_violation of_two_faults(const struct mmref_rules *rules)
{
		size_t offset = offsetof(struct mmref_rules, do_swap_page);

	return mmref_rules_function_of(rules, offset) ==
		mmref_rules_function_of(&mmref_v6_1, offset) ? MMREF_LIVELOCK : MMREF_NONE;
}

/* As v6.1 has it, but for the order: nothing holds the page once the entry may change. */
static vm_fault_t unlock_and_get_page(struct vm_fault *vmf)
{
	struct page *page = pte_page(vmf->orig_pte);
	vm_fault_t fault;

	if (vmf->orig_pte & PTE_MIGRATION) {
		migration_entry_wait(vmf->vma->vm_mm, vmf->pmd, vmf->address);
		return 0;
	}
	if (!pte_unmap_same(vmf))
		return 0;
	spin_unlock(&vmf->table->ptl);
	folio_ref_inc(page_folio(page), HELD_BY_TRANSIENT);
	vmf->page = page;
	fault = READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf);
	put_page(page, HELD_BY_TRANSIENT);
	return fault;
}

static void a_fault_that_holds_the_page_too_late_asks_for_a_free_one(void **state)
{
	struct mmref_rules wrong = mmref_v6_1;
	struct memories *m;

	(void)state;
	for_all_rule_sets (rules) {
		m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);
		mmref_thread(m->sim, "one", read_page, m);
		mmref_thread(m->sim, "two", read_and_move_again, m);
		assert_mmref_violates(m->sim, of_two_faults(rules));
		mmref_sim_free(m->sim);
	}
	wrong.do_swap_page = unlock_and_get_page;
	m = memory_moved(&wrong, MEMORY_DEVICE_PRIVATE, false);
	mmref_thread(m->sim, "one", read_page, m);
	mmref_thread(m->sim, "two", read_and_move_again, m);
	assert_mmref_violates(m->sim, MMREF_KERNEL_BUG);
	mmref_sim_free(m->sim);
}

static struct mmref_sim *two_readers(const struct mmref_rules *rules)
{
	struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);

	mmref_thread(m->sim, "one", read_page, m);
	mmref_thread(m->sim, "two", read_page, m);
	return m->sim;
}

/* A migration that takes a fault's page to be locked, where the fault does not lock it. */
static void a_migration_entry_for_a_page_that_nobody_has_locked_is_a_bug(void **state)
{
	struct mmref_rules wrong = mmref_v6_1;
	struct mmref_sim *sim;

	(void)state;
	wrong.migrate_vma_collect_pmd = MMREF_AS(mmref_v7_2, migrate_vma_collect_pmd);
	wrong.migrate_device_unmap = MMREF_AS(mmref_v7_2, migrate_device_unmap);
	wrong.__migrate_device_finalize = MMREF_AS(mmref_v7_2, __migrate_device_finalize);
	wrong.migrate_vma_finalize = MMREF_AS(mmref_v7_2, migrate_vma_finalize);
	sim = two_readers(&wrong);
	assert_mmref_violates(sim, MMREF_KERNEL_BUG);
	mmref_sim_free(sim);
	sim = two_readers(&mmref_v7_2);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* How far the second fault comes while the first one has the page; then both come to an end. */
static bool second_fault_goes_on(const struct mmref_rules *rules)
{
	struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);
	struct story story = { .sim = m->sim };
	struct watch watch;
	bool goes_on = true;

	mmref_thread(m->sim, "one", read_page, m);
	mmref_thread(m->sim, "two", read_page, m);
	story_until(&story, 0, "folio_get");
	story_until(&story, 0, "unlock &vmf->table->ptl");
	story.verb = "";
	for (int i = 0; goes_on && i < 40; i++)
		goes_on = story_go(&story, 1);
	mmref_sim_free(m->sim);

	m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);
	mmref_thread(m->sim, "one", read_page, m);
	mmref_thread(m->sim, "two", read_page, m);
	run_in_order(m->sim, &watch);
	assert_int_equal(watch.sleepers, 0);
	mmref_sim_free(m->sim);
	return goes_on;
}

/* v6.1 lets it try, v6.15 lets it come again at once, and v7.2 lets it sleep. */
static void in_v7_2_the_second_fault_sleeps(void **state)
{
	(void)state;
	assert_true(second_fault_goes_on(&mmref_v6_1));
	assert_true(second_fault_goes_on(&mmref_v6_15));
	assert_false(second_fault_goes_on(&mmref_v7_2));
}

/* A sleeper that the unlock does not wake would sleep for ever. */
static void whoever_waits_for_a_page_is_woken(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct memories *m = memory_moved(rules, MEMORY_DEVICE_PRIVATE, false);

		mmref_thread(m->sim, "one", read_page, m);
		mmref_thread(m->sim, "two", read_page, m);
		assert_mmref_violates(m->sim, of_two_faults(rules));
		mmref_sim_free(m->sim);
	}
}

static void unmap(void *arg)
{
	struct memories *m = arg;

	mmref_dontneed(m->map);
}

/* The migration entry may be gone by the time that the move is over. */
static void a_page_may_be_unmapped_while_it_moves(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		for (int t = 0; t < 2; t++) {
			struct memories *m = memory_moved(rules, types[t], true);

			mmref_thread(m->sim, "app", unmap, m);
			mmref_thread(m->sim, "admin", unbind, m);
			assert_mmref_holds(m->sim);
			mmref_sim_free(m->sim);
		}
	}
}

static void rebind(void *arg)
{
	struct memories *m = arg;

	mmref_rebind(m->device);
}

static void unbind_and_migrate(void *arg)
{
	struct memories *m = arg;

	mmref_unbind(m->device);
	mmref_assert(!mmref_migrate_to(m->map, m->device, 0));
}

static void unbind_and_not_migrate(void *arg)
{
	struct memories *m = arg;

	mmref_unbind(m->device);
	mmref_assert(mmref_migrate_to(m->map, m->device, 0));
}

/* Whichever of the threads is the first: the search comes to both orders. */
static void a_page_moves_before_a_rebind_or_after_it(void **state)
{
	void (*const bodies[])(void *arg) = { unbind_and_migrate, unbind_and_not_migrate };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct memories *m = memory_new(&mmref_v7_2, MEMORY_DEVICE_PRIVATE, false);

		mmref_write(m->map, 0, BYTE);
		if (i & 1)
			mmref_thread(m->sim, "admin", rebind, m);
		mmref_thread(m->sim, "app", bodies[i / 2], m);
		if (!(i & 1))
			mmref_thread(m->sim, "admin", rebind, m);
		assert_mmref_violates(m->sim, MMREF_KERNEL_BUG);
		mmref_sim_free(m->sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_entry_counts_and_each_page_in_use_has_its_pgmap),
		cmocka_unit_test(a_private_page_comes_back_by_a_fault_and_a_coherent_one_stays),
		cmocka_unit_test(a_full_device_takes_no_page),
		cmocka_unit_test(after_a_fork_each_process_writes_to_its_own),
		cmocka_unit_test(the_last_process_writes_to_the_coherent_page_itself),
		cmocka_unit_test(gup_brings_a_private_page_back_and_holds_a_coherent_one),
		cmocka_unit_test(a_longterm_pin_is_not_had_in_coherent_memory),
		cmocka_unit_test(v6_15_pins_coherent_memory_for_long),
		cmocka_unit_test(at_each_step_a_page_in_use_has_its_pgmap),
		cmocka_unit_test(an_eviction_leaves_nothing_to_wait_for),
		cmocka_unit_test(without_one_the_removal_waits_for_the_page),
		cmocka_unit_test(a_page_without_its_pgmap_is_not_waited_for),
		cmocka_unit_test(an_allocation_after_the_kill_is_told_and_v7_2_does_not_warn),
		cmocka_unit_test(an_allocation_before_the_kill_is_not),
		cmocka_unit_test(a_fault_that_holds_the_page_too_late_asks_for_a_free_one),
		cmocka_unit_test(a_migration_entry_for_a_page_that_nobody_has_locked_is_a_bug),
		cmocka_unit_test(in_v7_2_the_second_fault_sleeps),
		cmocka_unit_test(whoever_waits_for_a_page_is_woken),
		cmocka_unit_test(a_page_may_be_unmapped_while_it_moves),
		cmocka_unit_test(a_page_moves_before_a_rebind_or_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
