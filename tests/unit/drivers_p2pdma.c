/* SPDX-License-Identifier: MIT */
/* The memory of a PCI BAR: mapped, held, and taken away. */
#include "scene.h"

#include <errno.h>

#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

#define PAGES 2

struct bar {
	struct mmref_sim *sim;
	struct mmref_device *device;
	struct mmref_process *process;
	struct mmref_map *map; /* of its first page */
	struct mmref_hold *hold;
	int unbind, read;
};

/* The kernels that have p2pmem/allocate. */
static const struct mmref_rules *const kernels[] = { &mmref_v6_12, &mmref_v6_15, &mmref_v7_2 };

#define for_kernels(rules)                                                                         \
	for (size_t rules##_ = 0; rules##_ < 3; rules##_++)                                        \
		for (const struct mmref_rules *rules = kernels[rules##_]; rules; rules = NULL)

/* Without CONFIG_DEBUG_VM, under which v6.15 warns of every page. */
static struct bar *bar_unmapped(const struct mmref_rules *rules)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct bar *b = mmref_alloc(sim, sizeof(*b));

	assert_non_null(b);
	sim->world->debug_vm = false;
	b->sim = sim;
	b->device = mmref_p2pdma(sim, PAGES);
	b->process = mmref_process(sim);
	assert_non_null(b->device);
	return b;
}

static struct bar *bar_new(const struct mmref_rules *rules)
{
	struct bar *b = bar_unmapped(rules);

	b->map = mmref_mmap_p2pdma(b->process, b->device, 1);
	assert_non_null(b->map);
	return b;
}

static unsigned long pgmap_count(const struct bar *b)
{
	return percpu_ref_sum(&b->device->pmem.pgmap->ref);
}

/* A page that nobody maps counts 1 until v6.15, and 0 from there on. */
static int idle(const struct mmref_rules *rules)
{
	return rules == &mmref_v6_12;
}

/* --- counts ----------------------------------------------------------------- */

/* count = PTEs, or at rest what the kernel has it; pgmap = 1 + pages + pages mapped. */
static void a_mapped_page_counts_its_entry_and_has_its_pgmap(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_unmapped(rules);
		struct mmref_page page = page_of(b->sim, 0);

		assert_int_equal(page.refcount, idle(rules));
		assert_int_equal(pgmap_count(b), 1 + PAGES);
		b->map = mmref_mmap_p2pdma(b->process, b->device, 1);
		page = page_of(b->sim, 0);
		assert_int_equal(page.refcount, 1);
		assert_int_equal(page.mapcount, 1);
		assert_int_equal(page.held[HELD_BY_PTE], 1);
		assert_int_equal(page.held[HELD_BY_BASE], 0);
		assert_int_equal(pgmap_count(b), 1 + PAGES + 1);

		assert_int_equal(mmref_write(b->map, 0, 7), 0);
		assert_int_equal(mmref_read(b->map, 0), 7);
		mmref_munmap(b->map);
		page = page_of(b->sim, 0);
		assert_int_equal(page.refcount, idle(rules));
		assert_int_equal(page.mapcount, 0);
		assert_int_equal(pgmap_count(b), 1 + PAGES);
		mmref_sim_free(b->sim);
	}
}

static void there_is_nothing_to_map_before_v6_2(void **state)
{
	struct bar *b = bar_unmapped(&mmref_v6_1);

	(void)state;
	assert_null(mmref_mmap_p2pdma(b->process, b->device, 1));
	assert_int_equal(page_of(b->sim, 0).refcount, 1);
	assert_int_equal(pgmap_count(b), 1 + PAGES);
	mmref_sim_free(b->sim);
}

/* Each map has pages of its own, and a pool that has none left gives none. */
static void a_page_is_had_once_until_it_is_free(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_new(rules);
		struct mmref_map *second = mmref_mmap_p2pdma(b->process, b->device, 1);

		assert_int_equal(page_of(b->sim, 1).mapped, 1);
		assert_null(mmref_mmap_p2pdma(b->process, b->device, 1));
		assert_int_equal(pgmap_count(b), 1 + PAGES + 2);

		/* whoever holds a page keeps it from the pool */
		b->hold = mmref_get(second, 0, 1, MMREF_GUP_P2PDMA, NULL);
		assert_non_null(b->hold);
		mmref_munmap(second);
		assert_null(mmref_mmap_p2pdma(b->process, b->device, 1));
		mmref_release(b->hold);
		assert_non_null(mmref_mmap_p2pdma(b->process, b->device, 1));
		assert_int_equal(page_of(b->sim, 1).mapped, 1);
		mmref_sim_free(b->sim);
	}
}

