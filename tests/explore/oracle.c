/* SPDX-License-Identifier: MIT */
/*
 * The search against the plain enumerator, on random small programs: the same
 * verdicts, the same final states. And the test against itself: a search made
 * wrong on purpose must be caught by it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "enumerate.h"
#include "random_programs.h"

#define PROGRAMS	2500
#define MOST		30000	/* executions; a program that has more is left out */

static struct endings plain, searched;
static const struct mmref_options states = { .strategy = MMREF_STATES };

/* What is done to a simulation before it is searched, to make the search wrong. */
typedef void (*sabotage)(struct mmref_sim *sim);

static void (*right_step)(struct mmref_host *host, const struct mmref_step *step);
static void (*right_wake)(struct mmref_host *host, const volatile void *object);

/* Writes that nobody looks at are not announced. */
static void step_but_for_writes(struct mmref_host *host, const struct mmref_step *step)
{
	if (step->access != MMREF_WRITE)
		right_step(host, step);
}

static void swallow_steps(struct mmref_sim *sim)
{
	right_step = sim->host.step;
	sim->host.step = step_but_for_writes;
}

static bool woke;

/* Of the wakes of a run every second one is lost. */
static void wake_every_other(struct mmref_host *host, const volatile void *object)
{
	woke = !woke;
	if (woke)
		right_wake(host, object);
}

static void swallow_wakes(struct mmref_sim *sim)
{
	right_wake = sim->host.wake;
	sim->host.wake = wake_every_other;
}

static void leave_as_it_is(struct mmref_sim *sim)
{
	(void)sim;
}

/* How many of the programs agree, disagree, and are too large to enumerate. */
struct tally {
	int agree, disagree, too_large, violating, held_back, dealt;
	uint64_t executions, searched;
};

typedef struct mmref_sim *(*maker)(uint64_t seed);

/* Of shards, the first @shards; 0: the search as a whole. */
static bool search_by(struct mmref_sim *sim, const struct mmref_options *options,
		      unsigned int shards)
{
	if (shards)
		return shards_endings(sim, options, shards, &searched);
	return search_endings(sim, options, &searched);
}

static struct tally compare_by(int programs, maker make, const struct mmref_options *options,
			       unsigned int shards, sabotage wrong)
{
	struct tally tally = { 0 };

	for (uint64_t seed = 1; seed <= (uint64_t)programs; seed++) {
		struct mmref_sim *sim = make(seed);
		bool enumerated;

		assert_non_null(sim);
		enumerated = enumerate_few(sim, MOST,
					   options->few_preemptions ? options->preemptions :
								      UINT_MAX, &plain);
		if (enumerated && wrong)
			wrong(sim);
		if (!enumerated) {
			tally.too_large++;
		} else if (search_by(sim, options, shards) && same_endings(&plain, &searched)) {
			tally.agree++;
		} else {
			tally.disagree++;
			if (!wrong && shards == options->shards)
				print_error("seed %llu: violations %#x and %#x, %zu and %zu ends\n",
					    (unsigned long long)seed, plain.kinds, searched.kinds,
					    plain.nr, searched.nr);
		}
		tally.violating += plain.kinds != 0;
		tally.dealt += enumerated && searched.dealt;
		tally.searched += enumerated ? searched.executions : 0;
		tally.held_back += plain.held_back;
		tally.executions += plain.executions;
		mmref_sim_free(sim);
	}
	return tally;
}

static struct tally compare(int programs, maker make, const struct mmref_options *options,
			    sabotage wrong)
{
	return compare_by(programs, make, options, 0, wrong);
}

static void agrees_with_enumerator(maker make, int programs,
				   const struct mmref_options *options)
{
	struct tally tally = compare(programs, make, options, NULL);

	print_message("%d programs agree, %d of them violate something; %llu executions; "
		      "%d too large\n",
		      tally.agree, tally.violating, (unsigned long long)tally.executions,
		      tally.too_large);
	assert_int_equal(tally.disagree, 0);
	assert_true(tally.agree >= programs * 3 / 4);
	assert_in_range(tally.violating, programs / 10, programs * 9 / 10);
}

static void search_of_states_agrees_with_enumerator(void **state)
{
	(void)state;
	agrees_with_enumerator(random_program, PROGRAMS, &states);
}

static void equal_threads_need_not_be_told_apart(void **state)
{
	(void)state;
	agrees_with_enumerator(random_twins, PROGRAMS / 5, &states);
}

