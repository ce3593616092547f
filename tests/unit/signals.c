/* SPDX-License-Identifier: MIT */
/* What a signal ends, and what it does not: interruptible sleeps, and the calls they are of. */
#include "scene.h"

#include <errno.h>

#include <mmref/linux/fs.h>
#include <mmref/linux/atomic.h>
#include <mmref/linux/wait.h>
#include "ops/ops.h"
#include "script/script.h"

struct waiting {
	atomic_t word;
	enum sleep_state state;
	int result;
};

static bool word_is_set(const void *arg)
{
	return atomic_read((const atomic_t *)arg);
}

static void wait_for_word(struct waiting *w)
{
	w->result = ___wait_var_event(&w->word, word_is_set, &w->word, w->state, NULL, NULL);
}

static void wait_and_be_interrupted(void *arg)
{
	struct waiting *w = arg;

	wait_for_word(w);
	mmref_assert(w->result == -ERESTARTSYS);
}

static void wait_and_get_it(void *arg)
{
	struct waiting *w = arg;

	wait_for_word(w);
	mmref_assert(w->result == 0);
}

static void set_and_wait(void *arg)
{
	struct waiting *w = arg;

	atomic_set(&w->word, 1);
	wait_and_get_it(w);
}

static void set_and_wake(void *arg)
{
	struct waiting *w = arg;

	atomic_set(&w->word, 1);
	wake_up_var(&w->word);
}

static void signal_waiter(void *arg)
{
	(void)arg;
	mmref_signal("waiter");
}

/* @waiter sleeps as @state says; then come a signal, and @other if it is not NULL. */
static struct mmref_sim *signalled(void (*waiter)(void *arg), enum sleep_state state,
				   void (*other)(void *arg))
{
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct waiting *w = mmref_alloc(sim, sizeof(*w));

	w->state = state;
	mmref_thread(sim, "waiter", waiter, w);
	mmref_thread(sim, "user", signal_waiter, w);
	if (other)
		mmref_thread(sim, "waker", other, w);
	return sim;
}

