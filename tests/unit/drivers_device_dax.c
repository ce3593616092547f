/* SPDX-License-Identifier: MIT */
/* The node of a device in devdax mode: opened, mapped, and taken away. */
#include "scene.h"

#include <errno.h>

#include "ops/ops.h"
#include "sched/sim.h"

#define PMD_PAGES 8

struct node {
	struct mmref_sim *sim;
	struct mmref_device *dax;
	struct mmref_file *file;
	struct mmref_process *process;
	struct mmref_map *map;
	int open, read, again;
	bool mapped;
};

static struct node *node_new(const struct mmref_rules *rules)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct node *n = mmref_alloc(sim, sizeof(*n));

	assert_non_null(n);
	n->sim = sim;
	n->dax = mmref_devdax(sim, 2 * PMD_PAGES);
	n->file = mmref_create(n->dax, 2 * PMD_PAGES, 0);
	n->process = mmref_process(sim);
	assert_non_null(n->file);
	return n;
}

/* check_vma(), drivers/dax/device.c */
static void only_whole_pmds_of_it_are_mapped_and_shared(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct node *n = node_new(rules);

		assert_null(mmref_mmap(n->process, n->file, 0, PMD_PAGES - 1));
		assert_null(mmref_mmap(n->process, n->file, 1, PMD_PAGES));
		assert_null(mmref_mmap_at(n->process, n->file, 0, PMD_PAGES, 0, true));
		assert_null(mmref_mmap_at(n->process, n->file, 0, PMD_PAGES, 1, false));
		n->map = mmref_mmap(n->process, n->file, PMD_PAGES, PMD_PAGES);
		assert_non_null(n->map);
		assert_int_equal(mmref_write(n->map, 1, 7), 0);
		assert_int_equal(page_of(n->sim, PMD_PAGES).mapped, 1);
		mmref_sim_free(n->sim);
	}
}

static void unbinds_and_uses(void *arg)
{
	struct node *n = arg;

	mmref_unbind(n->dax);
	n->mapped = mmref_mmap(n->process, n->file, 0, PMD_PAGES);
	n->read = mmref_read(n->map, 0);
	mmref_munmap(n->map);
	mmref_close(n->file);
	n->open = mmref_open(n->file);
	mmref_rebind(n->dax);
	n->again = mmref_open(n->file);
}

/* dax_alive() and cdev_del() */
static void what_is_removed_is_not_opened_nor_mapped_until_it_is_bound_again(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct node *n = node_new(rules);

		n->map = mmref_mmap(n->process, n->file, 0, PMD_PAGES);
		mmref_thread(n->sim, "admin", unbinds_and_uses, n);
		assert_runs_in_order(n->sim);
		assert_false(n->mapped);
		assert_int_equal(n->read, -EIO);
		assert_int_equal(n->open, -ENXIO);
		assert_int_equal(n->again, 0);
		mmref_sim_free(n->sim);
	}
}

static void unbinds_binds_and_reads(void *arg)
{
	struct node *n = arg;

	mmref_unbind(n->dax);
	mmref_rebind(n->dax);
	n->read = mmref_read(n->map, 0);
}

/* run_dax(): the dax device is that of the bus, so that a map of before serves again. */
static void a_map_serves_again_when_the_driver_is_bound_again(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct node *n = node_new(rules);

		n->map = mmref_mmap(n->process, n->file, 0, PMD_PAGES);
		mmref_write(n->map, 0, 9);
		mmref_thread(n->sim, "admin", unbinds_binds_and_reads, n);
		assert_runs_in_order(n->sim);
		assert_int_equal(n->read, 9);
		assert_int_equal(page_of(n->sim, 0).mapped, 1);
		mmref_sim_free(n->sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_whole_pmds_of_it_are_mapped_and_shared),
		cmocka_unit_test(what_is_removed_is_not_opened_nor_mapped_until_it_is_bound_again),
		cmocka_unit_test(a_map_serves_again_when_the_driver_is_bound_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
