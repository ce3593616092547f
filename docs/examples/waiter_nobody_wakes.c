/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <mmref/mmref.h>
#include <mmref/cmocka.h>

struct scene {
	struct mmref_file *file;
	struct mmref_map *map;
};

static void reader(void *arg)
{
	struct scene *scene = arg;

	mmref_folio_put_all(mmref_get(scene->map, 0, 1, 0, NULL));
}

static void truncate_file(void *arg)
{
	struct scene *scene = arg;

	mmref_truncate(scene->file, 0);
}

static struct mmref_sim *scene_under(const struct mmref_rules *rules)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct scene *scene = mmref_alloc(sim, sizeof(*scene));

	scene->file = mmref_create(mmref_fsdax(sim, 1), 1, 0);
	scene->map = mmref_mmap(mmref_process(sim), scene->file, 0, 1);
	mmref_write(scene->map, 0, 1);
	mmref_thread(sim, "reader", reader, scene);
	mmref_thread(sim, "truncate", truncate_file, scene);
	return sim;
}

static void last_put_wakes_the_truncate(void **state)
{
	struct mmref_sim *sim = scene_under(&mmref_v7_2);

	(void)state;
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void old_folio_put_wakes_nobody(void **state)
{
	struct mmref_sim *sim = scene_under(&mmref_v6_1);

	(void)state;
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
	mmref_sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_put_wakes_the_truncate),
		cmocka_unit_test(old_folio_put_wakes_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
