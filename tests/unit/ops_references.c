/* SPDX-License-Identifier: MIT */
/* Who holds pages: pipes, and buffers of io_uring. */
#include "scene.h"

#include <errno.h>

#include "ops/ops.h"
#include "sched/sim.h"

#define PMD_PAGES 8

/* --- pipes ------------------------------------------------------------------ */

static int gets_of(const struct scene *s, unsigned int i)
{
	return page_of(s->sim, i).held[HELD_BY_GET];
}

/* wait_for_space() and add_to_pipe(), as with SPLICE_F_NONBLOCK. */
static void a_pipe_holds_the_pages_that_it_has_room_for(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct scene s = scene_new(rules, 2);
		struct mmref_pipe *pipe = mmref_pipe(s.sim);

		for (int i = 1; i < PIPE_BUFFERS; i++)
			assert_int_equal(mmref_vmsplice(pipe, s.map, 0, 1), 1);
		assert_int_equal(mmref_vmsplice(pipe, s.map, 0, 2), 1);
		assert_int_equal(gets_of(&s, 0), PIPE_BUFFERS);
		assert_int_equal(gets_of(&s, 1), 0);
		assert_int_equal(mmref_vmsplice(pipe, s.map, 0, 2), -EAGAIN);
		assert_int_equal(mmref_splice(pipe, s.file, 0), -EAGAIN);
		assert_int_equal(mmref_tee(mmref_pipe(s.sim), pipe), -EAGAIN);
		assert_int_equal(mmref_drain(pipe), FILL);
		assert_int_equal(gets_of(&s, 0), 0);
		mmref_sim_free(s.sim);
	}
}

static void nothing_is_spliced_from_behind_the_end(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 2);
	struct mmref_pipe *pipe = mmref_pipe(s.sim);

	(void)state;
	assert_int_equal(mmref_splice(pipe, s.file, 2), 0);
	assert_int_equal(mmref_drain(pipe), -EAGAIN);
	assert_int_equal(mmref_splice(pipe, s.file, 1), 1);
	assert_int_equal(mmref_drain(pipe), FILL);
	mmref_sim_free(s.sim);
}

struct pipes {
	struct mmref_pipe *from, *to;
	int tee;
};

static void tees(void *arg)
{
	struct pipes *pipes = arg;

	pipes->tee = mmref_tee(pipes->from, pipes->to);
}

/* try_get_page() of a page that counts 0: only a rule that is wrong comes to that. */
static void a_free_page_is_not_copied_by_tee(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct pipes *pipes = mmref_alloc(s.sim, sizeof(*pipes));
	struct page *page = s.device->pmem.pgmap->memmap;
	struct watch watch;

	(void)state;
	pipes->from = mmref_pipe(s.sim);
	pipes->to = mmref_pipe(s.sim);
	assert_int_equal(mmref_vmsplice(pipes->from, s.map, 0, 1), 1);
	POKE(page->_refcount.counter, 0);
	mmref_thread(s.sim, "app", tees, pipes);
	run_in_order(s.sim, &watch);
	assert_int_equal(watch.violation, MMREF_KERNEL_WARNING);
	assert_int_equal(pipes->tee, -EFAULT);
	assert_int_equal(page_of(s.sim, 0).refcount, 0);
	mmref_sim_free(s.sim);
}

/* --- io_uring ----------------------------------------------------------------- */

static struct mmref_map *devdax_map(struct mmref_sim *sim, unsigned int pages)
{
	struct mmref_device *dax = mmref_devdax(sim, 2 * PMD_PAGES);
	struct mmref_file *node = mmref_create(dax, 2 * PMD_PAGES, 0);
	struct mmref_map *map = mmref_mmap(mmref_process(sim), node, 0, pages);

	assert_non_null(map);
	return map;
}

/* io_pin_pages(): what is pinned of a buffer that goes beyond the map is given back. */
static void a_buffer_is_registered_as_a_whole(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct mmref_map *map = devdax_map(sim, PMD_PAGES);
	int error = 0;

	(void)state;
	assert_null(mmref_register(map, PMD_PAGES - 2, 4, &error));
	assert_int_equal(error, -EFAULT);
	assert_int_equal(page_of(sim, 0).held[HELD_BY_PIN], 0);
	assert_non_null(mmref_register(map, PMD_PAGES - 2, 2, &error));
	assert_int_equal(error, 0);
	mmref_sim_free(sim);
}

/* io_coalesce_buffer(): from inside of one folio into the next. */
static void a_buffer_keeps_one_pin_in_each_folio(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct mmref_map *map = devdax_map(sim, 2 * PMD_PAGES);
	struct mmref_hold *buffer;

	(void)state;
	for (unsigned int i = 0; i < 2 * PMD_PAGES; i++)
		mmref_write(map, i, i);
	buffer = mmref_register(map, PMD_PAGES - 2, 5, NULL);
	assert_non_null(buffer);
	assert_int_equal(page_of(sim, 0).held[HELD_BY_PIN], 1);
	assert_int_equal(page_of(sim, PMD_PAGES).held[HELD_BY_PIN], 1);
	for (int i = 0; i < 5; i++)
		assert_int_equal(mmref_dma_read(buffer, i), PMD_PAGES - 2 + i);
	assert_int_equal(mmref_dma_read(buffer, 5), -EINVAL);
	assert_int_equal(mmref_unregister(buffer), 0);
	assert_int_equal(page_of(sim, 0).held[HELD_BY_PIN], 0);
	assert_int_equal(page_of(sim, PMD_PAGES).held[HELD_BY_PIN], 0);
	mmref_sim_free(sim);
}

/* is_valid_gup_args() */
static void only_a_pin_is_for_long(void **state)
{
	(void)state;
	for_both_rule_sets (rules) {
		struct mmref_sim *sim = mmref_sim_new(rules);
		struct mmref_map *map = devdax_map(sim, PMD_PAGES);
		int error = 0;

		assert_null(mmref_get(map, 0, 1, MMREF_GUP_LONGTERM, &error));
		assert_int_equal(error, -EINVAL);
		assert_non_null(mmref_pin(map, 0, 1, MMREF_GUP_LONGTERM, NULL));
		mmref_sim_free(sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_holds_the_pages_that_it_has_room_for),
		cmocka_unit_test(nothing_is_spliced_from_behind_the_end),
		cmocka_unit_test(a_free_page_is_not_copied_by_tee),
		cmocka_unit_test(a_buffer_is_registered_as_a_whole),
		cmocka_unit_test(a_buffer_keeps_one_pin_in_each_folio),
		cmocka_unit_test(only_a_pin_is_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
