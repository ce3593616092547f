/* SPDX-License-Identifier: MIT */
/* Unbinding and binding a pmem namespace, and what is left to those who used it. */
#include "scene.h"

#include <errno.h>

#include <mmref/kernel.h>
#include "ops/ops.h"
#include "sched/sim.h"

#define PAGES 2

struct admin {
	struct scene scene;
	struct mmref_file *file; /* a second one, that no process maps */
	struct mmref_hold *hold;
	/* what came of it; -1 for what was not done */
	int umount, mount, unbind, again, rebind, open, pread, pwrite, read, write;
	atomic_t unbound;
};

/* A device whose file is mapped by nobody, closed where @closed. */
static struct admin *admin_new(const struct mmref_rules *rules, bool closed)
{
	struct scene s = scene_new(rules, PAGES);
	struct admin *a = mmref_alloc(s.sim, sizeof(*a));

	assert_non_null(a);
	mmref_munmap(s.map);
	if (closed)
		mmref_close(s.file);
	a->scene = s;
	a->umount = a->mount = a->unbind = a->again = a->rebind = 1;
	a->open = a->pread = a->pwrite = a->read = a->write = 1;
	return a;
}

/* One thread does it from beginning to end. @a lies in the world, and so dies with it. */
static void run_alone(struct admin *a, void (*body)(void *arg))
{
	mmref_thread(a->scene.sim, "admin", body, a);
	assert_runs_in_order(a->scene.sim);
}

static void assert_pages_present(const struct admin *a, bool present)
{
	for (unsigned int i = 0; i < PAGES; i++)
		assert_int_equal(page_of(a->scene.sim, i).present, present);
}

static void unbind(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
}

static void unbind_twice(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->again = mmref_unbind(a->scene.device);
}

static void umount_and_unbind(void *arg)
{
	struct admin *a = arg;

	a->umount = mmref_umount(a->scene.device);
	a->unbind = mmref_unbind(a->scene.device);
}

static void unbind_and_umount(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->umount = mmref_umount(a->scene.device);
}

/* --- alone ---------------------------------------------------------------- */

static void unbinding_an_idle_device_takes_its_pages_away(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		assert_pages_present(a, true);
		run_alone(a, unbind);
		assert_int_equal(a->unbind, 0);
		assert_pages_present(a, false);
		assert_null(a->scene.sim->world->pgmap_array[0]);
		mmref_sim_free(a->scene.sim);
	}
}

static void an_unmounted_device_can_be_unbound(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, umount_and_unbind);
		assert_int_equal(a->umount, 0);
		assert_int_equal(a->unbind, 0);
		assert_pages_present(a, false);
		mmref_sim_free(a->scene.sim);
	}
}

/* As recorded (S7a): unbinding waits for no mount, and the husk can still be unmounted. */
static void a_mounted_device_can_be_unbound_and_unmounted_later(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, unbind_and_umount);
		assert_int_equal(a->unbind, 0);
		assert_int_equal(a->umount, 0);
		mmref_sim_free(a->scene.sim);
	}
}

static void a_second_unbind_finds_no_device(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, unbind_twice);
		assert_int_equal(a->unbind, 0);
		assert_int_equal(a->again, -ENODEV);
		mmref_sim_free(a->scene.sim);
	}
}

static void remount_and_open(void *arg)
{
	struct admin *a = arg;

	a->again = mmref_mount(a->scene.device);
	a->umount = mmref_umount(a->scene.device);
	a->read = mmref_open(a->scene.file);
	a->mount = mmref_mount(a->scene.device);
	a->open = mmref_open(a->scene.file);
	a->pread = mmref_pread(a->scene.file, 1);
}

static void what_was_unmounted_can_be_mounted_again(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, remount_and_open);
		assert_int_equal(a->again, -EBUSY); /* it was mounted */
		assert_int_equal(a->umount, 0);
		assert_int_equal(a->read, -ENOENT); /* without the mount there is no name */
		assert_int_equal(a->mount, 0);
		assert_int_equal(a->open, 0);
		assert_int_equal(a->pread, FILL);
		mmref_sim_free(a->scene.sim);
	}
}