/* So few that most programs have more, and what is missed for want of them is told. */
static void search_with_few_preemptions_agrees_with_enumerator(void **state)
{
	int violating = 0;

	(void)state;
	for (unsigned int preemptions = 0; preemptions < 4; preemptions++) {
		struct tally tally = compare(PROGRAMS / 5, random_program, &(struct mmref_options){
			.few_preemptions = true,
			.preemptions = preemptions,
		}, NULL);

		print_message("%u preemptions: %d programs agree, %d violate something, %d have "
			      "runs with more; %llu executions\n", preemptions, tally.agree,
			      tally.violating, tally.held_back,
			      (unsigned long long)tally.executions);
		assert_int_equal(tally.disagree, 0);
		assert_true(tally.agree >= PROGRAMS / 6);
		assert_in_range(tally.held_back, 1, PROGRAMS / 5 - 1);
		assert_true(tally.violating >= violating);
		violating = tally.violating;
	}
}

static void dpor_agrees_with_enumerator(void **state)
{
	(void)state;
	agrees_with_enumerator(random_program, PROGRAMS,
			       &(struct mmref_options){ .strategy = MMREF_DPOR });
}

static void dpor_that_lets_additions_commute_agrees_with_enumerator(void **state)
{
	(void)state;
	agrees_with_enumerator(random_program, PROGRAMS, &(struct mmref_options){
		.strategy = MMREF_DPOR, .commuting = true });
}

/* Three shards find together what the enumerator does, and two of them do not. */
static void shards_agree_with_enumerator(const struct mmref_options *options)
{
	struct tally all = compare_by(PROGRAMS / 4, random_program, options, options->shards, NULL);
	struct tally some = compare_by(PROGRAMS / 10, random_program, options, options->shards - 1, NULL);

	print_message("%d programs agree, %d of them dealt out; without one shard %d of %d do\n",
		      all.agree, all.dealt, some.agree, some.agree + some.disagree);
	assert_int_equal(all.disagree, 0);
	assert_true(all.dealt >= PROGRAMS / 20);
	assert_true(some.disagree > 0);
}

static void shards_of_states_agree_with_enumerator(void **state)
{
	(void)state;
	shards_agree_with_enumerator(&(struct mmref_options){ .shards = 3 });
}

static void shards_of_dpor_agree_with_enumerator(void **state)
{
	(void)state;
	shards_agree_with_enumerator(
		&(struct mmref_options){ .strategy = MMREF_DPOR, .shards = 3 });
}

static void shards_of_commuting_dpor_agree_with_enumerator(void **state)
{
	(void)state;
	shards_agree_with_enumerator(&(struct mmref_options){
		.strategy = MMREF_DPOR, .commuting = true, .shards = 3 });
}

static void unannounced_step_is_caught(void **state)
{
	struct tally tally = compare(PROGRAMS / 10, random_program, &states, swallow_steps);

	(void)state;
	print_message("a search without write steps: %d of %d programs tell\n", tally.disagree,
		      tally.agree + tally.disagree);
	assert_true(tally.disagree > 0);
}

static void dropped_wake_is_caught(void **state)
{
	struct tally tally = compare(PROGRAMS / 10, random_program, &states, swallow_wakes);

	(void)state;
	print_message("a search that loses wakes: %d of %d programs tell\n", tally.disagree,
		      tally.agree + tally.disagree);
	assert_true(tally.disagree > 0);
}

static void confused_threads_are_caught(void **state)
{
	struct tally tally = compare(PROGRAMS / 10, random_false_twins, &states, leave_as_it_is);

	(void)state;
	print_message("a search that confuses threads: %d of %d programs tell\n", tally.disagree,
		      tally.agree + tally.disagree);
	assert_true(tally.disagree > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_of_states_agrees_with_enumerator),
		cmocka_unit_test(equal_threads_need_not_be_told_apart),
		cmocka_unit_test(search_with_few_preemptions_agrees_with_enumerator),
		cmocka_unit_test(dpor_agrees_with_enumerator),
		cmocka_unit_test(dpor_that_lets_additions_commute_agrees_with_enumerator),
		cmocka_unit_test(shards_of_states_agree_with_enumerator),
		cmocka_unit_test(shards_of_dpor_agree_with_enumerator),
		cmocka_unit_test(shards_of_commuting_dpor_agree_with_enumerator),
		cmocka_unit_test(unannounced_step_is_caught),
		cmocka_unit_test(dropped_wake_is_caught),
		cmocka_unit_test(confused_threads_are_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
