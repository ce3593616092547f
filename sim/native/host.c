/* SPDX-License-Identifier: MIT */
/* Steps, sleeping and waking on real threads. */
#include <urcu/arch.h>

#include "native/machine.h"

/*
 * A thread that has come this far waits, most likely, for another one by trying
 * again and again. From here on it takes its time.
 */
#define MANY_STEPS	(1u << 12)
/* And whom it waits for will never come: what it does takes no such number of steps. */
#define MAX_STEPS	(1u << 18)

static struct machine *machine_of(struct mmref_host *host)
{
	return (struct machine *)host;
}

static void go_on_for_long(struct machine *machine, struct thread *thread)
{
	if (thread->steps % 1024 == 0)
		thread_nap(1e-3);
	if (thread->steps < MAX_STEPS)
		return;
	machine_note(machine, MMREF_DEADLOCK, "a thread goes round for ever and gets nowhere");
	thread_end(thread);
}

static void on_step(struct mmref_host *host, const struct mmref_step *step)
{
	struct thread *thread = running();

	(void)step;
	if (++thread->steps == thread->nap_at)
		thread_nap(thread->nap);
	if (thread->steps < MANY_STEPS || machine_of(host)->tireless)
		thread_dawdle(thread);
	else
		go_on_for_long(machine_of(host), thread);
}

/*
 * A sleeper says that it is one and then looks at its condition; a waker changes
 * the condition and then looks for sleepers. The barriers keep both in this
 * order, so one of the two sees the other.
 */
static void on_sleep(struct mmref_host *host, const struct mmref_step *step,
		     const struct sleep *sleep)
{
	struct machine *machine = machine_of(host);
	struct thread *thread = running();
	bool home;

	on_step(host, step);
	if (sleep->ready(sleep->arg))
		return;

	pthread_mutex_lock(&machine->lock);
	__atomic_store_n(&machine->nr_sleepers, machine->nr_sleepers + 1, __ATOMIC_RELAXED);
	cmm_smp_mb();
	thread->waits_at = step->object;
	while (!thread->asleep && !sleep->ready(sleep->arg)) {
		thread->asleep = true;
		machine_one_less_awake(machine);
		while (thread->asleep && !machine->over)
			pthread_cond_wait(&thread->woken, &machine->lock);
	}
	home = thread->asleep;	/* nobody woke it: it was judged as it slept */
	if (home)
		machine->awake++;	/* for the way there */
	thread->asleep = false;
	__atomic_store_n(&machine->nr_sleepers, machine->nr_sleepers - 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&machine->lock);
	if (home)
		thread_end(thread);
}

static void on_wake(struct mmref_host *host, const volatile void *object)
{
	struct machine *machine = machine_of(host);

	cmm_smp_mb();
	if (!__atomic_load_n(&machine->nr_sleepers, __ATOMIC_RELAXED))
		return;

	pthread_mutex_lock(&machine->lock);
	for (int i = 0; i < NR_THREADS; i++) {
		struct thread *thread = &machine->thread[i];

		if (!thread->asleep || thread->waits_at != object)
			continue;
		thread->asleep = false;
		machine->awake++;
		pthread_cond_signal(&thread->woken);
	}
	pthread_mutex_unlock(&machine->lock);
}

static void on_violation(struct mmref_host *host, const struct violation *v)
{
	machine_note(machine_of(host), v->kind, v->why);
}

static void __attribute__((noreturn)) on_die(struct mmref_host *host)
{
	(void)host;
	thread_end(running());
}

const struct mmref_host native_host = {
	.step = on_step,
	.sleep = on_sleep,
	.wake = on_wake,
	.violation = on_violation,
	.die = on_die,
	.rcu = &native_rcu,
};