static void mount_without_a_device(void *arg)
{
	struct admin *a = arg;

	umount_and_unbind(arg);
	a->mount = mmref_mount(a->scene.device);
	a->rebind = mmref_rebind(a->scene.device);
	a->again = mmref_mount(a->scene.device);
}

static void a_removed_device_is_not_mounted(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, mount_without_a_device);
		assert_int_equal(a->mount, -ENODEV);
		assert_int_equal(a->rebind, 0);
		assert_int_equal(a->again, 0);
		mmref_sim_free(a->scene.sim);
	}
}

static void use_and_rebind(void *arg)
{
	struct admin *a = arg;

	a->again = mmref_rebind(a->scene.device);
	a->unbind = mmref_unbind(a->scene.device);
	a->rebind = mmref_rebind(a->scene.device);
}

static void a_device_bound_again_has_fresh_pages(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);
		struct mmref_sim *sim = a->scene.sim;
		struct mmref_map *map;

		/* leave traces on the page: its mapping, flags */
		mmref_open(a->scene.file);
		map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);
		mmref_write(map, 1, 1);
		mmref_release(mmref_get(map, 1, 1, 0, NULL));
		mmref_munmap(map);
		mmref_close(a->scene.file);
		assert_int_not_equal(page_of(sim, 1).mapping, 0);
		assert_true(page_of(sim, 1).referenced);

		run_alone(a, use_and_rebind);
		assert_int_equal(a->again, -ENODEV); /* it was bound */
		assert_int_equal(a->unbind, 0);
		assert_int_equal(a->rebind, 0);
		for (unsigned int i = 0; i < PAGES; i++) {
			struct mmref_page page = page_of(sim, i);

			assert_true(page.present);
			assert_int_equal(page.refcount, rules == &mmref_v6_1);
			assert_int_equal(page.mapcount, 0);
			assert_int_equal(page.mapping, 0);
			assert_false(page.referenced);
			assert_false(page.dirty);
		}
		mmref_sim_free(sim);
	}
}

/* --- after the device has gone -------------------------------------------- */

static void unbind_and_open(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->open = mmref_open(a->scene.file);
}

/* As recorded (S7a): 7.2 shuts the file system down with the disk, 6.1 does not. */
static void a_file_can_be_opened_after_unbind_under_the_old_rules_alone(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, unbind_and_open);
		assert_int_equal(a->open, rules == &mmref_v6_1 ? 0 : -EIO);
		mmref_sim_free(a->scene.sim);
	}
}

static void unbind_and_use(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->pread = mmref_pread(a->scene.file, 0);
	a->pwrite = mmref_pwrite(a->scene.file, 0, 1);
}

/* 6.1 gets as far as the dead dax device (ENXIO, S7a); 7.2 is turned away by the shutdown. */
static void reads_and_writes_fail_after_unbind(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);
		int error = rules == &mmref_v6_1 ? -ENXIO : -EIO;

		run_alone(a, unbind_and_use);
		assert_int_equal(a->unbind, 0);
		assert_int_equal(a->pread, error);
		assert_int_equal(a->pwrite, error);
		mmref_sim_free(a->scene.sim);
	}
}

static void rebind_and_use(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->rebind = mmref_rebind(a->scene.device);
	a->pread = mmref_pread(a->scene.file, 0);
	a->pwrite = mmref_pwrite(a->scene.file, 0, 1);
	a->read = mmref_read(a->scene.map, 0);
}

/* pmem_attach_disk() makes a disk and a dax device: those of the mount stay dead. */
static void what_was_mounted_has_nothing_of_the_device_bound_again(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);
		int error = rules == &mmref_v6_1 ? -ENXIO : -EIO;

		a->scene.map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);
		run_alone(a, rebind_and_use);
		assert_int_equal(a->rebind, 0);
		assert_int_equal(a->pread, error);
		assert_int_equal(a->pwrite, error);
		assert_int_equal(a->read, -EIO);
		mmref_sim_free(a->scene.sim);
	}
}

