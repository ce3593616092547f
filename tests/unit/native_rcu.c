/* SPDX-License-Identifier: MIT */
/*
 * Grace periods on real threads, liburcu's and the model's own, in the manner of
 * rcutorture: what is taken away after a grace period is marked as dead, and no
 * reader may come upon a dead one.
 */
#include "native_threads.h"

#include <mmref/linux/percpu-refcount.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/wait.h>

#define UPDATES	40
#define LOOKS	8	/* that a reader takes at what it found */
#define ZAPS	4000

struct object {
	struct rcu_head rcu;	/* first: the callback finds its object by it */
	struct torture *torture;
	int number;
	bool dead;
};

struct torture {
	struct object object[UPDATES + 1];
	struct object *now;
	bool stop;
	struct srcu_struct srcu;
	long dead_seen;
	long reads;
	int buried;		/* by callbacks */
	int out_of_order;
};

static void start_torture(struct torture *torture)
{
	*torture = (struct torture){ 0 };
	for (int i = 0; i <= UPDATES; i++)
		torture->object[i] = (struct object){ .torture = torture, .number = i };
	torture->now = &torture->object[0];
}

static void look(struct torture *torture)
{
	const struct object *object = READ_ONCE(torture->now);

	for (int i = 0; i < LOOKS; i++)
		if (READ_ONCE(object->dead))
			__atomic_add_fetch(&torture->dead_seen, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&torture->reads, 1, __ATOMIC_RELAXED);
}

static void read_under_rcu(void *arg)
{
	struct torture *torture = arg;

	do {
		rcu_read_lock();
		look(torture);
		rcu_read_lock();	/* they nest */
		look(torture);
		rcu_read_unlock();
		look(torture);
		rcu_read_unlock();
	} while (!PEEK(torture->stop));
}

static void replace_and_synchronize(void *arg)
{
	struct torture *torture = arg;

	for (int i = 1; i <= UPDATES; i++) {
		WRITE_ONCE(torture->now, &torture->object[i]);
		synchronize_rcu();
		WRITE_ONCE(torture->object[i - 1].dead, true);
	}
	POKE(torture->stop, true);
}

static void synchronize_rcu_waits_for_readers(void **state)
{
	static struct torture torture;

	(void)state;
	start_torture(&torture);
	assert_int_equal(RUN(&torture, read_under_rcu, read_under_rcu, replace_and_synchronize),
			 MMREF_NONE);
	assert_true(torture.reads > 0);
	assert_int_equal(torture.dead_seen, 0);
}

static void bury(struct rcu_head *rcu)
{
	struct object *object = (struct object *)rcu;

	if (object->number != object->torture->buried++)
		object->torture->out_of_order++;
	WRITE_ONCE(object->dead, true);
}

static void replace_and_call(void *arg)
{
	struct torture *torture = arg;

	for (int i = 1; i <= UPDATES; i++) {
		WRITE_ONCE(torture->now, &torture->object[i]);
		call_rcu(&torture->object[i - 1].rcu, bury);
		if (i % 10 == 0)
			synchronize_rcu();
	}
	POKE(torture->stop, true);
}

/* machine_run() is back when the callbacks are, though no thread waited for them. */
static void callbacks_run_in_their_order(void **state)
{
	static struct torture torture;

	(void)state;
	for (int i = 0; i < 10; i++) {
		start_torture(&torture);
		assert_int_equal(RUN(&torture, read_under_rcu, replace_and_call), MMREF_NONE);
		assert_int_equal(torture.dead_seen, 0);
		assert_int_equal(torture.buried, UPDATES);
		assert_int_equal(torture.out_of_order, 0);
	}
}

static void read_under_srcu(void *arg)
{
	struct torture *torture = arg;

	do {
		srcu_read_lock(&torture->srcu);
		look(torture);
		look(torture);
		srcu_read_unlock(&torture->srcu);
	} while (!PEEK(torture->stop));
}

static void replace_under_srcu(void *arg)
{
	struct torture *torture = arg;

	for (int i = 1; i <= UPDATES; i++) {
		WRITE_ONCE(torture->now, &torture->object[i]);
		synchronize_srcu(&torture->srcu);
		WRITE_ONCE(torture->object[i - 1].dead, true);
	}
	POKE(torture->stop, true);
}