/* VM_MIXEDMAP: what was inserted does not come back by a fault, so a fork copies it. */
static void a_child_shares_the_page(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_new(rules);
		struct mmref_process *child = mmref_fork(b->process);
		struct mmref_map *in_child = mmref_in_child(b->map, child);

		assert_int_equal(page_of(b->sim, 0).refcount, 2);
		assert_int_equal(mmref_write(in_child, 0, 9), 0);
		assert_int_equal(mmref_read(b->map, 0), 9);
		mmref_exit(b->process);
		assert_int_equal(page_of(b->sim, 0).refcount, 1);
		assert_int_equal(pgmap_count(b), 1 + PAGES + 1);
		mmref_exit(child);
		assert_int_equal(page_of(b->sim, 0).refcount, idle(rules));
		assert_int_equal(pgmap_count(b), 1 + PAGES);
		mmref_sim_free(b->sim);
	}
}

/* --- get_user_pages --------------------------------------------------------- */

static void only_who_asks_for_p2pdma_gets_it(void **state)
{
	int error;

	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_new(rules);

		assert_null(mmref_get(b->map, 0, 1, 0, &error));
		assert_int_equal(error, -EREMOTEIO);
		assert_null(mmref_pin(b->map, 0, 1, MMREF_GUP_REMOTE, &error));
		assert_int_equal(error, -EREMOTEIO);
		assert_null(mmref_pin(b->map, 0, 1, MMREF_GUP_P2PDMA | MMREF_GUP_LONGTERM, &error));
		assert_int_equal(error, -EINVAL);
		/* no mapping: gup_fast_folio_allowed() leaves it to the walk with locks */
		assert_null(mmref_pin(b->map, 0, 1, MMREF_GUP_P2PDMA | MMREF_GUP_FAST_ONLY, NULL));
		assert_int_equal(page_of(b->sim, 0).refcount, 1);

		b->hold = mmref_pin(b->map, 0, 1, MMREF_GUP_P2PDMA, &error);
		assert_non_null(b->hold);
		assert_int_equal(page_of(b->sim, 0).refcount, 1 + 1024);
		assert_int_equal(page_of(b->sim, 0).held[HELD_BY_PIN], 1024);
		mmref_release(b->hold);
		assert_int_equal(page_of(b->sim, 0).refcount, 1);
		mmref_sim_free(b->sim);
	}
}

/* --- the device goes --------------------------------------------------------- */

static void unbind(void *arg)
{
	struct bar *b = arg;

	b->unbind = mmref_unbind(b->device);
	b->read = mmref_read(b->map, 0);
}

static void munmap_bar(void *arg)
{
	struct bar *b = arg;

	mmref_munmap(b->map);
}

static void release(void *arg)
{
	struct bar *b = arg;

	mmref_release(b->hold);
}

static void map_and_unmap(void *arg)
{
	struct bar *b = arg;
	struct mmref_map *map = mmref_mmap_p2pdma(b->process, b->device, 1);

	if (map)
		mmref_munmap(map);
}

static void unbind_alone(void *arg)
{
	struct bar *b = arg;

	b->unbind = mmref_unbind(b->device);
}

static void a_removal_unmaps_what_is_mapped(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_new(rules);

		mmref_thread(b->sim, "admin", unbind, b);
		assert_runs_in_order(b->sim);
		assert_int_equal(b->unbind, 0);
		assert_int_equal(b->read, -EIO);
		assert_false(page_of(b->sim, 0).present);
		mmref_sim_free(b->sim);
	}
}