static void a_signal_ends_an_interruptible_sleep(void **state)
{
	struct mmref_sim *sim = signalled(wait_and_be_interrupted, TASK_INTERRUPTIBLE, NULL);

	(void)state;
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void a_signal_does_not_end_an_uninterruptible_sleep(void **state)
{
	struct mmref_sim *sim = signalled(wait_and_be_interrupted, TASK_UNINTERRUPTIBLE, NULL);

	(void)state;
	assert_mmref_violates(sim, MMREF_DEADLOCK);
	mmref_sim_free(sim);
}

static void what_has_come_already_is_not_interrupted(void **state)
{
	struct mmref_sim *sim = signalled(set_and_wait, TASK_INTERRUPTIBLE, NULL);

	(void)state;
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void of_a_signal_and_a_wake_either_can_be_first(void **state)
{
	struct mmref_sim *sim = signalled(wait_and_be_interrupted, TASK_INTERRUPTIBLE, set_and_wake);

	(void)state;
	assert_some_run_fails(sim, "w->result == -ERESTARTSYS");
	mmref_sim_free(sim);
	sim = signalled(wait_and_get_it, TASK_INTERRUPTIBLE, set_and_wake);
	assert_some_run_fails(sim, "w->result == 0");
	mmref_sim_free(sim);
	sim = signalled(wait_and_get_it, TASK_UNINTERRUPTIBLE, set_and_wake);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* --- a truncate that waits for a page --------------------------------------- */

static int truncate_it(struct mmref_file *file)
{
	return mmref_truncate(file, 0);
}

static int punch_it(struct mmref_file *file)
{
	return mmref_punch(file, 0, 1);
}

static int zero_it(struct mmref_file *file)
{
	return mmref_zero_range(file, 0, 1);
}

struct held {
	struct scene s;
	struct mmref_hold *hold;
	int (*cut)(struct mmref_file *file);
};

static void cut_off(void *arg)
{
	struct held *held = arg;
	const struct inode *inode = held->s.file->inode;

	mmref_assert(held->cut(held->s.file) == -EINTR);
	mmref_assert(inode->i_size == 1);
	mmref_assert(inode->block[0] == 0);
	mmref_assert(xa_peek(&inode->i_mapping.i_pages, 0));
}

static void cut_off_twice(void *arg)
{
	struct held *held = arg;

	cut_off(arg);
	held->cut(held->s.file);
}

static struct mmref_sim *held_scene(const struct mmref_rules *rules,
				    int (*cut)(struct mmref_file *file), void (*body)(void *arg))
{
	struct scene s = scene_new(rules, 1);
	struct held *held = mmref_alloc(s.sim, sizeof(*held));

	mmref_write(s.map, 0, 1);
	*held = (struct held){ .s = s, .cut = cut };
	held->hold = mmref_pin(s.map, 0, 1, 0, NULL);
	mmref_thread(s.sim, "waiter", body, held);
	mmref_thread(s.sim, "user", signal_waiter, NULL);
	return s.sim;
}

/* The call is over, the file whole, its page still held; popple-2023 dies in the first fault. */
static void what_a_signal_ends_leaves_the_file_as_it_was(void **state)
{
	int (*const cuts[])(struct mmref_file *file) = { truncate_it, punch_it, zero_it };

	(void)state;
	for (size_t i = 0; mmref_rules_at(i); i++)
		for (size_t c = 0; c < sizeof(cuts) / sizeof(cuts[0]); c++) {
			struct mmref_sim *sim;

			if (mmref_rules_at(i) == &mmref_popple_2023)
				continue;
			sim = held_scene(mmref_rules_at(i), cuts[c], cut_off);

			assert_mmref_holds(sim);
			mmref_sim_free(sim);
		}
}

/* The signal is handled when the call returns: the next one sleeps for as long as it takes. */
static void a_signal_ends_one_call_and_not_the_next(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct mmref_sim *sim = held_scene(rules, truncate_it, cut_off_twice);

		assert_mmref_violates(sim, MMREF_DEADLOCK);
		mmref_sim_free(sim);
	}
}

static void no_one(void *arg)
{
	mmref_fsync(((struct scene *)arg)->file);
}

static void signal_nobody(void *arg)
{
	(void)arg;
	mmref_assert(mmref_signal("waiter") == -ESRCH);
	mmref_assert(mmref_signal("nobody") == -ESRCH);
}

static void who_is_done_gets_no_signal(void **state)
{
	struct scene s = scene_new(&mmref_v7_2, 1);

	(void)state;
	mmref_thread(s.sim, "waiter", no_one, &s);
	mmref_thread(s.sim, "user", signal_nobody, NULL);
	assert_runs_in_order(s.sim);
	mmref_sim_free(s.sim);
}

/* --- steps, as a recording tells them ---------------------------------------- */

struct told {
	const char *label;
	enum mmref_outcome_kind kind;
	int value;
	char state;
};

struct telling {
	const struct told *next;
	size_t left;
};

static void told_outcome(void *cookie, const char *checkpoint, const char *label,
			 const struct mmref_outcome *outcome)
{
	struct telling *telling = cookie;

	(void)checkpoint;
	assert_true(telling->left > 0);
	assert_string_equal(label, telling->next->label);
	assert_int_equal(outcome->kind, telling->next->kind);
	if (outcome->kind == MMREF_OUTCOME_BLOCKED)
		assert_int_equal(outcome->state, telling->next->state);
	else
		assert_int_equal(outcome->value, telling->next->value);
	telling->next++;
	telling->left--;
}

/* v7.2 waits in truncate and in eviction: the one sleep is S, and the other D. */
static void a_recording_tells_which_sleep_a_signal_ended(void **state)
{
	static const struct told told[] = {
		{ "truncate while held", MMREF_OUTCOME_BLOCKED, 0, 'S' },
		{ "unlink while held", MMREF_OUTCOME_BLOCKED, 0, 'D' },
		{ "signal", MMREF_OUTCOME_DONE, 0, 0 },
		{ "truncate after signal", MMREF_OUTCOME_ERROR, -EINTR, 0 },
		{ "unlink after signal", MMREF_OUTCOME_BLOCKED, 0, 'D' },
		{ "signal again", MMREF_OUTCOME_ERROR, -ESRCH, 0 },
		{ "unlink after put", MMREF_OUTCOME_DONE, 0, 0 },
	};
	struct telling telling = { told, sizeof(told) / sizeof(told[0]) };
	struct mmref_teller teller = { .cookie = &telling, .outcome = told_outcome };
	char error[256];
	struct mmref_program *program = script_load(
		MMREF_SOURCE_DIR "/tests/scripts/good/signals.lua", error, sizeof(error));

	(void)state;
	assert_non_null(program);
	assert_int_equal(mmref_take_steps(program, &mmref_v7_2, &teller), 0);
	assert_int_equal(telling.left, 0);
	script_free(program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_ends_an_interruptible_sleep),
		cmocka_unit_test(a_signal_does_not_end_an_uninterruptible_sleep),
		cmocka_unit_test(what_has_come_already_is_not_interrupted),
		cmocka_unit_test(of_a_signal_and_a_wake_either_can_be_first),
		cmocka_unit_test(what_a_signal_ends_leaves_the_file_as_it_was),
		cmocka_unit_test(a_signal_ends_one_call_and_not_the_next),
		cmocka_unit_test(who_is_done_gets_no_signal),
		cmocka_unit_test(a_recording_tells_which_sleep_a_signal_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
