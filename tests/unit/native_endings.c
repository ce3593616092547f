/* SPDX-License-Identifier: MIT */
/* Threads that do not come back: every one of them ends, and the right word is said of it. */
#include "native_threads.h"

#include <mmref/linux/bug.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/wait.h>

struct scene {
	spinlock_t a, b;
	struct completion has_a, has_b;
	struct completion never;
	int value;
	int looks;
	int ended;
};

static void take_a_then_b(void *arg)
{
	struct scene *scene = arg;

	spin_lock(&scene->a);
	complete(&scene->has_a);
	wait_for_completion(&scene->has_b);
	spin_lock(&scene->b);
	__atomic_add_fetch(&scene->ended, 1, __ATOMIC_SEQ_CST);
}

static void take_b_then_a(void *arg)
{
	struct scene *scene = arg;

	spin_lock(&scene->b);
	complete(&scene->has_b);
	wait_for_completion(&scene->has_a);
	spin_lock(&scene->a);
	__atomic_add_fetch(&scene->ended, 1, __ATOMIC_SEQ_CST);
}

static void end_well(void *arg)
{
	struct scene *scene = arg;

	__atomic_add_fetch(&scene->ended, 1, __ATOMIC_SEQ_CST);
}

static void locks_in_two_orders_are_a_deadlock(void **state)
{
	struct scene scene = { 0 };

	(void)state;
	assert_int_equal(RUN(&scene, take_a_then_b, take_b_then_a, end_well), MMREF_DEADLOCK);
	assert_int_equal(scene.ended, 1);
}

static void unplug(void *arg)
{
	struct scene *scene = arg;

	POKE(current->unplugging, true);
	wait_for_completion(&scene->never);
}

static void a_removal_that_sleeps_for_ever_hangs(void **state)
{
	struct scene scene = { 0 };

	(void)state;
	assert_int_equal(RUN(&scene, unplug, end_well), MMREF_UNPLUG_HANGS);
}

static bool value_is_set(const void *arg)
{
	struct scene *scene = (struct scene *)(uintptr_t)arg;
	int value = READ_ONCE(scene->value);

	__atomic_add_fetch(&scene->looks, 1, __ATOMIC_SEQ_CST);
	return value;
}

static void wait_for_value(void *arg)
{
	struct scene *scene = arg;

	___wait_var_event(&scene->value, value_is_set, scene, TASK_INTERRUPTIBLE, NULL, NULL);
	__atomic_add_fetch(&scene->ended, 1, __ATOMIC_SEQ_CST);
}

/* The other thread has looked, in vain; now the value comes, and nobody is told. */
static void set_value_silently(void *arg)
{
	struct scene *scene = arg;

	while (!PEEK(scene->looks))
		sched_yield();
	POKE(scene->value, 1);
}

static void a_wake_up_that_never_came_is_lost(void **state)
{
	struct scene scene = { 0 };

	(void)state;
	assert_int_equal(RUN(&scene, wait_for_value, set_value_silently), MMREF_LOST_WAKEUP);
	assert_int_equal(scene.ended, 0);
}

static void die_with_lock(void *arg)
{
	struct scene *scene = arg;

	spin_lock(&scene->a);
	rcu_read_lock();
	complete(&scene->has_a);
	kernel_bug(SITE("test"), NULL, "this task dies");
}

static void wait_for_dead(void *arg)
{
	struct scene *scene = arg;

	wait_for_completion(&scene->has_a);
	synchronize_rcu();
	spin_lock(&scene->a);
	__atomic_add_fetch(&scene->ended, 1, __ATOMIC_SEQ_CST);
}

/* The lock stays held, the read section does not; of two violations the graver is told. */
static void the_dead_keep_their_locks(void **state)
{
	struct scene scene = { 0 };

	(void)state;
	assert_int_equal(RUN(&scene, die_with_lock, wait_for_dead, end_well), MMREF_KERNEL_BUG);
	assert_int_equal(scene.ended, 1);
	assert_int_not_equal(scene.a.owner, 0);
}

static void warn(void *arg)
{
	WARN_ON(arg);
	end_well(arg);
}

static void a_warning_ends_nothing(void **state)
{
	struct scene scene = { 0 };

	(void)state;
	assert_int_equal(RUN(&scene, warn), MMREF_KERNEL_WARNING);
	assert_int_equal(scene.ended, 1);
}

static void go_round(void *arg)
{
	struct scene *scene = arg;

	while (!READ_ONCE(scene->never.done))
		;
}

static void complete_late(void *arg)
{
	struct scene *scene = arg;

	wait_for_completion(&scene->has_a);
}

/* One goes round for what another would do, who waits for what nobody does. */
static void a_thread_that_goes_round_is_ended(void **state)
{
	struct machine *machine = machine_new(&mmref_v7_2, 64 << 10, MALLOCX_TCACHE_NONE, 1);
	struct scene scene = { 0 };

	(void)state;
	assert_non_null(machine);
	assert_true(machine_add_thread(machine, "round", go_round, &scene));
	assert_true(machine_add_thread(machine, "late", complete_late, &scene));
	assert_true(machine_run(machine));
	assert_int_equal(machine->violation, MMREF_DEADLOCK);
	assert_non_null(machine->why);
	assert_int_equal(machine->awake, 0);
	machine_free(machine);
}

static void as_many_threads_as_a_program_has(void **state)
{
	struct machine *machine = machine_new(&mmref_v7_2, 64 << 10, MALLOCX_TCACHE_NONE, 1);
	struct scene scene = { 0 };

	(void)state;
	assert_non_null(machine);
	for (int i = 0; i < MMREF_MAX_THREADS; i++)
		assert_true(machine_add_thread(machine, "thread", end_well, &scene));
	assert_false(machine_add_thread(machine, "one too many", end_well, &scene));
	assert_true(machine_run(machine));
	assert_int_equal(machine->violation, MMREF_NONE);
	assert_int_equal(scene.ended, MMREF_MAX_THREADS);
	machine_free(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_in_two_orders_are_a_deadlock),
		cmocka_unit_test(a_removal_that_sleeps_for_ever_hangs),
		cmocka_unit_test(a_wake_up_that_never_came_is_lost),
		cmocka_unit_test(the_dead_keep_their_locks),
		cmocka_unit_test(a_warning_ends_nothing),
		cmocka_unit_test(a_thread_that_goes_round_is_ended),
		cmocka_unit_test(as_many_threads_as_a_program_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