static void unbind_and_touch(void *arg)
{
	struct admin *a = arg;

	a->unbind = mmref_unbind(a->scene.device);
	a->read = mmref_read(a->scene.map, 0);
	a->write = mmref_write(a->scene.map, 1, 1);
}

static void a_fault_after_unbind_is_a_sigbus(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);

		a->scene.map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);
		run_alone(a, unbind_and_touch);
		assert_int_equal(a->unbind, 0);
		assert_int_equal(a->read, -EIO);
		assert_int_equal(a->write, -EIO);
		mmref_sim_free(a->scene.sim);
	}
}

static void unbind_and_look_up(void *arg)
{
	struct admin *a = arg;
	struct dev_pagemap *pgmap = a->scene.device->pmem.pgmap;
	unsigned long pfn = pgmap->start_pfn, references = percpu_ref_sum(&pgmap->ref);

	mmref_assert(get_dev_pagemap(pfn, NULL) == pgmap);
	mmref_assert(get_dev_pagemap(pfn + 1, pgmap) == pgmap);
	mmref_assert(percpu_ref_sum(&pgmap->ref) == references + 1);
	mmref_assert(!get_dev_pagemap(pfn + PAGES, pgmap));
	mmref_assert(percpu_ref_sum(&pgmap->ref) == references);
	mmref_unbind(a->scene.device);
	mmref_assert(!get_dev_pagemap(pfn, NULL));
}

static void the_pgmap_of_a_pfn_is_found_while_it_is_bound(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		run_alone(a, unbind_and_look_up);
		mmref_sim_free(a->scene.sim);
	}
}

/* --- races ---------------------------------------------------------------- */

static void unbind_as_one_of_two(void *arg)
{
	struct admin *a = arg;
	int err = mmref_unbind(a->scene.device);

	mmref_assert(err == 0 || err == -ENODEV);
	if (err == 0)
		mmref_assert(atomic_inc_return(&a->unbound) == 1);
}

static void of_two_who_unbind_one_does(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, true);

		mmref_thread(a->scene.sim, "one", unbind_as_one_of_two, a);
		mmref_thread(a->scene.sim, "two", unbind_as_one_of_two, a);
		assert_mmref_holds(a->scene.sim);
		assert_runs_in_order(a->scene.sim);
		assert_int_equal(a->unbound.counter, 1);
		mmref_sim_free(a->scene.sim);
	}
}

static void pread_or_fail(void *arg)
{
	int byte = mmref_pread(((struct admin *)arg)->scene.file, 0);

	mmref_assert(byte == FILL || byte == -ENXIO || byte == -EIO);
}

static void pread_and_expect_data(void *arg)
{
	mmref_assert(mmref_pread(((struct admin *)arg)->scene.file, 0) == FILL);
}

static void a_read_gets_the_data_or_an_error(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);

		mmref_thread(a->scene.sim, "reader", pread_or_fail, a);
		mmref_thread(a->scene.sim, "admin", unbind, a);
		assert_mmref_holds(a->scene.sim);
		mmref_sim_free(a->scene.sim);
	}
}

/*
 * A copy out of the device against its removal.
 *
 *	1. the reader (0), inside its SRCU section, finds the device alive
 *	2. unbind (1) says no from here on, and waits for the section
 *	3. the reader copies, and leaves
 *	4. unbind removes the pages
 *
 * When kill_dax() does not wait: the pages are gone at step 3.
 */
static void unbind_waits_for_a_copy_under_way(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);
		struct mmref_sim *sim = a->scene.sim;
		struct story story = { .sim = sim };

		mmref_thread(sim, "reader", pread_and_expect_data, a);
		mmref_thread(sim, "admin", unbind, a);
		story_until(&story, 0, "srcu_read_lock");
		story_until(&story, 0, "read dax_dev->alive");
		story_on(&story, 1);
		assert_string_equal(sim->fiber[1]->task.asleep->func, "kill_dax");
		assert_pages_present(a, true);
		story_on(&story, 0);
		assert_true(sim->fiber[0]->task.done);
		assert_true(story_go(&story, 1));
		mmref_sim_free(sim);
	}
}

