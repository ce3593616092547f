/* SPDX-License-Identifier: MIT */
/* What a step changed, the name of the state it came to, and the way back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <mmref/linux/atomic.h>
#include "sched/sim.h"

#define FAR	(5 * MEMORY_PAGE)

struct shared {
	atomic_t a, b;
	char far[FAR];
	atomic_t c;
};

static struct mmref_sim *sim;
static struct shared *shared;

static void writes_a_then_c(void *arg)
{
	(void)arg;
	atomic_set(&shared->a, 1);
	atomic_set(&shared->c, 1);
}

static void writes_b_plainly(void *arg)
{
	(void)arg;
	(void)atomic_read(&shared->a);
	shared->b.counter = 7;	/* announced to nobody */
	(void)atomic_read(&shared->a);
}

static int start(void **state)
{
	(void)state;
	sim = mmref_sim_new(&mmref_v7_2);
	shared = mmref_alloc(sim, sizeof(*shared));
	mmref_thread(sim, "first", writes_a_then_c, NULL);
	mmref_thread(sim, "second", writes_b_plainly, NULL);
	return !sim_start(sim);
}

static int end(void **state)
{
	(void)state;
	mmref_sim_free(sim);
	return 0;
}

static bool same(struct fingerprint a, struct fingerprint b)
{
	return a.low == b.low && a.high == b.high;
}

static struct fingerprint key_after(const char *tasks)
{
	sim_reset(sim);
	for (; *tasks; tasks++)
		sim_step(sim, *tasks - '0');
	return memory_fingerprint(sim);
}

static void one_state_has_one_name_however_it_was_come_to(void **state)
{
	(void)state;
	assert_true(same(key_after("0011"), key_after("1100")));
	assert_false(same(key_after("0"), key_after("1")));
	assert_false(same(key_after("0"), key_after("00")));
	assert_false(same(key_after(""), key_after("1")));
}

static void a_step_is_taken_back(void **state)
{
	struct fingerprint before, after;

	(void)state;
	before = key_after("1");
	assert_int_equal(shared->b.counter, 7);
	sim_step(sim, 0);
	after = memory_fingerprint(sim);
	sim_step(sim, 0);
	assert_int_equal(shared->c.counter, 1);
	memory_undo(sim);
	assert_int_equal(shared->c.counter, 0);
	assert_true(same(memory_fingerprint(sim), after));
	memory_undo(sim);
	assert_int_equal(shared->a.counter, 0);
	assert_int_equal(shared->b.counter, 7);
	assert_true(same(memory_fingerprint(sim), before));

	/* and can be taken again */
	sim_step(sim, 0);
	assert_true(same(memory_fingerprint(sim), after));
}

/* @looks: what they have changed is asked for in between. */
static void take_two_back(bool looks)
{
	struct fingerprint before;
	size_t nr;

	sim->memory.unnamed = true;
	sim_reset(sim);
	sim_step(sim, 1);
	before = memory_fingerprint_now(sim);
	sim_step(sim, 0);
	if (looks)
		assert_true(memory_changed(sim, &nr) && nr);
	sim_go_on(sim, 0);
	assert_int_equal(shared->a.counter, 1);
	assert_int_equal(shared->c.counter, 1);
	memory_undo(sim);
	assert_int_equal(shared->a.counter, 0);
	assert_int_equal(shared->b.counter, 7);
	assert_int_equal(shared->c.counter, 0);
	assert_true(same(memory_fingerprint_now(sim), before));
}

static void steps_of_one_task_are_taken_back_as_one(void **state)
{
	(void)state;
	take_two_back(false);
	take_two_back(true);
	memory_undo(sim);
	assert_int_equal(shared->b.counter, 0);
}

static void every_byte_counts(uint64_t (*differ)(const char *now, const char *before,
						 unsigned int nr))
{
	static _Alignas(MEMORY_PAGE) char now[MEMORY_PAGE], before[MEMORY_PAGE];
	const unsigned int nr = MEMORY_PAGE / MEMORY_LINE;

	memset(now, 0, sizeof(now));
	assert_true(differ(now, before, nr) == 0);
	for (unsigned int i = 0; i < MEMORY_PAGE; i++) {
		now[i] = 1;
		assert_true(differ(now, before, nr) == 1ull << i / MEMORY_LINE);
		now[i] = 0;
	}
	now[0] = now[MEMORY_PAGE - 1] = 1;
	assert_true(differ(now, before, nr) == (1ull | 1ull << 63));
	assert_true(differ(now, before, nr - 1) == 1);
}

static void every_byte_of_a_line_counts(void **state)
{
	(void)state;
	every_byte_counts(differing_lines);
	every_byte_counts(differing_lines_plainly);
}

static bool is_among(const struct memory_line *line, size_t nr, const void *object)
{
	for (; nr--; line++) {
		const char *start = sim->memory.base + line->number * MEMORY_LINE;

		if ((const char *)object >= start && (const char *)object < start + MEMORY_LINE)
			return true;
	}
	return false;
}

static void a_write_is_found_whoever_announced_it(void **state)
{
	const struct memory_line *line;
	size_t nr;

	(void)state;
	key_after("1");
	line = memory_changed(sim, &nr);
	assert_true(is_among(line, nr, &shared->b));
	assert_false(is_among(line, nr, &shared->c));
	sim_step(sim, 1);
	line = memory_changed(sim, &nr);
	assert_false(is_among(line, nr, &shared->b));
}

static bool is_hot(const void *object)
{
	size_t page = ((const char *)object - sim->memory.base) / MEMORY_PAGE;

	for (unsigned int i = 0; i < sim->memory.nr_hot; i++)
		if (sim->memory.hot[i] == page)
			return true;
	return false;
}

static void only_pages_that_were_written_to_are_looked_at(void **state)
{
	(void)state;
	key_after("0011");
	assert_true(is_hot(&shared->a));
	assert_true(is_hot(&shared->c));
	assert_false(is_hot(&shared->far[FAR / 2]));
}

static void the_root_comes_back(void **state)
{
	struct fingerprint first;

	(void)state;
	first = key_after("");
	key_after("0011");
	assert_int_equal(shared->c.counter, 1);
	assert_true(same(key_after(""), first));
	assert_int_equal(shared->a.counter, 0);
	assert_int_equal(shared->b.counter, 0);
	assert_int_equal(shared->c.counter, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_state_has_one_name_however_it_was_come_to,
						start, end),
		cmocka_unit_test_setup_teardown(a_step_is_taken_back, start, end),
		cmocka_unit_test_setup_teardown(steps_of_one_task_are_taken_back_as_one, start, end),
		cmocka_unit_test(every_byte_of_a_line_counts),
		cmocka_unit_test_setup_teardown(a_write_is_found_whoever_announced_it, start, end),
		cmocka_unit_test_setup_teardown(only_pages_that_were_written_to_are_looked_at,
						start, end),
		cmocka_unit_test_setup_teardown(the_root_comes_back, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
