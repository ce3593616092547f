/* SPDX-License-Identifier: MIT */
/* Runs by chance: each strategy draws them as its paper says, and the same seed the same ones. */
#include "scene.h"

#include <string.h>

#include "explore/explore.h"
#include <mmref/linux/atomic.h>

#define RUNS 10000

struct shared {
	atomic_t word, own[2];
	atomic_t first, second;
	unsigned int log; /* who took the steps on ->word, a bit each after a leading 1 */
};

struct part {
	struct shared *shared;
	int number, before, steps;
};

/* What the runs of a search were, but for the first: that one is a random walk for all. */
struct seen {
	struct search search;
	struct mmref_result result;
	unsigned int runs, until_found;
	unsigned int times[64]; /* that each log was met */
};

static struct mmref_sim *sim;
static struct shared *s;

static int set_up(void **state)
{
	(void)state;
	sim = mmref_sim_new(&mmref_v7_2);
	s = mmref_alloc(sim, sizeof(*s));
	s->log = 1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mmref_sim_free(sim);
	return 0;
}

static void at_end(void *cookie, struct mmref_sim *of)
{
	struct seen *seen = cookie;

	(void)of;
	if (seen->runs++)
		seen->times[s->log & 63]++;
	if (!seen->result.nr_found)
		seen->until_found++;
}

static void search_by(const struct mmref_options *options, struct seen *seen)
{
	memset(seen, 0, sizeof(*seen));
	seen->search = (struct search){
		.sim = sim,
		.options = options,
		.result = &seen->result,
		.at_end = at_end,
		.cookie = seen,
	};
	assert_int_equal(search_run(&seen->search), 0);
	assert_false(seen->result.complete);
	assert_string_equal(seen->result.bounded_by, "runs");
	assert_int_equal(seen->result.executions, options->runs);
	mmref_result_free(&seen->result);
}

/* ->before steps that touch nothing of the other's, then ->steps on the shared word. */
static void count_up(void *arg)
{
	struct part *part = arg;
	struct shared *shared = part->shared;

	for (int i = 0; i < part->before; i++)
		atomic_inc(&shared->own[part->number]);
	for (int i = 0; i < part->steps; i++) {
		atomic_inc(&shared->word);
		shared->log = shared->log << 1 | part->number;
	}
}

static void thread_of_steps(int number, int before, int steps)
{
	struct part *part = mmref_alloc(sim, sizeof(*part));

	*part = (struct part){
		.shared = s, .number = number, .before = before, .steps = steps
	};
	assert_true(mmref_thread(sim, "task", count_up, part));
}

/* The orders that were met, as a set of the bits of their logs. */
static uint64_t orders(const struct seen *seen)
{
	uint64_t set = 0;

	for (int i = 0; i < 64; i++)
		if (seen->times[i])
			set |= UINT64_C(1) << i;
	return set;
}

/* Of 2^@bits logs, those of @ones ones: how far from even, as chi-square. */
static uint64_t unevenness(const struct seen *seen, int bits, int ones, unsigned int expected)
{
	uint64_t sum = 0;

	for (int i = 0; i < 1 << bits; i++) {
		int64_t off = (int64_t)seen->times[(1 << bits | i) & 63] - expected;

		if (__builtin_popcount(i) == ones)
			sum += off * off;
	}
	return sum / expected;
}

/* --- how runs are drawn --------------------------------------------------- */

/*
 * Three steps of the first and two of the second have ten orders. Chi-square of nine
 * degrees of freedom is above 34 once in ten thousand times. The twenty steps that one
 * takes before make a random walk all but blind for most of them.
 */
static void surw_takes_every_order_as_often(void **state)
{
	static const struct mmref_options surw = { .strategy = MMREF_SURW, .runs = RUNS + 1 };
	static const struct mmref_options walk = { .strategy = MMREF_RANDOM, .runs = RUNS + 1 };
	struct seen seen;

	(void)state;
	thread_of_steps(0, 20, 3);
	thread_of_steps(1, 0, 2);
	search_by(&surw, &seen);
	assert_in_range(unevenness(&seen, 5, 2, RUNS / 10), 0, 34);
	search_by(&walk, &seen);
	assert_true(unevenness(&seen, 5, 2, RUNS / 10) > RUNS);
}