/* The condition of 6.15 is the opposite of what is meant; 7.2 warns of a page that is in use. */
static void v6_15_warns_of_the_free_page_that_it_maps(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_unmapped(rules);

		b->sim->world->debug_vm = true;
		mmref_thread(b->sim, "app", map_and_unmap, b);
		if (rules == &mmref_v6_15)
			assert_mmref_violates(b->sim, MMREF_KERNEL_WARNING);
		else
			assert_mmref_holds(b->sim);
		mmref_sim_free(b->sim);
	}
}

static void free_twice(struct folio *folio)
{
	const struct dev_pagemap_ops *ops = folio->page.pgmap->ops;

	percpu_ref_get(&folio->page.pgmap->ref);
	ops->page_free(folio);
	ops->page_free(folio);
}

/* gen_pool_free_owner() */
static void a_page_is_given_back_to_the_pool_once(void **state)
{
	struct mmref_rules wrong = mmref_v7_2;
	struct bar *b;

	(void)state;
	wrong.__folio_put = free_twice;
	b = bar_unmapped(&wrong);
	mmref_thread(b->sim, "app", map_and_unmap, b);
	assert_mmref_violates(b->sim, MMREF_KERNEL_BUG);
	mmref_sim_free(b->sim);
}

/* A page that is held holds its device, and the last put lets it go. */
static void a_removal_waits_for_who_holds_a_page(void **state)
{
	(void)state;
	for (size_t i = 1; i < 3; i++) {
		struct bar *b = bar_new(kernels[i]);
		struct watch watch;

		b->hold = mmref_get(b->map, 0, 1, MMREF_GUP_P2PDMA, NULL);
		mmref_thread(b->sim, "admin", unbind_alone, b);
		run_in_order(b->sim, &watch);
		assert_int_equal(watch.sleepers, 1);
		mmref_sim_free(b->sim);

		b = bar_new(kernels[i]);
		b->hold = mmref_get(b->map, 0, 1, MMREF_GUP_P2PDMA, NULL);
		mmref_thread(b->sim, "app", release, b);
		mmref_thread(b->sim, "admin", unbind_alone, b);
		assert_mmref_holds(b->sim);
		mmref_sim_free(b->sim);
	}
}

/* What v6.12 does after page_free() is the whole difference. */
static void a_freed_page_is_not_to_be_looked_at(void **state)
{
	struct mmref_rules wrong = mmref_v7_2;
	struct bar *b;

	(void)state;
	b = bar_new(&mmref_v7_2);
	mmref_thread(b->sim, "app", munmap_bar, b);
	mmref_thread(b->sim, "admin", unbind_alone, b);
	assert_mmref_holds(b->sim);
	mmref_sim_free(b->sim);

	wrong.free_zone_device_folio = MMREF_AS(mmref_v6_12, free_zone_device_folio);
	b = bar_new(&wrong);
	mmref_thread(b->sim, "app", munmap_bar, b);
	mmref_thread(b->sim, "admin", unbind_alone, b);
	assert_mmref_violates(b->sim, MMREF_USE_AFTER_UNPLUG);
	mmref_sim_free(b->sim);
}

/* A map that the removal did not see keeps the device, until it is unmapped. */
static void a_map_in_the_making_is_given_up_in_the_end(void **state)
{
	(void)state;
	for (size_t i = 1; i < 3; i++) {
		struct bar *b = bar_unmapped(kernels[i]);

		mmref_thread(b->sim, "app", map_and_unmap, b);
		mmref_thread(b->sim, "admin", unbind_alone, b);
		assert_mmref_holds(b->sim);
		mmref_sim_free(b->sim);
	}
}

static void get_fast(void *arg)
{
	struct bar *b = arg;

	mmref_release(mmref_get(b->map, 0, 1, MMREF_GUP_FAST_ONLY, NULL));
}

/*
 * try_grab_folio_fast() asks for the type of a page that it does not hold. The unmapping
 * waits for walkers with interrupts off, and so the page is there for as long.
 */
