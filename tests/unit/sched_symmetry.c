/* SPDX-License-Identifier: MIT */
/* Which threads are taken for one another, and while what. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <mmref/linux/atomic.h>
#include <mmref/linux/srcu.h>
#include <mmref/linux/spinlock.h>
#include "sched/sim.h"

static struct shared {
	atomic_t count;
	const int *place;
	spinlock_t lock;
	struct rw_semaphore sem;
	struct quiesce readers;
} *shared;

static struct mmref_sim *sim;

static int start(void **state)
{
	(void)state;
	sim = mmref_sim_new(&mmref_v7_2);
	shared = mmref_alloc(sim, sizeof(*shared));
	return !sim || !shared;
}

static int end(void **state)
{
	(void)state;
	mmref_sim_free(sim);
	return 0;
}

/* Two threads that do @body, under the same name. */
static void two(void (*body)(void *arg))
{
	mmref_thread(sim, "twin", body, shared);
	mmref_thread(sim, "twin", body, shared);
	assert_true(sim_start(sim));
	sim->memory.symmetry.on = sim->memory.symmetry.twins;
}

static struct fingerprint key_after(const char *tasks)
{
	sim_reset(sim);
	for (; *tasks; tasks++)
		sim_step(sim, *tasks - '0');
	return memory_fingerprint(sim);
}

static bool same(struct fingerprint a, struct fingerprint b)
{
	return a.low == b.low && a.high == b.high;
}

static void add_twice(void *arg)
{
	struct shared *s = arg;

	atomic_inc(&s->count);
	atomic_inc(&s->count);
}

static void it_does_not_matter_which_of_two_equals_is_where(void **state)
{
	(void)state;
	two(add_twice);
	assert_true(same(key_after("0"), key_after("1")));
	assert_true(same(key_after("00"), key_after("11")));
	assert_true(same(key_after("001"), key_after("101")));
	assert_false(same(key_after("00"), key_after("01")));

	sim->memory.symmetry.on = false;
	assert_false(same(key_after("0"), key_after("1")));
	assert_true(same(key_after("0011"), key_after("1100")));
}

static void of_equals_in_one_place_one_is_enough(void **state)
{
	(void)state;
	two(add_twice);
	key_after("");
	assert_int_equal(symmetry_enough(sim, sim_enabled(sim)), 1);
	key_after("0");
	assert_int_equal(symmetry_enough(sim, sim_enabled(sim)), 3);
	key_after("01");
	assert_int_equal(symmetry_enough(sim, sim_enabled(sim)), 1);
}

static void threads_of_other_names_or_arguments_are_not_equals(void **state)
{
	static struct shared other;

	(void)state;
	mmref_thread(sim, "a", add_twice, shared);
	mmref_thread(sim, "b", add_twice, shared);
	mmref_thread(sim, "b", add_twice, &other);
	mmref_thread(sim, "c", add_twice, shared);
	mmref_thread(sim, "b", add_twice, shared);
	assert_true(sim_start(sim));
	assert_int_equal(sim->memory.symmetry.twins, 1u << 1 | 1u << 4);
}

static void lock_and_unlock(void *arg)
{
	spin_lock(&((struct shared *)arg)->lock);
	spin_unlock(&((struct shared *)arg)->lock);
}

static void read_and_write(void *arg)
{
	struct shared *s = arg;

	down_read(&s->sem);
	up_read(&s->sem);
	down_write(&s->sem);
	downgrade_write(&s->sem);
	up_read(&s->sem);
}

static void enter_and_leave(void *arg)
{
	struct shared *s = arg;

	quiesce_enter(SITE("enter"), &s->readers);
	atomic_inc(&s->count);
	quiesce_leave(SITE("leave"), &s->readers);
	atomic_inc(&s->count);
}

/* Which of them owns the lock can be read in the lock. */
static void the_owner_of_a_lock_is_known(void **state)
{
	(void)state;
	two(lock_and_unlock);
	assert_false(same(key_after("0"), key_after("1")));
	assert_true(same(key_after("00"), key_after("11")));
	assert_int_equal((key_after("0"), symmetry_unknown(sim)), 2);
	assert_int_equal((key_after("00"), symmetry_unknown(sim)), 3);
}

