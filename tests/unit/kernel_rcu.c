/* SPDX-License-Identifier: MIT */
/* RCU, SRCU, and stretches with interrupts off: who waits for whom. */
#include "threads.h"

#include <mmref/linux/atomic.h>
#include <mmref/linux/srcu.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/wait.h>
#include "sched/sim.h"

struct callback {
	struct rcu_head head; /* first: the callback finds the rest by it */
	struct shared *shared;
	int number;
};

struct shared {
	atomic_t pointer, freed;
	struct srcu_struct srcu[2];
	struct completion done, ran;
	struct callback callback[3];
	int runs;
};

static struct shared *s;

static int set_up(void **state)
{
	(void)state;
	s = threads_set_up(sizeof(*s));
	if (!s)
		return -1;
	s->pointer.counter = 1;
	for (int i = 0; i < 3; i++) {
		s->callback[i].shared = s;
		s->callback[i].number = i;
	}
	return 0;
}

/* A reader that finds the pointer uses what it points to. */
static void use(struct shared *shared)
{
	if (atomic_read(&shared->pointer))
		mmref_assert(!atomic_read(&shared->freed));
}

static void read_under_rcu(void *arg)
{
	rcu_read_lock();
	use(arg);
	rcu_read_unlock();
}

static void read_in_nested_sections(void *arg)
{
	struct shared *shared = arg;
	int pointer;

	rcu_read_lock();
	pointer = atomic_read(&shared->pointer);
	rcu_read_lock();
	(void)atomic_read(&shared->pointer);
	rcu_read_unlock();
	if (pointer)
		mmref_assert(!atomic_read(&shared->freed));
	rcu_read_unlock();
}

static void read_after_the_section(void *arg)
{
	struct shared *shared = arg;
	int pointer;

	rcu_read_lock();
	pointer = atomic_read(&shared->pointer);
	rcu_read_unlock();
	if (pointer)
		mmref_assert(!atomic_read(&shared->freed));
}

static void unlink_and_free(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->pointer, 0);
	synchronize_rcu();
	atomic_set(&shared->freed, 1);
}

static void unlink_and_free_at_once(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->pointer, 0);
	atomic_set(&shared->freed, 1);
}

static void free_and_unlink(void *arg)
{
	struct shared *shared = arg;

	synchronize_rcu();
	atomic_set(&shared->freed, 1);
	atomic_set(&shared->pointer, 0);
}

/* --- synchronize_rcu() ---------------------------------------------------- */

static void readers_inside_are_waited_for(void **state)
{
	(void)state;
	threads(2, read_under_rcu);
	threads(1, unlink_and_free);
	assert_mmref_holds(sim);
}

static void the_outermost_section_is_the_one_waited_for(void **state)
{
	(void)state;
	threads(2, read_in_nested_sections);
	threads(1, unlink_and_free);
	assert_mmref_holds(sim);
}

/*
 * Freed without a grace period.
 *
 *	1. the reader finds the pointer
 *	2. the other clears it and frees
 *	3. the reader uses what it found
 */