/*
 * All four steps race, so each draws the priority of the next step of both: at every
 * point while both have steps it is one half. 0011 and 1100 have 1/4, and the four
 * others 1/8. If who lost kept its priority, 0011 would have 1/3.
 */
static void pos_draws_anew_where_steps_race(void **state)
{
	static const struct mmref_options pos = { .strategy = MMREF_POS, .runs = RUNS + 1 };
	struct seen seen;

	(void)state;
	thread_of_steps(0, 0, 2);
	thread_of_steps(1, 0, 2);
	search_by(&pos, &seen);
	assert_in_range(seen.times[0x13], RUNS / 4 - 200, RUNS / 4 + 200);
	assert_in_range(seen.times[0x1c], RUNS / 4 - 200, RUNS / 4 + 200);
	assert_in_range(seen.times[0x15], RUNS / 8 - 150, RUNS / 8 + 150);
	assert_in_range(seen.times[0x1a], RUNS / 8 - 150, RUNS / 8 + 150);
	assert_in_range(seen.times[0x16], RUNS / 8 - 150, RUNS / 8 + 150);
	assert_in_range(seen.times[0x19], RUNS / 8 - 150, RUNS / 8 + 150);
}

/*
 * The second's one racing step after the first's two. POS has eleven priorities none of
 * which is drawn anew but by who steps, so the second's own is the least of few: often.
 * A random walk gets there when it takes eleven steps of the first before one: 1/2^11.
 */
static void pos_does_not_count_the_steps_that_race_with_nothing(void **state)
{
	static const struct mmref_options pos = { .strategy = MMREF_POS, .runs = RUNS + 1 };
	static const struct mmref_options walk = { .strategy = MMREF_RANDOM, .runs = RUNS + 1 };
	struct seen seen;

	(void)state;
	thread_of_steps(0, 9, 2);
	thread_of_steps(1, 0, 1);
	search_by(&walk, &seen);
	assert_in_range(seen.times[9], 0, 25);
	search_by(&pos, &seen);
	assert_in_range(seen.times[9], 10 * 25, RUNS);
}

/* A change less than its depth: none leaves one after the other, one makes one switch back. */
static void pct_changes_priorities_one_time_less_than_its_depth(void **state)
{
	static const struct mmref_options none = {
		.strategy = MMREF_PCT, .depth = 1, .runs = 1000
	};
	static const struct mmref_options one = {
		.strategy = MMREF_PCT, .depth = 2, .runs = 1000
	};
	static const struct mmref_options five = {
		.strategy = MMREF_PCT, .depth = 6, .runs = RUNS
	};
	const uint64_t apart = UINT64_C(1) << 0x07 | UINT64_C(1) << 0x38;
	struct seen seen;

	(void)state;
	thread_of_steps(0, 0, 3);
	thread_of_steps(1, 0, 3);
	search_by(&none, &seen);
	assert_int_equal(orders(&seen), apart);
	search_by(&one, &seen);
	/* 011100, 001110, 100011, 110001 */
	assert_int_equal(orders(&seen), apart | UINT64_C(1) << 0x1c | UINT64_C(1) << 0x0e |
						UINT64_C(1) << 0x23 | UINT64_C(1) << 0x31);
	search_by(&five, &seen);
	assert_int_equal(__builtin_popcountll(orders(&seen)), 20);
}

/* --- what they find ------------------------------------------------------- */

#define PAUSE 6

static void linger(atomic_t *own)
{
	for (int i = 0; i < PAUSE; i++)
		atomic_inc(own);
}

static void write_both(void *arg)
{
	struct shared *shared = arg;

	linger(&shared->own[0]);
	atomic_set(&shared->first, 1);
	linger(&shared->own[0]);
	atomic_set(&shared->second, 1);
}

