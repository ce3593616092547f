/* SPDX-License-Identifier: MIT */
/* "Fix the DAX-gup mistake" v2: the entry holds the device, and a page that is held does not. */
#include "scene.h"

#include <mmref/linux/dax.h>
#include "ops/ops.h"
#include "sched/sim.h"

static unsigned long pgmap_references(const struct scene *s)
{
	return percpu_ref_sum(&s->device->pmem.pgmap->ref);
}

/* A device, a file and a map of one PMD of 2^@order pages. */
static struct scene pmd_scene(unsigned int order)
{
	struct scene s = { .sim = mmref_sim_new(&mmref_williams_2022_v2) };

	s.sim->world->pmd_order = order;
	s.device = mmref_fsdax(s.sim, 1U << order);
	s.file = mmref_create(s.device, 1U << order, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap(s.process, s.file, 0, 1U << order);
	assert_non_null(s.map);
	return s;
}

/* One reference a page, in one go, whatever maps or holds the pages; truncate gives them back. */
static void an_entry_holds_the_device_once_a_page(void **state)
{
	(void)state;
	for (unsigned int order = 1; order < 3; order++) {
		struct scene s = pmd_scene(order);
		unsigned int nr = 1U << order;
		struct mmref_hold *hold;

		assert_int_equal(pgmap_references(&s), 1 + nr);
		mmref_write(s.map, 0, 1);
		assert_int_equal(page_of(s.sim, nr - 1).refcount, 1);
		assert_int_equal(page_of(s.sim, nr - 1).held[HELD_BY_DAX_ENTRY], 1);
		assert_int_equal(pgmap_references(&s), 1 + nr + nr);

		hold = mmref_pin(s.map, 0, 1, 0, NULL);
		assert_int_equal(pgmap_references(&s), 1 + nr + nr);
		mmref_release(hold);
		assert_int_equal(mmref_truncate(s.file, 0), 0);
		assert_int_equal(page_of(s.sim, nr - 1).refcount, 0);
		assert_int_equal(pgmap_references(&s), 1 + nr);
		mmref_sim_free(s.sim);
	}
}

struct pinned {
	struct scene s;
	struct mmref_hold *hold;
};

static void unbind(void *arg)
{
	mmref_unbind(((struct pinned *)arg)->s.device);
}

static void unpin(void *arg)
{
	mmref_release(((struct pinned *)arg)->hold);
}

static void signal_admin(void *arg)
{
	(void)arg;
	mmref_signal("admin");
}

/* Page 0 is pinned, the file closed and unmapped, and the device unbound. */
static struct mmref_sim *unbound_under_a_pin(const struct mmref_rules *rules, bool signalled)
{
	struct scene s = scene_new(rules, 1);
	struct pinned *p = mmref_alloc(s.sim, sizeof(*p));

	mmref_write(s.map, 0, 1);
	*p = (struct pinned){ .s = s, .hold = mmref_pin(s.map, 0, 1, 0, NULL) };
	mmref_munmap(s.map);
	mmref_close(s.file);
	mmref_thread(s.sim, "admin", unbind, p);
	mmref_thread(s.sim, "device", unpin, p);
	if (signalled)
		mmref_thread(s.sim, "user", signal_admin, p);
	return s.sim;
}

/* The eviction is all that waits for a pin; where a signal ends it, the entry's pgmap goes too. */
static void a_pin_holds_the_device_as_long_as_nobody_is_interrupted(void **state)
{
	struct mmref_sim *sim = unbound_under_a_pin(&mmref_williams_2022_v2, true);

	(void)state;
	assert_mmref_violates(sim, MMREF_USE_AFTER_UNPLUG);
	mmref_sim_free(sim);
	sim = unbound_under_a_pin(&mmref_williams_2022, true);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* free_zone_device_page() has the folio in hand when it counts 0, and nothing waits for that. */
static void without_a_signal_the_last_put_is_what_is_left_of_the_race(void **state)
{
	struct mmref_sim *sim = unbound_under_a_pin(&mmref_williams_2022_v2, false);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	assert_int_equal(result.verdict, MMREF_VIOLATES);
	assert_int_equal(result.violation, MMREF_USE_AFTER_UNPLUG);
	assert_string_equal(result.found[0].site->func, "free_zone_device_page");
	mmref_result_free(&result);
	mmref_sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_holds_the_device_once_a_page),
		cmocka_unit_test(a_pin_holds_the_device_as_long_as_nobody_is_interrupted),
		cmocka_unit_test(without_a_signal_the_last_put_is_what_is_left_of_the_race),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
