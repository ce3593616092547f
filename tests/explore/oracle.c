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
	uint64_t executions;
};

/* A way to search, and what came of it. */
struct trial {
	const char *name;
	struct mmref_options options;
	unsigned int left_out;		/* of the shards that there are, the last so many */
	struct tally tally;
};

typedef struct mmref_sim *(*maker)(uint64_t seed);

static bool search_as(const struct trial *trial, struct mmref_sim *sim)
{
	const struct mmref_options *options = &trial->options;

	if (options->shards)
		return shards_endings(sim, options, options->shards - trial->left_out, &searched);
	return search_endings(sim, options, &searched);
}

/* The program has been enumerated: the endings are in @plain. */
static void hold_against(struct trial *trial, struct mmref_sim *sim, uint64_t seed, bool told)
{
	struct tally *tally = &trial->tally;

	if (search_as(trial, sim) && same_endings(&plain, &searched)) {
		tally->agree++;
	} else {
		tally->disagree++;
		if (told)
			print_error("%s, seed %llu: violations %#x and %#x, %zu and %zu ends%s%s\n",
				    trial->name, (unsigned long long)seed, plain.kinds,
				    searched.kinds, plain.nr, searched.nr,
				    searched.error ? "; " : "", searched.error ? searched.error : "");
	}
	tally->violating += plain.kinds != 0;
	tally->dealt += searched.dealt != 0;
	tally->held_back += plain.held_back;
	tally->executions += plain.executions;
}

/* Each program is enumerated once, with no more than @preemptions, for all trials. */
static void try_all(struct trial *trial, int nr, int programs, maker make,
		    unsigned int preemptions, sabotage wrong)
{
	for (int seed = 1; seed <= programs; seed++) {
		struct mmref_sim *sim = make(seed);
		bool enumerated;

		assert_non_null(sim);
		enumerated = enumerate_few(sim, MOST, preemptions, &plain);
		if (enumerated && wrong)
			wrong(sim);
		for (int i = 0; i < nr; i++) {
			if (enumerated)
				hold_against(&trial[i], sim, seed, !wrong && !trial[i].left_out);
			else
				trial[i].tally.too_large++;
		}
		mmref_sim_free(sim);
	}
}

static void tell(const struct trial *trial)
{
	const struct tally *tally = &trial->tally;

	print_message("%s: %d programs agree, %d of them violate something; %llu executions; "
		      "%d too large\n", trial->name, tally->agree, tally->violating,
		      (unsigned long long)tally->executions, tally->too_large);
}

static void agrees(const struct trial *trial, int programs)
{
	tell(trial);
	assert_int_equal(trial->tally.disagree, 0);
	assert_true(trial->tally.agree >= programs * 3 / 4);
	assert_in_range(trial->tally.violating, programs / 10, programs * 9 / 10);
}

static void searches_agree_with_enumerator(void **state)
{
	struct trial trial[] = {
		{ .name = "states", .options = { .strategy = MMREF_STATES } },
		{ .name = "states, with what is left out checked",
		  .options = { .strategy = MMREF_STATES, .check_determinism = true } },
		{ .name = "dpor", .options = { .strategy = MMREF_DPOR } },
		{ .name = "dpor, additions commute",
		  .options = { .strategy = MMREF_DPOR, .commuting = true } },
	};

	(void)state;
	try_all(trial, 4, PROGRAMS, random_program, UINT_MAX, NULL);
	for (int i = 0; i < 4; i++)
		agrees(&trial[i], PROGRAMS);
}

static void equal_threads_need_not_be_told_apart(void **state)
{
	struct trial trial = { .name = "equal threads", .options = { .strategy = MMREF_STATES } };

	(void)state;
	try_all(&trial, 1, PROGRAMS / 5, random_twins, UINT_MAX, NULL);
	agrees(&trial, PROGRAMS / 5);
}

/* So few that most programs have more, and what is missed for want of them is told. */
static void search_with_few_preemptions_agrees_with_enumerator(void **state)
{
	int violating = 0;

	(void)state;
	for (unsigned int preemptions = 0; preemptions < 4; preemptions++) {
		struct trial trial = { .name = "few preemptions", .options = {
			.few_preemptions = true,
			.preemptions = preemptions,
		} };
		const struct tally *tally = &trial.tally;

		try_all(&trial, 1, PROGRAMS / 5, random_program, preemptions, NULL);
		tell(&trial);
		print_message("%u preemptions: %d have runs with more\n", preemptions,
			      tally->held_back);
		assert_int_equal(tally->disagree, 0);
		assert_true(tally->agree >= PROGRAMS / 6);
		assert_in_range(tally->held_back, 1, PROGRAMS / 5 - 1);
		assert_true(tally->violating >= violating);
		violating = tally->violating;
	}
}

/* Three shards find together what the enumerator does, and two of them do not. */
static void shards_agree(const char *name, struct mmref_options options)
{
	struct trial trial[] = {
		{ .name = name, .options = options },
		{ .name = "without one of them", .options = options, .left_out = 1 },
	};

	for (int i = 0; i < 2; i++)
		trial[i].options.shards = 3;
	try_all(trial, 2, PROGRAMS / 4, random_program, UINT_MAX, NULL);
	for (int i = 0; i < 2; i++)
		tell(&trial[i]);
	assert_int_equal(trial[0].tally.disagree, 0);
	assert_true(trial[0].tally.dealt >= PROGRAMS / 20);
	assert_true(trial[1].tally.disagree > 0);
}

static void shards_agree_with_enumerator(void **state)
{
	(void)state;
	shards_agree("shards of states", (struct mmref_options){ .strategy = MMREF_STATES });
	shards_agree("shards of dpor", (struct mmref_options){ .strategy = MMREF_DPOR });
	shards_agree("shards of dpor, additions commute", (struct mmref_options){
		.strategy = MMREF_DPOR, .commuting = true });
}

/* A search that is made wrong: some of the programs tell. */
static void is_caught(maker make, sabotage wrong)
{
	struct trial trial = { .name = "wrong", .options = { .strategy = MMREF_STATES } };

	try_all(&trial, 1, PROGRAMS / 10, make, UINT_MAX, wrong);
	print_message("%d of %d programs tell\n", trial.tally.disagree,
		      trial.tally.agree + trial.tally.disagree);
	assert_true(trial.tally.disagree > 0);
}

static void unannounced_step_is_caught(void **state)
{
	(void)state;
	is_caught(random_program, swallow_steps);
}

static void dropped_wake_is_caught(void **state)
{
	(void)state;
	is_caught(random_program, swallow_wakes);
}

static void confused_threads_are_caught(void **state)
{
	(void)state;
	is_caught(random_false_twins, leave_as_it_is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_agree_with_enumerator),
		cmocka_unit_test(equal_threads_need_not_be_told_apart),
		cmocka_unit_test(search_with_few_preemptions_agrees_with_enumerator),
		cmocka_unit_test(shards_agree_with_enumerator),
		cmocka_unit_test(unannounced_step_is_caught),
		cmocka_unit_test(dropped_wake_is_caught),
		cmocka_unit_test(confused_threads_are_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