/* Three orders make the bug: first, this read; that read, second; second, the last. */
static void read_both(void *arg)
{
	struct shared *shared = arg;
	bool early, late;

	early = atomic_read(&shared->first) && !atomic_read(&shared->second);
	linger(&shared->own[1]);
	late = atomic_read(&shared->second);
	mmref_assert(!early || !late);
}

/* Runs before the one that finds it, summed over the seeds. */
static unsigned int runs_until_found(enum mmref_strategy strategy)
{
	struct mmref_options options = { .strategy = strategy, .runs = 3000 };
	unsigned int sum = 0;
	struct seen seen;

	for (options.seed = 1; options.seed <= 30; options.seed++) {
		search_by(&options, &seen);
		sum += seen.until_found;
	}
	return sum;
}

static void planted_bug_of_depth_three_is_found_sooner_than_by_a_random_walk(void **state)
{
	unsigned int walk, pct, pos, surw;

	(void)state;
	assert_true(mmref_thread(sim, "writer", write_both, s));
	assert_true(mmref_thread(sim, "reader", read_both, s));
	walk = runs_until_found(MMREF_RANDOM);
	pct = runs_until_found(MMREF_PCT);
	pos = runs_until_found(MMREF_POS);
	surw = runs_until_found(MMREF_SURW);
	print_message("runs until found, mean of 30 seeds: random %u, pct %u, pos %u, surw %u\n",
		      walk / 30, pct / 30, pos / 30, surw / 30);
	assert_true(pct < walk / 2);
	assert_true(pos < walk / 2);
	assert_true(surw < walk / 2);
}

/* --- the same seed -------------------------------------------------------- */

static void same_seed_takes_the_same_runs_and_another_one_others(void **state)
{
	(void)state;
	thread_of_steps(0, 2, 3);
	thread_of_steps(1, 2, 2);
	for (int strategy = MMREF_RANDOM; strategy <= MMREF_PORTFOLIO; strategy++) {
		struct mmref_options options = {
			.strategy = (enum mmref_strategy)strategy, .seed = 7, .runs = 1000
		};
		struct seen one, again, other;

		search_by(&options, &one);
		search_by(&options, &again);
		options.seed = 8;
		search_by(&options, &other);
		assert_memory_equal(one.times, again.times, sizeof(one.times));
		assert_memory_not_equal(one.times, other.times, sizeof(one.times));
	}
}

static void return_at_once(void *arg)
{
	(void)arg;
}

static void focus_on_what_is_not_there_is_an_error(void **state)
{
	static const struct mmref_focus nowhere[] = {
		{ MMREF_FOCUS_PAGE, 0 }, { MMREF_FOCUS_PGMAP, 1 }, { MMREF_FOCUS_PGMAP, -1UL },
	};
	struct scene scene;

	(void)state;
	tear_down(NULL);
	scene = scene_new(&mmref_v7_2, 1);
	sim = scene.sim;
	assert_true(mmref_thread(sim, "idle", return_at_once, NULL));
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		struct mmref_options options = { .strategy = MMREF_SURW, .focus = nowhere[i] };
		struct mmref_result result;

		assert_int_equal(mmref_explore(sim, &options, &result), -1);
		assert_int_equal(result.verdict, MMREF_ERROR);
		assert_string_equal(result.error, "there is no such page or pgmap to focus on");
		options.focus = (struct mmref_focus){ MMREF_FOCUS_PAGE, page_of(sim, 0).pfn };
		assert_int_equal(mmref_explore(sim, &options, &result), 0);
		mmref_result_free(&result);
	}
}

#define random_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		random_test(surw_takes_every_order_as_often),
		random_test(pos_draws_anew_where_steps_race),
		random_test(pos_does_not_count_the_steps_that_race_with_nothing),
		random_test(pct_changes_priorities_one_time_less_than_its_depth),
		random_test(planted_bug_of_depth_three_is_found_sooner_than_by_a_random_walk),
		random_test(same_seed_takes_the_same_runs_and_another_one_others),
		random_test(focus_on_what_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
