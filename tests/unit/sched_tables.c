/* SPDX-License-Identifier: MIT */
/* What is told of a world from outside: its entries, who sleeps, and the world before a run. */
#include "scene.h"

struct entries {
	struct mmref_entry entry[8];
	unsigned int nr;
};

static void note_entry(void *cookie, const struct mmref_entry *entry)
{
	struct entries *entries = cookie;

	assert_true(entries->nr < 8);
	entries->entry[entries->nr++] = *entry;
}

static struct entries entries_of(struct mmref_sim *sim)
{
	struct entries entries = { .nr = 0 };

	mmref_sim_entries(sim, note_entry, &entries);
	return entries;
}

static void assert_entry(const struct mmref_entry *entry, enum mmref_table table,
			 unsigned long index, int page, const char *marks)
{
	assert_int_equal(entry->table, table);
	assert_int_equal(entry->index, index);
	assert_int_equal(entry->order, 0);
	assert_int_equal(entry->page, page);
	assert_string_equal(entry->marks, marks);
}

static void a_fault_makes_a_pte_and_a_dax_entry(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 2);
	struct entries entries;

	(void)state;
	assert_int_equal(entries_of(s.sim).nr, 0);
	mmref_write(s.map, 1, 1);
	entries = entries_of(s.sim);
	assert_int_equal(entries.nr, 2);
	assert_entry(&entries.entry[0], MMREF_TABLE_PTE, 1, 1, "write dirty");
	assert_entry(&entries.entry[1], MMREF_TABLE_DAX, 1, 1, "dirty");

	mmref_read(s.map, 0);
	entries = entries_of(s.sim);
	assert_int_equal(entries.nr, 4);
	assert_entry(&entries.entry[0], MMREF_TABLE_PTE, 0, 0, "");
	assert_entry(&entries.entry[2], MMREF_TABLE_DAX, 0, 0, "");

	mmref_munmap(s.map);
	entries = entries_of(s.sim);
	assert_int_equal(entries.nr, 2);
	assert_int_equal(entries.entry[0].table, MMREF_TABLE_DAX);
	mmref_sim_free(s.sim);
}

/* Under the old rules an entry says so itself that a device's page is behind it. */
static void an_old_pte_is_marked_devmap(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	struct entries entries;

	(void)state;
	mmref_read(s.map, 0);
	entries = entries_of(s.sim);
	assert_int_equal(entries.nr, 2);
	assert_entry(&entries.entry[0], MMREF_TABLE_PTE, 0, 0, "special devmap");
	mmref_sim_free(s.sim);
}

static void write_page(void *arg)
{
	mmref_write(arg, 0, 1);
}

static void a_run_is_taken_back(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);

	(void)state;
	mmref_thread(s.sim, "app", write_page, s.map);
	mmref_rewind(s.sim); /* there is no run yet */
	assert_true(mmref_run_in_order(s.sim, NULL) > 0);
	assert_int_equal(entries_of(s.sim).nr, 2);
	mmref_rewind(s.sim);
	assert_int_equal(entries_of(s.sim).nr, 0);
	assert_int_equal(page_of(s.sim, 0).refcount, 0);
	mmref_sim_free(s.sim);
}

static void truncate_all(void *arg)
{
	mmref_truncate(arg, 0);
}

static void who_waits_is_asleep(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	const struct mmref_site *site;

	(void)state;
	mmref_write(s.map, 0, 1);
	assert_non_null(mmref_get(s.map, 0, 1, 0, NULL));
	mmref_thread(s.sim, "truncate", truncate_all, s.file);
	mmref_thread(s.sim, "app", write_page, s.map);
	mmref_run_in_order(s.sim, NULL);

	site = mmref_sim_asleep(s.sim, 0);
	assert_non_null(site);
	assert_string_equal(mmref_site_function(site), "wait_dax_page");
	assert_null(mmref_sim_asleep(s.sim, 1)); /* it has ended */
	assert_null(mmref_sim_asleep(s.sim, -1));
	assert_null(mmref_sim_asleep(s.sim, 99));
	mmref_sim_free(s.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_makes_a_pte_and_a_dax_entry),
		cmocka_unit_test(an_old_pte_is_marked_devmap),
		cmocka_unit_test(a_run_is_taken_back),
		cmocka_unit_test(who_waits_is_asleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
