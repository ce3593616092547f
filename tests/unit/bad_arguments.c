/* SPDX-License-Identifier: MIT */
/* No call of the public headers ends the using program: bad arguments are errors with a text. */
#include <errno.h>

#include <mmref/mmref.h>

#include "scene.h"

#define assert_error(sim, words)                                                                   \
	do {                                                                                       \
		assert_non_null(mmref_error(sim));                                                 \
		if (!strstr(mmref_error(sim), words))                                              \
			fail_msg("'%s' does not say '%s'", mmref_error(sim), words);               \
	} while (0)

static void reads(void *arg)
{
	mmref_read(arg, 0);
}

static void rule_sets(void **state)
{
	struct mmref_rules nameless = { 0 };

	(void)state;
	assert_null(mmref_sim_new(NULL));
	assert_error(NULL, "rule set is NULL");
	assert_null(mmref_sim_new(&nameless));
	assert_error(NULL, "no name");
	assert_null(mmref_rules_find(NULL));
	assert_null(mmref_function_find(NULL));
	assert_int_equal(mmref_violation_find(NULL), MMREF_NONE);
}

static void no_simulation(void **state)
{
	struct mmref_result result;
	struct mmref_page page;
	char text[8] = "?";

	(void)state;
	assert_false(mmref_thread(NULL, "a", reads, NULL));
	assert_error(NULL, "simulation is NULL");
	assert_null(mmref_alloc(NULL, 8));
	assert_null(mmref_fsdax(NULL, 1));
	assert_null(mmref_process(NULL));
	assert_null(mmref_pipe(NULL));
	assert_int_equal(mmref_explore(NULL, NULL, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_string_equal(result.error, "the simulation is NULL");
	mmref_result_free(&result);
	assert_int_equal(mmref_run_in_order(NULL, NULL), 0);
	assert_int_equal(mmref_replay(NULL, NULL, NULL), 0);
	mmref_rewind(NULL);
	mmref_interrupt(NULL);
	assert_false(mmref_sim_page(NULL, 0, &page));
	mmref_sim_entries(NULL, NULL, NULL);
	assert_null(mmref_sim_asleep(NULL, 0));
	assert_string_equal(mmref_sim_task_name(NULL, 0), "?");
	assert_int_equal(mmref_sim_nr_tasks(NULL), 0);
	mmref_sim_describe(NULL, &page, text, sizeof(text));
	assert_string_equal(text, "");
	assert_int_equal(mmref_sim_page_of(NULL, &page), -1);
	assert_int_equal(mmref_take_steps(NULL, &mmref_v7_2, NULL), -1);
	assert_null(mmref_sim_program(NULL, &mmref_v7_2, NULL));
	mmref_print_run(NULL, NULL, NULL);
	mmref_result_free(NULL);
	mmref_sim_free(NULL);
}

static void freed_twice(void **state)
{
	struct scene a = scene_new(&mmref_v7_2, 1), b;
	struct mmref_result result;

	(void)state;
	b = scene_new(&mmref_v7_2, 1);
	mmref_sim_free(a.sim);		/* the outer one first */
	mmref_sim_free(a.sim);
	assert_error(a.sim, "freed");
	assert_int_equal(mmref_explore(a.sim, NULL, &result), -1);
	assert_false(mmref_thread(a.sim, "a", reads, a.map));
	assert_int_equal(mmref_read(b.map, 0), FILL);
	mmref_sim_free(b.sim);
	b = scene_new(&mmref_v7_2, 1);
	assert_int_equal(mmref_read(b.map, 0), FILL);
	mmref_sim_free(b.sim);
}

static void threads(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct mmref_result result;

	(void)state;
	assert_int_equal(mmref_explore(s.sim, NULL, NULL), -1);
	assert_int_equal(mmref_explore(s.sim, NULL, &result), -1);
	assert_int_equal(result.verdict, MMREF_ERROR);
	assert_non_null(strstr(result.error, "no threads"));
	assert_int_equal(mmref_run_in_order(s.sim, NULL), 0);
	assert_error(s.sim, "no threads");
	assert_false(mmref_thread(s.sim, NULL, reads, s.map));
	assert_false(mmref_thread(s.sim, "a", NULL, s.map));
	assert_error(s.sim, "body is NULL");
	for (int i = 0; i < MMREF_MAX_THREADS; i++)
		assert_true(mmref_thread(s.sim, "reader", reads, s.map));
	assert_false(mmref_thread(s.sim, "ninth", reads, s.map));
	assert_error(s.sim, "at most 8");
	mmref_sim_free(s.sim);
}

static void thread_after_exploring(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);

	(void)state;
	mmref_thread(s.sim, "reader", reads, s.map);
	assert_mmref_holds(s.sim);
	assert_false(mmref_thread(s.sim, "late", reads, s.map));
	assert_error(s.sim, "'late' is added after a run");
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static void bad_options(void **state)
{
	static const struct mmref_options bad[] = {
		{ .strategy = MMREF_NR_STRATEGIES },
		{ .shard = 3, .shards = 2 },
		{ .shard = 1, .shards = MMREF_MAX_SHARDS + 1 },
		{ .max_seconds = -1 },
		{ .strategy = MMREF_RANDOM, .workers = 2 },
	};
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct mmref_result result;

	(void)state;
	mmref_thread(s.sim, "reader", reads, s.map);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(mmref_explore(s.sim, &bad[i], &result), -1);
		assert_non_null(result.error);
		assert_error(s.sim, "mmref_explore: ");
	}
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static void off_the_device(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct mmref_device *device = mmref_fsdax(sim, 1);

	(void)state;
	assert_null(mmref_error(sim));
	assert_null(mmref_create(device, 5, 0));
	assert_error(sim, "create: No space left on device");
	assert_null(mmref_create(NULL, 1, 0));
	assert_error(sim, "create: Invalid argument");
	assert_null(mmref_mmap(mmref_process(sim), NULL, 0, 1));
	assert_null(mmref_mmap_anon(NULL, 1));
	assert_null(mmref_fsdax(sim, UINT32_MAX));
	mmref_sim_free(sim);
}

static void outside_the_map(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 2);
	static const unsigned int outside[] = { 2, 3, 99, 1u << 20, UINT32_MAX };
	int error = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		assert_int_equal(mmref_read(s.map, outside[i]), -EFAULT);
		assert_int_equal(mmref_write(s.map, outside[i], 1), -EFAULT);
		assert_null(mmref_get(s.map, outside[i], 1, 0, &error));
		assert_true(error < 0);
		assert_null(mmref_pin(s.map, outside[i], 1, 0, &error));
		assert_true(error < 0);
		assert_true(mmref_pread(s.file, outside[i]) <= 0);
	}
	for (unsigned int pages = 3; pages && pages < 64; pages++) {
		mmref_release(mmref_get(s.map, 1, pages, 0, &error));
		mmref_release(mmref_pin(s.map, 1, pages, 0, &error));
	}
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		assert_true(mmref_punch(s.file, outside[i], 1) <= 0);
		assert_true(mmref_punch(s.file, 1, outside[i]) <= 0);
		assert_true(mmref_zero_range(s.file, outside[i], 2) <= 0);
		assert_true(mmref_zero_range(s.file, 1, outside[i]) <= 0);
		assert_true(mmref_allocate(s.file, outside[i], outside[i]) <= 0);
		assert_true(mmref_collapse(s.file, outside[i], 1) <= 0);
		assert_true(mmref_pwrite(s.file, outside[i], 1) <= 0);
		assert_null(mmref_mmap(s.process, s.file, 0, 1u << 31));
		if (outside[i] > 2)
			assert_int_equal(mmref_truncate(s.file, outside[i]), -EFBIG);
	}
	assert_null(mmref_get(s.map, 0, UINT32_MAX, 0, &error));
	assert_null(mmref_pin(s.map, 0, 0, 0, &error));
	mmref_sim_free(s.sim);
}