static void a_read_can_come_too_late(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);

		mmref_thread(a->scene.sim, "reader", pread_and_expect_data, a);
		mmref_thread(a->scene.sim, "admin", unbind, a);
		assert_some_run_fails(a->scene.sim,
				      "mmref_pread(((struct admin *)arg)->scene.file, 0) == FILL");
		mmref_sim_free(a->scene.sim);
	}
}

static void release(void *arg)
{
	mmref_release(((struct admin *)arg)->hold);
}

/* A page of a file is pinned; the file stays open, or nobody has it any more. */
static struct admin *pinned(const struct mmref_rules *rules, bool closed)
{
	struct admin *a = admin_new(rules, false);
	struct mmref_map *map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);

	a->hold = mmref_pin(map, 0, 1, MMREF_GUP_WRITE, NULL);
	mmref_munmap(map);
	if (closed)
		mmref_close(a->scene.file);
	mmref_thread(a->scene.sim, "admin", unbind, a);
	mmref_thread(a->scene.sim, "dma", release, a);
	return a;
}

static void assert_unplug_violated_in(struct mmref_sim *sim, const char *function)
{
	struct mmref_result result;

	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.violation, MMREF_USE_AFTER_UNPLUG);
	assert_string_equal(result.found[0].site->func, function);
	mmref_result_free(&result);
}

/*
 * A pin against the removal of the device, as recorded (S7e, S7f).
 *
 *	1. a page is pinned; its file is closed, or open
 *	2. unbind: memunmap_pages() waits for its own reference, which no pin holds
 *	3. the pin is dropped, into a memmap that is gone
 *
 * When unbind comes to wait for pins: holds.
 */
static void unbind_does_not_wait_for_a_pin(void **state)
{
	static const struct {
		const struct mmref_rules *rules;
		bool closed;
	} cases[] = {
		{ &mmref_v6_1, true },
		{ &mmref_v6_1, false },
		{ &mmref_v7_2, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct admin *a = pinned(cases[i].rules, cases[i].closed);

		assert_unplug_violated_in(a->scene.sim, "arch_remove_memory");
		mmref_sim_free(a->scene.sim);
	}
}

/* 7.2 with the file closed evicts the inode first, and that waits for the pin. */
static void an_eviction_on_the_way_waits_for_the_pin_under_the_new_rules(void **state)
{
	struct admin *a = pinned(&mmref_v7_2, true);

	(void)state;
	assert_runs_in_order(a->scene.sim);
	assert_int_equal(a->unbind, 0);
	mmref_sim_free(a->scene.sim);
}

/*
 * The last put against the eviction that it lets go on.
 *
 *	1. dma: folio_put() takes the count to 0
 *	2. unbind: eviction finds it 0 and has no need to sleep; the memmap goes
 *	3. dma: free_zone_device_folio() reads folio->pgmap, to know whom to wake
 *
 * Nothing holds the page between 1 and 3: the count that says that nobody looks
 * at it any more is what the last one to look has just put.
 */
static void the_last_put_looks_at_the_page_when_the_memmap_may_be_gone(void **state)
{
	struct admin *a = pinned(&mmref_v7_2, true);

	(void)state;
	assert_unplug_violated_in(a->scene.sim, "free_zone_device_folio");
	mmref_sim_free(a->scene.sim);
}

static void read_through_the_map(void *arg)
{
	mmref_read(((struct admin *)arg)->scene.map, 0);
}

/*
 * A PTE outlives the device. Jason Gunthorpe, linux-mm, 14 Oct 2021.
 *
 *	1. app has page 0 mapped
 *	2. unbind finds nothing to wait for, and removes the memmap
 *	3. app reads through its entry
 */
static void no_rule_set_waits_for_an_entry(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct admin *a = admin_new(rules, false);

		a->scene.map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);
		mmref_read(a->scene.map, 0);
		mmref_thread(a->scene.sim, "app", read_through_the_map, a);
		mmref_thread(a->scene.sim, "admin", unbind, a);
		assert_mmref_violates(a->scene.sim, MMREF_USE_AFTER_UNPLUG);
		mmref_sim_free(a->scene.sim);
	}
}