static void a_walk_without_locks_asks_no_page_that_is_gone(void **state)
{
	struct bar *b = bar_new(&mmref_v7_2);

	(void)state;
	mmref_thread(b->sim, "walker", get_fast, b);
	mmref_thread(b->sim, "admin", unbind_alone, b);
	assert_mmref_holds(b->sim);
	mmref_sim_free(b->sim);
}

/* A device without a file system refuses what is done to one, and memory that moves. */
static void what_belongs_to_other_devices_is_refused(void **state)
{
	struct bar *b = bar_new(&mmref_v7_2);
	struct mmref_map *anon = mmref_mmap_anon(b->process, 1);

	(void)state;
	assert_null(mmref_create(b->device, 1, 0));
	assert_int_equal(mmref_sync(b->device), -EINVAL);
	assert_int_equal(mmref_umount(b->device), -EINVAL);
	assert_int_equal(mmref_migrate_to(anon, b->device, 0), -EINVAL);
	assert_int_equal(mmref_msync(b->map), -EINVAL);
	assert_int_equal(mmref_msync(anon), 0);
	mmref_sim_free(b->sim);
}

static void what_is_removed_is_not_mapped_until_it_is_bound_again(void **state)
{
	(void)state;
	for_kernels (rules) {
		struct bar *b = bar_new(rules);

		mmref_thread(b->sim, "admin", unbind_alone, b);
		assert_runs_in_order(b->sim);
		assert_int_equal(b->unbind, 0);
		assert_null(mmref_mmap_p2pdma(b->process, b->device, 1));
		assert_int_equal(mmref_unbind(b->device), -ENODEV);
		assert_int_equal(mmref_rebind(b->device), 0);
		assert_non_null(mmref_mmap_p2pdma(b->process, b->device, 1));
		assert_int_equal(page_of(b->sim, 0).refcount, 1);
		mmref_sim_free(b->sim);
	}
}

static void rebind(void *arg)
{
	struct bar *b = arg;

	mmref_rebind(b->device);
}

static void unbind_and_map(void *arg)
{
	struct bar *b = arg;

	mmref_unbind(b->device);
	mmref_assert(mmref_mmap_p2pdma(b->process, b->device, 1));
}

static void unbind_and_not_map(void *arg)
{
	struct bar *b = arg;

	mmref_unbind(b->device);
	mmref_assert(!mmref_mmap_p2pdma(b->process, b->device, 1));
}

/* Whichever of the threads is the first: the search comes to both orders. */
static void a_map_is_made_before_a_rebind_or_after_it(void **state)
{
	void (*const bodies[])(void *arg) = { unbind_and_map, unbind_and_not_map };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct bar *b = bar_unmapped(&mmref_v7_2);

		if (i & 1)
			mmref_thread(b->sim, "admin", rebind, b);
		mmref_thread(b->sim, "app", bodies[i / 2], b);
		if (!(i & 1))
			mmref_thread(b->sim, "admin", rebind, b);
		assert_mmref_violates(b->sim, MMREF_KERNEL_BUG);
		mmref_sim_free(b->sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapped_page_counts_its_entry_and_has_its_pgmap),
		cmocka_unit_test(there_is_nothing_to_map_before_v6_2),
		cmocka_unit_test(a_page_is_had_once_until_it_is_free),
		cmocka_unit_test(a_child_shares_the_page),
		cmocka_unit_test(only_who_asks_for_p2pdma_gets_it),
		cmocka_unit_test(a_removal_unmaps_what_is_mapped),
		cmocka_unit_test(v6_15_warns_of_the_free_page_that_it_maps),
		cmocka_unit_test(a_page_is_given_back_to_the_pool_once),
		cmocka_unit_test(a_removal_waits_for_who_holds_a_page),
		cmocka_unit_test(a_freed_page_is_not_to_be_looked_at),
		cmocka_unit_test(a_map_in_the_making_is_given_up_in_the_end),
		cmocka_unit_test(a_walk_without_locks_asks_no_page_that_is_gone),
		cmocka_unit_test(what_belongs_to_other_devices_is_refused),
		cmocka_unit_test(what_is_removed_is_not_mapped_until_it_is_bound_again),
		cmocka_unit_test(a_map_is_made_before_a_rebind_or_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