static void no_handles(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	int error = 0;

	(void)state;
	assert_int_equal(mmref_read(NULL, 0), -EINVAL);
	assert_int_equal(mmref_write(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_munmap(NULL), -EINVAL);
	assert_int_equal(mmref_dontneed(NULL), -EINVAL);
	assert_int_equal(mmref_msync(NULL), -EINVAL);
	assert_int_equal(mmref_migrate_to(NULL, s.device, 0), -EINVAL);
	assert_null(mmref_fork(NULL));
	assert_null(mmref_in_child(NULL, NULL));
	assert_int_equal(mmref_exit(NULL), -EINVAL);
	assert_null(mmref_get(NULL, 0, 1, 0, &error));
	assert_int_equal(error, -EINVAL);
	assert_null(mmref_pin(NULL, 0, 1, 0, NULL));
	assert_null(mmref_register(NULL, 0, 1, NULL));
	assert_int_equal(mmref_release(NULL), 0);
	assert_int_equal(mmref_folio_put_all(NULL), 0);
	assert_int_equal(mmref_unregister(NULL), -ENXIO);
	assert_int_equal(mmref_dma_read(NULL, 0), -EINVAL);
	assert_int_equal(mmref_dma_write(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_vmsplice(NULL, s.map, 0, 1), -EINVAL);
	assert_int_equal(mmref_tee(NULL, NULL), -EINVAL);
	assert_int_equal(mmref_splice(NULL, s.file, 0), -EINVAL);
	assert_int_equal(mmref_drain(NULL), -EINVAL);
	assert_int_equal(mmref_pipe_close(NULL), -EINVAL);
	assert_int_equal(mmref_open(NULL), -EINVAL);
	assert_int_equal(mmref_close(NULL), -EINVAL);
	assert_int_equal(mmref_unlink(NULL), -EINVAL);
	assert_int_equal(mmref_truncate(NULL, 0), -EINVAL);
	assert_int_equal(mmref_punch(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_zero_range(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_collapse(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_allocate(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_clone(s.file, NULL), -EINVAL);
	assert_int_equal(mmref_pread(NULL, 0), -EINVAL);
	assert_int_equal(mmref_pwrite(NULL, 0, 1), -EINVAL);
	assert_int_equal(mmref_fsync(NULL), -EINVAL);
	assert_int_equal(mmref_signal(NULL), -EINVAL);
	assert_int_equal(mmref_sync(NULL), -EINVAL);
	assert_int_equal(mmref_drop_caches(NULL), -EINVAL);
	assert_int_equal(mmref_umount(NULL), -EINVAL);
	assert_int_equal(mmref_mount(NULL), -EINVAL);
	assert_int_equal(mmref_unbind(NULL), -EINVAL);
	assert_int_equal(mmref_rebind(NULL), -EINVAL);
	mmref_sim_free(s.sim);
}

/* dax_break_layout() waits for the hold, and nobody is there to drop it. */
static void scene_that_sleeps(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct mmref_result result;

	(void)state;
	assert_non_null(mmref_get(s.map, 0, 1, 0, NULL));
	mmref_thread(s.sim, "reader", reads, s.map);
	assert_int_equal(mmref_truncate(s.file, 0), -EDEADLK);
	assert_error(s.sim, "truncate, while the scene is set, would wait for ever, in ");
	assert_int_equal(mmref_read(s.map, 0), -EDEADLK);
	assert_null(mmref_create(s.device, 1, 0));
	assert_error(s.sim, "would wait for ever");
	assert_int_equal(mmref_explore(s.sim, NULL, &result), -1);
	assert_non_null(strstr(result.error, "would wait for ever"));
	assert_int_equal(mmref_run_in_order(s.sim, NULL), 0);
	mmref_sim_free(s.sim);
	s = scene_new(&mmref_v7_2, 1);
	mmref_thread(s.sim, "reader", reads, s.map);
	assert_mmref_holds(s.sim);
	mmref_sim_free(s.sim);
}

static struct mmref_result inner;

static void explores(void *arg)
{
	struct mmref_sim *sim = arg;

	mmref_assert(mmref_explore(sim, NULL, &inner) == -1);
	mmref_assert(!mmref_thread(sim, "more", explores, sim));
	mmref_sim_free(sim);
}

static void exploring_from_a_thread(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);

	(void)state;
	mmref_thread(s.sim, "explores", explores, s.sim);
	assert_mmref_holds(s.sim);
	assert_error(s.sim, "a thread of the simulation");
	mmref_sim_free(s.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_sets),
		cmocka_unit_test(no_simulation),
		cmocka_unit_test(freed_twice),
		cmocka_unit_test(threads),
		cmocka_unit_test(thread_after_exploring),
		cmocka_unit_test(bad_options),
		cmocka_unit_test(off_the_device),
		cmocka_unit_test(outside_the_map),
		cmocka_unit_test(no_handles),
		cmocka_unit_test(scene_that_sleeps),
		cmocka_unit_test(exploring_from_a_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