static void without_a_grace_period_a_reader_uses_what_is_freed(void **state)
{
	(void)state;
	threads(1, read_under_rcu);
	threads(1, unlink_and_free_at_once);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

static void a_use_after_the_section_is_not_protected(void **state)
{
	(void)state;
	threads(1, read_after_the_section);
	threads(1, unlink_and_free);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

static void a_grace_period_before_the_unlinking_protects_nobody(void **state)
{
	(void)state;
	threads(1, read_under_rcu);
	threads(1, free_and_unlink);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

/*
 * Who comes after the grace period began is not waited for.
 *
 *	1. 2. reader 0 goes in, and finds the pointer
 *	3. 4. task 2 clears the pointer, and begins to wait
 *	5. reader 1 goes in
 *	6. 7. reader 0 uses what it found, and leaves
 *	8. 9. task 2 returns, and frees, with reader 1 inside
 *
 * When later readers are waited for, step 8 cannot be taken; when those inside
 * are not, it can be taken before step 7.
 */
static void a_reader_that_enters_later_is_not_waited_for(void **state)
{
	struct watch watch;

	(void)state;
	threads(2, read_under_rcu);
	threads(1, unlink_and_free);
	assert_int_equal(replay(sim, "0022102", &watch), 6);
	assert_int_equal(replay(sim, "002210022", &watch), 9);
	assert_true(sim->fiber[0]->task.done);
	assert_false(sim->fiber[1]->task.done);
	assert_int_equal(s->freed.counter, 1);
}

static void synchronize(void *arg)
{
	(void)arg;
	synchronize_rcu();
}

static void a_grace_period_without_readers_does_not_sleep(void **state)
{
	struct watch watch;

	(void)state;
	threads(1, synchronize);
	assert_int_equal(run_in_order(sim, &watch), 1);
	assert_int_equal(watch.sleepers, 0);
}

static void wait_for_oneself(void *arg)
{
	(void)arg;
	rcu_read_lock();
	wait_for_completion(&((struct shared *)arg)->done);
	rcu_read_unlock();
}

static void synchronize_and_complete(void *arg)
{
	synchronize_rcu();
	complete(&((struct shared *)arg)->done);
}

/* The reader that waits for the updater, inside its section. */
static void a_reader_that_sleeps_for_the_updater_deadlocks(void **state)
{
	(void)state;
	threads(1, wait_for_oneself);
	threads(1, synchronize_and_complete);
	assert_mmref_violates(sim, MMREF_DEADLOCK);
}

/* --- call_rcu() ----------------------------------------------------------- */

static void free_callback(struct rcu_head *head)
{
	struct shared *shared = ((struct callback *)head)->shared;

	atomic_set(&shared->freed, 1);
	complete(&shared->ran);
}

static void unlink_and_call(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->pointer, 0);
	call_rcu(&shared->callback[0].head, free_callback);
}

static void unlink_call_and_await(void *arg)
{
	struct shared *shared = arg;

	unlink_and_call(shared);
	wait_for_completion(&shared->ran);
	mmref_assert(atomic_read(&shared->freed));
}

static void a_callback_comes_after_the_readers_inside(void **state)
{
	(void)state;
	threads(2, read_under_rcu);
	threads(1, unlink_and_call);
	assert_mmref_holds(sim);
}

static void a_callback_does_not_wait_for_a_use_after_the_section(void **state)
{
	(void)state;
	threads(1, read_after_the_section);
	threads(1, unlink_and_call);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

static void a_callback_always_comes(void **state)
{
	(void)state;
	threads(1, read_under_rcu);
	threads(1, unlink_call_and_await);
	assert_mmref_holds(sim);
}

/* call_rcu() itself does not wait: the caller can be inside a section. */
static void call_inside_a_section(void *arg)
{
	struct shared *shared = arg;

	rcu_read_lock();
	call_rcu(&shared->callback[0].head, free_callback);
	rcu_read_unlock();
}

static void a_callback_can_be_queued_inside_a_section(void **state)
{
	(void)state;
	threads(1, call_inside_a_section);
	assert_mmref_holds(sim);
}

static void count_callback(struct rcu_head *head)
{
	struct callback *callback = (struct callback *)head;
	struct shared *shared = callback->shared;

	mmref_assert(shared->runs == callback->number);
	shared->runs++;
}

static void call_in_turn(void *arg)
{
	struct shared *shared = arg;

	for (int i = 0; i < 3; i++)
		call_rcu(&shared->callback[i].head, count_callback);
}

static void call_backwards(void *arg)
{
	struct shared *shared = arg;

	call_rcu(&shared->callback[1].head, count_callback);
	call_rcu(&shared->callback[0].head, count_callback);
}

static void callbacks_run_in_the_order_they_were_queued(void **state)
{
	(void)state;
	threads(1, read_under_rcu);
	threads(1, call_in_turn);
	assert_mmref_holds(sim);
}

static void callbacks_queued_backwards_run_backwards(void **state)
{
	(void)state;
	threads(1, call_backwards);
	assert_some_run_fails(sim, "shared->runs == callback->number");
}

/* --- SRCU, and interrupts ------------------------------------------------- */

static void sleep_in_srcu(void *arg)
{
	struct shared *shared = arg;

	srcu_read_lock(&shared->srcu[0]);
	wait_for_completion(&shared->done);
	srcu_read_unlock(&shared->srcu[0]);
}

static void sleep_with_irqs_off(void *arg)
{
	local_irq_save();
	wait_for_completion(&((struct shared *)arg)->done);
	local_irq_restore();
}

static void synchronize_srcu_and_complete(void *arg)
{
	struct shared *shared = arg;

	synchronize_srcu(&shared->srcu[0]);
	complete(&shared->done);
}

static void synchronize_other_srcu_and_complete(void *arg)
{
	struct shared *shared = arg;

	synchronize_srcu(&shared->srcu[1]);
	complete(&shared->done);
}

static void flush_and_complete(void *arg)
{
	flush_tlb();
	complete(&((struct shared *)arg)->done);
}

/* Sections of one kind against waits of another: only the diagonal waits. */
static void each_kind_of_section_is_waited_for_by_its_own_wait_alone(void **state)
{
	static void (*const sections[])(void *arg) = {
		wait_for_oneself,
		sleep_in_srcu,
		sleep_with_irqs_off,
	};
	static void (*const waits[])(void *arg) = {
		synchronize_and_complete,
		synchronize_srcu_and_complete,
		flush_and_complete,
	};

	for (int section = 0; section < 3; section++) {
		for (int wait = 0; wait < 3; wait++) {
			threads_tear_down(state);
			assert_int_equal(set_up(state), 0);
			threads(1, sections[section]);
			threads(1, waits[wait]);
			if (section == wait)
				assert_mmref_violates(sim, MMREF_DEADLOCK);
			else
				assert_mmref_holds(sim);
		}
	}
}

static void two_srcu_domains_know_nothing_of_each_other(void **state)
{
	(void)state;
	threads(1, sleep_in_srcu);
	threads(1, synchronize_other_srcu_and_complete);
	assert_mmref_holds(sim);
}

static void read_under_srcu(void *arg)
{
	struct shared *shared = arg;

	srcu_read_lock(&shared->srcu[0]);
	use(shared);
	srcu_read_unlock(&shared->srcu[0]);
}

static void unlink_and_free_under_srcu(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->pointer, 0);
	synchronize_srcu(&shared->srcu[0]);
	atomic_set(&shared->freed, 1);
}

static void srcu_readers_inside_are_waited_for(void **state)
{
	(void)state;
	threads(2, read_under_srcu);
	threads(1, unlink_and_free_under_srcu);
	assert_mmref_holds(sim);
}

static void srcu_readers_are_not_waited_for_by_rcu(void **state)
{
	(void)state;
	threads(1, read_under_srcu);
	threads(1, unlink_and_free);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

static void walk_with_irqs_off(void *arg)
{
	local_irq_save();
	use(arg);
	local_irq_restore();
}

static void walk_with_irqs_on(void *arg)
{
	use(arg);
}

static void clear_flush_free(void *arg)
{
	struct shared *shared = arg;

	atomic_set(&shared->pointer, 0);
	flush_tlb();
	atomic_set(&shared->freed, 1);
}

/*
 * What GUP-fast lives by.
 *
 *	1. the walker turns interrupts off and reads the entry
 *	2. the other clears the entry; its shootdown waits for the walker's CPU
 *	3. the walker uses what the entry named, and turns interrupts on
 *	4. the shootdown is over, and the page is freed
 */
static void a_shootdown_waits_for_a_walker_with_irqs_off(void **state)
{
	(void)state;
	threads(2, walk_with_irqs_off);
	threads(1, clear_flush_free);
	assert_mmref_holds(sim);
}

static void a_shootdown_does_not_wait_for_a_walker_with_irqs_on(void **state)
{
	(void)state;
	threads(1, walk_with_irqs_on);
	threads(1, clear_flush_free);
	assert_some_run_fails(sim, "!atomic_read(&shared->freed)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		kernel_test(readers_inside_are_waited_for),
		kernel_test(the_outermost_section_is_the_one_waited_for),
		kernel_test(without_a_grace_period_a_reader_uses_what_is_freed),
		kernel_test(a_use_after_the_section_is_not_protected),
		kernel_test(a_grace_period_before_the_unlinking_protects_nobody),
		kernel_test(a_reader_that_enters_later_is_not_waited_for),
		kernel_test(a_grace_period_without_readers_does_not_sleep),
		kernel_test(a_reader_that_sleeps_for_the_updater_deadlocks),
		kernel_test(a_callback_comes_after_the_readers_inside),
		kernel_test(a_callback_does_not_wait_for_a_use_after_the_section),
		kernel_test(a_callback_always_comes),
		kernel_test(a_callback_can_be_queued_inside_a_section),
		kernel_test(callbacks_run_in_the_order_they_were_queued),
		kernel_test(callbacks_queued_backwards_run_backwards),
		kernel_test(each_kind_of_section_is_waited_for_by_its_own_wait_alone),
		kernel_test(two_srcu_domains_know_nothing_of_each_other),
		kernel_test(srcu_readers_inside_are_waited_for),
		kernel_test(srcu_readers_are_not_waited_for_by_rcu),
		kernel_test(a_shootdown_waits_for_a_walker_with_irqs_off),
		kernel_test(a_shootdown_does_not_wait_for_a_walker_with_irqs_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
