/* SPDX-License-Identifier: MIT */
/* Is a kernel safe that forgets to wake on the last put? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <mmref/cmocka.h>
#include <mmref/mmref.h>

/* A name that the model uses as well: the library must not get into its way. */
int folio_put(void);

int folio_put(void)
{
	return 1;
}

struct scene {
	struct mmref_file *file;
	struct mmref_map *map;
};

static void reader(void *arg)
{
	struct scene *scene = arg;

	mmref_release(mmref_get(scene->map, 0, 1, 0, NULL));
}

static void truncater(void *arg)
{
	struct scene *scene = arg;

	mmref_truncate(scene->file, 0);
}

static void wake_nobody(struct folio *folio)
{
	(void)folio;
}

static struct mmref_sim *simulation(const struct mmref_rules *rules)
{
	struct mmref_sim *sim = mmref_sim_new(rules);
	struct scene *scene = mmref_alloc(sim, sizeof(*scene));
	struct mmref_device *pmem = mmref_fsdax(sim, 1);

	scene->file = mmref_create(pmem, 1, 0xa1);
	scene->map = mmref_mmap(mmref_process(sim), scene->file, 0, 1);
	mmref_write(scene->map, 0, 1);
	mmref_thread(sim, "reader", reader, scene);
	mmref_thread(sim, "truncate", truncater, scene);
	return sim;
}

static void kernel_wakes_the_truncate(void **state)
{
	struct mmref_sim *sim = simulation(&mmref_v7_2);

	(void)state;
	assert_int_equal(folio_put(), 1);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void my_rule_loses_the_wakeup(void **state)
{
	struct mmref_rules mine = mmref_v7_2;
	struct mmref_sim *sim;

	(void)state;
	mine.name = "no wake-up on the last put";
	mine.free_zone_device_folio = wake_nobody;
	sim = simulation(&mine);
	assert_mmref_violates(sim, MMREF_LOST_WAKEUP);
	mmref_sim_free(sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_wakes_the_truncate),
		cmocka_unit_test(my_rule_loses_the_wakeup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