static void who_is_in_a_semaphore_is_known(void **state)
{
	(void)state;
	two(read_and_write);
	assert_int_equal((key_after("0"), symmetry_unknown(sim)), 2);
	assert_int_equal((key_after("01"), symmetry_unknown(sim)), 0);
	assert_int_equal((key_after("00"), symmetry_unknown(sim)), 3);
	assert_int_equal((key_after("000"), symmetry_unknown(sim)), 2);
	assert_int_equal((key_after("0000"), symmetry_unknown(sim)), 2);
	assert_int_equal((key_after("00000"), symmetry_unknown(sim)), 3);
}

static void who_is_in_a_section_is_known(void **state)
{
	(void)state;
	two(enter_and_leave);
	assert_int_equal((key_after("0"), symmetry_unknown(sim)), 2);
	assert_int_equal((key_after("01"), symmetry_unknown(sim)), 0);
	assert_int_equal((key_after("000"), symmetry_unknown(sim)), 3);
}

/* The address of a local variable, for others to see. */
static void show_a_place(void *arg)
{
	struct shared *s = arg;
	int mine = 0;

	WRITE_ONCE(s->place, &mine);
	atomic_inc(&s->count);
	WRITE_ONCE(s->place, NULL);
	atomic_inc(&s->count);
}

static void who_is_pointed_to_is_known(void **state)
{
	(void)state;
	two(show_a_place);
	assert_true(same(key_after(""), key_after("")));
	assert_int_equal((key_after("0"), symmetry_unknown(sim)), 2);
	assert_false(same(key_after("0"), key_after("1")));
	assert_int_equal((key_after("01"), symmetry_unknown(sim)), 1);
	assert_int_equal((key_after("000"), symmetry_unknown(sim)), 3);
}

static void what_is_known_is_taken_back_with_a_step(void **state)
{
	struct fingerprint before;

	(void)state;
	two(show_a_place);
	before = key_after("00");
	sim_step(sim, 1);
	assert_int_equal(symmetry_unknown(sim), 1);
	memory_undo(sim);
	assert_true(same(memory_fingerprint(sim), before));
	assert_int_equal(symmetry_unknown(sim), 2);
	sim_step(sim, 0);
	assert_int_equal(symmetry_unknown(sim), 3);
}

static bool is_counted(const void *arg)
{
	return PEEK(((const struct shared *)arg)->count.counter);
}

static void wait_for_a_count(void *arg)
{
	struct shared *s = arg;

	sleep_until(SITE("wait"), &s->count, sizeof(s->count), MMREF_READ, TASK_UNINTERRUPTIBLE,
		    is_counted, s);
}

static void count_and_wake(void *arg)
{
	struct shared *s = arg;

	atomic_inc(&s->count);
	wake_sleepers(&s->count);
}

/* A wake writes to fibers that took no step. */
static void a_woken_equal_has_another_name(void **state)
{
	struct fingerprint asleep;

	(void)state;
	mmref_thread(sim, "waker", count_and_wake, shared);
	two(wait_for_a_count);
	asleep = key_after("");
	key_after("0");
	memory_undo(sim);
	assert_true(same(memory_fingerprint(sim), asleep));
	assert_true(same(key_after("01"), key_after("02")));
	assert_true(same(key_after("012"), key_after("021")));
	assert_false(same(key_after("0"), key_after("01")));
}

#define symmetry_test(test)	cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		symmetry_test(it_does_not_matter_which_of_two_equals_is_where),
		symmetry_test(of_equals_in_one_place_one_is_enough),
		symmetry_test(threads_of_other_names_or_arguments_are_not_equals),
		symmetry_test(the_owner_of_a_lock_is_known),
		symmetry_test(who_is_in_a_semaphore_is_known),
		symmetry_test(who_is_in_a_section_is_known),
		symmetry_test(who_is_pointed_to_is_known),
		symmetry_test(what_is_known_is_taken_back_with_a_step),
		symmetry_test(a_woken_equal_has_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
