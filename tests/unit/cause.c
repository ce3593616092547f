/* SPDX-License-Identifier: MIT */
/*
 * Whom a report names: of what no scenario shows, the leaks and the deadlocks, each
 * beside a run that ends otherwise and names another, or nobody. What scenarios
 * show is in tests/explore/causes.expected.
 */
#include "bodies.h"

#include <mmref/linux/atomic.h>
#include "ops/ops.h"
#include "report/diagnose.h"
#include "rules/rules.h"

/* --- the run that was found, told ----------------------------------------------- */

/* A line, as far as it does not change with every change of the model. */
struct wanted {
	const char *role, *task, *function, *what;
};

static void assert_line(const struct cause *line, const struct wanted *wanted,
			struct mmref_sim *sim)
{
	assert_string_equal(line->role, wanted->role);
	if (wanted->task)
		assert_string_equal(mmref_sim_task_name(sim, line->task), wanted->task);
	else
		assert_int_equal(line->task, -1);
	if (wanted->function)
		assert_string_equal(mmref_site_function(line->site), wanted->function);
	else
		assert_null(line->site);
	assert_string_equal(line->what, wanted->what);
}

/* The gravest violation of @s is @violation, and these are named, and nobody else. */
static void assert_names(struct scene s, enum mmref_violation violation,
			 const struct wanted *wanted, unsigned int nr)
{
	struct mmref_result result;
	struct causes causes;

	assert_int_equal(mmref_explore(s.sim, NULL, &result), 0);
	assert_string_equal(mmref_violation_name(result.violation),
			    mmref_violation_name(violation));
	find_causes_of_run(&causes, s.sim, &result.found[0].schedule);

	assert_int_equal(causes.nr, nr);
	for (unsigned int i = 0; i < nr; i++)
		assert_line(&causes.cause[i], &wanted[i], s.sim);
	mmref_result_free(&result);
	mmref_sim_free(s.sim);
}

#define ASSERT_NAMES(scene, violation, ...)                                                        \
	do {                                                                                       \
		static const struct wanted wanted_[] = { __VA_ARGS__ };                            \
		assert_names(scene, violation, wanted_, sizeof(wanted_) / sizeof(wanted_[0]));     \
	} while (0)

/* --- leaks ------------------------------------------------------------------------ */

static void who_kept_the_reference_of_a_fault_is_named(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.dax_fault_iter = fault_that_keeps_one;
	ASSERT_NAMES(one_thread(&mine, fault), MMREF_REFCOUNT_LEAK,
		     { "took", "app", "fault_page",
		       "1 of the count of page 0, as transient; app has returned" });
}

static void who_took_what_a_put_did_not_put_is_named(void **state)
{
	struct mmref_rules mine = mmref_v6_1;

	(void)state;
	mine.put_page = put_nothing;
	ASSERT_NAMES(one_thread(&mine, get_and_release), MMREF_REFCOUNT_LEAK,
		     { "took", "app", "try_grab_page",
		       "1 of the count of page 0, as get; app has returned; "
		       "left in the hands of users: 0" });
}

static void who_cleared_an_entry_and_kept_its_reference_is_named(void **state)
{
	struct mmref_rules mine = mmref_v7_2;

	(void)state;
	mine.insert_page_into_pte_locked = insert_page_and_hide;
	ASSERT_NAMES(one_thread(&mine, fault_and_unmap), MMREF_REFCOUNT_LEAK,
		     { "took", "app", "insert_page_and_hide",
		       "1 of the count of page 0, as PTE; app has returned" },
		     { "cleared", "app", "zap_present_ptes",
		       "an entry of page 0, and did not put its reference" });
}

static void who_raised_a_count_for_nobody_is_named(void **state)
{
	(void)state;
	ASSERT_NAMES(one_thread(&mmref_v6_1, increment_unseen), MMREF_REFCOUNT_LEAK,
		     { "raised", "app", "increment_unseen", "refcount 1->2 of page 0" });
}

static void who_lowered_a_count_that_was_not_theirs_is_named(void **state)
{
	(void)state;
	ASSERT_NAMES(one_thread(&mmref_v6_1, decrement_unseen), MMREF_REFCOUNT_UNDERFLOW,
		     { "put", "app", "decrement_unseen", "refcount 1->0 of page 0" });
}

/* --- deadlocks ---------------------------------------------------------------------- */

static void owners_of_locks_taken_in_two_orders_are_named(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct shared *shared = shared_of(&s);

	(void)state;
	mmref_thread(s.sim, "first", take_in_order, shared);
	mmref_thread(s.sim, "second", take_backwards, shared);
	ASSERT_NAMES(s, MMREF_DEADLOCK, { "waits", "first", "take_in_order", "for a lock" },
		     { "owns", "second", "take_backwards", "what it waits for; second is asleep" },
		     { "waits", "second", "take_backwards", "for a lock" },
		     { "owns", "first", "take_in_order", "what it waits for; first is asleep" });
}

static void who_holds_a_page_that_truncate_waits_for_is_named(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);
	struct shared *shared = shared_of(&s);

	(void)state;
	shared->hold = mmref_get(s.map, 0, 1, 0, NULL);
	mmref_thread(s.sim, "truncate", truncate, shared);
	ASSERT_NAMES(s, MMREF_DEADLOCK,
		     { "waits", "truncate", "ext4_wait_dax_page",
		       "to be woken at the address of page 0 flags" },
		     { "holds", NULL, NULL, "1 of the count of page 0, as get" });
}

static void get_and_keep(void *arg)
{
	mmref_get(((struct shared *)arg)->map, 0, 1, 0, NULL);
}

/* The same wait, with a holder that came in the run and is gone. */
static void a_holder_that_has_returned_is_told_so(void **state)
{
	struct scene s = scene_new(&mmref_v6_1, 1);
	struct shared *shared = shared_of(&s);

	(void)state;
	mmref_read(s.map, 0);
	mmref_thread(s.sim, "app", get_and_keep, shared);
	mmref_thread(s.sim, "truncate", truncate, shared);
	ASSERT_NAMES(s, MMREF_DEADLOCK,
		     { "waits", "truncate", "ext4_wait_dax_page",
		       "to be woken at the address of page 0 refcount" },
		     { "holds", "app", "try_get_folio",
		       "1 of the count of page 0, as get; app has returned" });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_kept_the_reference_of_a_fault_is_named),
		cmocka_unit_test(who_took_what_a_put_did_not_put_is_named),
		cmocka_unit_test(who_cleared_an_entry_and_kept_its_reference_is_named),
		cmocka_unit_test(who_raised_a_count_for_nobody_is_named),
		cmocka_unit_test(who_lowered_a_count_that_was_not_theirs_is_named),
		cmocka_unit_test(owners_of_locks_taken_in_two_orders_are_named),
		cmocka_unit_test(who_holds_a_page_that_truncate_waits_for_is_named),
		cmocka_unit_test(a_holder_that_has_returned_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