static void umount_alone(void *arg)
{
	struct admin *a = arg;

	a->umount = mmref_umount(a->scene.device);
}

/* bdev_super_lock(): of 7.2 an umount waits for the page, and the removal for the umount. */
static void a_removal_waits_for_an_umount_that_waits_for_a_page(void **state)
{
	struct admin *a = admin_new(&mmref_v7_2, false);
	struct mmref_map *map = mmref_mmap(a->scene.process, a->scene.file, 0, PAGES);
	struct watch watch;

	(void)state;
	a->hold = mmref_pin(map, 0, 1, MMREF_GUP_WRITE, NULL);
	mmref_munmap(map);
	mmref_close(a->scene.file);
	mmref_thread(a->scene.sim, "umount", umount_alone, a);
	mmref_thread(a->scene.sim, "unbind", unbind, a);
	run_in_order(a->scene.sim, &watch);
	assert_int_equal(watch.sleepers, 2);
	assert_pages_present(a, true);
	mmref_sim_free(a->scene.sim);
}

static void rebind(void *arg)
{
	struct admin *a = arg;

	mmref_rebind(a->scene.device);
}

static void unbind_and_mount(void *arg)
{
	struct admin *a = arg;

	umount_and_unbind(arg);
	mmref_assert(!mmref_mount(a->scene.device));
}

static void unbind_and_not_mount(void *arg)
{
	struct admin *a = arg;

	umount_and_unbind(arg);
	mmref_assert(mmref_mount(a->scene.device));
}

/* Whichever of the threads is the first: the search comes to both orders. */
static void a_mount_comes_before_a_rebind_or_after_it(void **state)
{
	void (*const bodies[])(void *arg) = { unbind_and_mount, unbind_and_not_mount };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct admin *a = admin_new(&mmref_v7_2, true);

		if (i & 1)
			mmref_thread(a->scene.sim, "second", rebind, a);
		mmref_thread(a->scene.sim, "first", bodies[i / 2], a);
		if (!(i & 1))
			mmref_thread(a->scene.sim, "second", rebind, a);
		assert_mmref_violates(a->scene.sim, MMREF_KERNEL_BUG);
		mmref_sim_free(a->scene.sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbinding_an_idle_device_takes_its_pages_away),
		cmocka_unit_test(an_unmounted_device_can_be_unbound),
		cmocka_unit_test(a_mounted_device_can_be_unbound_and_unmounted_later),
		cmocka_unit_test(a_second_unbind_finds_no_device),
		cmocka_unit_test(what_was_unmounted_can_be_mounted_again),
		cmocka_unit_test(a_removed_device_is_not_mounted),
		cmocka_unit_test(a_device_bound_again_has_fresh_pages),
		cmocka_unit_test(a_file_can_be_opened_after_unbind_under_the_old_rules_alone),
		cmocka_unit_test(reads_and_writes_fail_after_unbind),
		cmocka_unit_test(what_was_mounted_has_nothing_of_the_device_bound_again),
		cmocka_unit_test(a_fault_after_unbind_is_a_sigbus),
		cmocka_unit_test(the_pgmap_of_a_pfn_is_found_while_it_is_bound),
		cmocka_unit_test(of_two_who_unbind_one_does),
		cmocka_unit_test(a_read_gets_the_data_or_an_error),
		cmocka_unit_test(unbind_waits_for_a_copy_under_way),
		cmocka_unit_test(a_read_can_come_too_late),
		cmocka_unit_test(unbind_does_not_wait_for_a_pin),
		cmocka_unit_test(an_eviction_on_the_way_waits_for_the_pin_under_the_new_rules),
		cmocka_unit_test(the_last_put_looks_at_the_page_when_the_memmap_may_be_gone),
		cmocka_unit_test(no_rule_set_waits_for_an_entry),
		cmocka_unit_test(a_removal_waits_for_an_umount_that_waits_for_a_page),
		cmocka_unit_test(a_mount_comes_before_a_rebind_or_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