static void synchronize_srcu_waits_for_readers(void **state)
{
	static struct torture torture;

	(void)state;
	start_torture(&torture);
	assert_int_equal(RUN(&torture, read_under_srcu, read_under_srcu, replace_under_srcu),
			 MMREF_NONE);
	assert_true(torture.reads > 0);
	assert_int_equal(torture.dead_seen, 0);
}

/* A walk with interrupts off, against two CPUs that clear an entry, flush, and free. */
struct walk {
	struct object page[2];
	struct object *pte[2];
	int flushers;
	long dead_seen;
	long walks;
};

static void walk_with_irqs_off(void *arg)
{
	struct walk *walk = arg;

	do {
		local_irq_save();
		for (int i = 0; i < 2; i++) {
			const struct object *page = READ_ONCE(walk->pte[i]);

			if (page && READ_ONCE(page->dead))
				__atomic_add_fetch(&walk->dead_seen, 1, __ATOMIC_RELAXED);
		}
		local_irq_restore();
		__atomic_add_fetch(&walk->walks, 1, __ATOMIC_RELAXED);
	} while (PEEK(walk->flushers));
}

static void zap(struct walk *walk, int i)
{
	for (int turn = 0; turn < ZAPS; turn++) {
		WRITE_ONCE(walk->pte[i], NULL);
		flush_tlb();
		WRITE_ONCE(walk->page[i].dead, true);
		WRITE_ONCE(walk->page[i].dead, false);
		WRITE_ONCE(walk->pte[i], &walk->page[i]);
	}
	__atomic_sub_fetch(&walk->flushers, 1, __ATOMIC_SEQ_CST);
}

static void zap_first(void *arg)
{
	zap(arg, 0);
}

static void zap_second(void *arg)
{
	zap(arg, 1);
}

static void flush_waits_for_walkers(void **state)
{
	struct walk walk = { .flushers = 2 };

	(void)state;
	walk.pte[0] = &walk.page[0];
	walk.pte[1] = &walk.page[1];
	assert_int_equal(RUN(&walk, walk_with_irqs_off, walk_with_irqs_off, zap_first, zap_second),
			 MMREF_NONE);
	assert_true(walk.walks > 0);
	assert_int_equal(walk.dead_seen, 0);
}

/* A percpu_ref that is used while it is killed. */
struct killing {
	struct percpu_ref ref;	/* first: the release finds the rest by it */
	struct completion released;
	int releases;
	long gots;
	long dead_seen;		/* held, and released all the same */
	long late;		/* tryget_live after a grace period */
};

static void release(struct percpu_ref *ref)
{
	struct killing *killing = (struct killing *)ref;

	__atomic_add_fetch(&killing->releases, 1, __ATOMIC_SEQ_CST);
	complete(&killing->released);
}

static void get_and_put(void *arg)
{
	struct killing *killing = arg;
	bool got;

	do {
		rcu_read_lock();
		got = percpu_ref_tryget_live_rcu(&killing->ref);
		rcu_read_unlock();
		if (!got)
			break;
		if (PEEK(killing->releases))
			__atomic_add_fetch(&killing->dead_seen, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(&killing->gots, 1, __ATOMIC_RELAXED);
		percpu_ref_get(&killing->ref);	/* good as long as it is held, dying or not */
		percpu_ref_put(&killing->ref);
		percpu_ref_put(&killing->ref);
	} while (got);
}

static void kill_and_wait(void *arg)
{
	struct killing *killing = arg;

	percpu_ref_kill(&killing->ref);
	wait_for_completion(&killing->released);
	rcu_read_lock();
	killing->late += percpu_ref_tryget_live_rcu(&killing->ref);
	rcu_read_unlock();
	killing->late += percpu_ref_tryget(&killing->ref);
}

static void percpu_ref_is_released_once(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct killing killing = { 0 };

		percpu_ref_init(&killing.ref, release);
		assert_int_equal(RUN(&killing, get_and_put, get_and_put, kill_and_wait),
				 MMREF_NONE);
		assert_int_equal(killing.releases, 1);
		assert_int_equal(killing.dead_seen, 0);
		assert_int_equal(killing.late, 0);
		assert_int_equal(percpu_ref_sum(&killing.ref), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(synchronize_rcu_waits_for_readers),
		cmocka_unit_test(callbacks_run_in_their_order),
		cmocka_unit_test(synchronize_srcu_waits_for_readers),
		cmocka_unit_test(flush_waits_for_walkers),
		cmocka_unit_test(percpu_ref_is_released_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
