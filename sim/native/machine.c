/* SPDX-License-Identifier: MIT */
#include "native/machine.h"

#include <jemalloc/jemalloc.h>
#include <sched.h>
#include <time.h>
#include <urcu/arch.h>

#include "check/invariants.h"
#include "native/grace.h"

static struct thread *init_thread(struct machine *machine, const char *name, int id)
{
	struct thread *thread = &machine->thread[id];

	thread->task = (struct task){
		.world = machine->world,
		.host = &machine->host,
		.name = name,
		.id = id,
	};
	thread->machine = machine;
	thread->random = next_random(&machine->random);
	thread->pace = (1u << (1 + next_random(&machine->random) % 6)) - 1;
	pthread_cond_init(&thread->woken, NULL);
	machine->world->tasks[id] = &thread->task;
	return thread;
}

struct machine *machine_new(const struct mmref_rules *rules, size_t size, int mallocx_flags,
			    uint64_t random)
{
	struct machine *machine = mallocx(sizeof(*machine), mallocx_flags | MALLOCX_ZERO);
	void *memory = machine ? mallocx(size, mallocx_flags | MALLOCX_ZERO) : NULL;

	if (!memory) {
		if (machine)
			dallocx(machine, mallocx_flags);
		return NULL;
	}
	machine->host = native_host;
	mmref_rules_resolve(&machine->rules, rules);
	machine->world = world_init(memory, size, &machine->rules);
	machine->mallocx_flags = mallocx_flags;
	machine->random = random | 1;
	pthread_mutex_init(&machine->lock, NULL);
	pthread_cond_init(&machine->quiet, NULL);
	init_thread(machine, "rcu", CALLBACKS)->task.kthread = true;
	init_thread(machine, "scene", SCENE);
	return machine;
}

void machine_free(struct machine *machine)
{
	int mallocx_flags = machine->mallocx_flags;

	for (int i = 0; i < NR_THREADS; i++)
		pthread_cond_destroy(&machine->thread[i].woken);
	pthread_cond_destroy(&machine->quiet);
	pthread_mutex_destroy(&machine->lock);
	dallocx(machine->world, mallocx_flags);
	dallocx(machine, mallocx_flags);
}

void machine_note(struct machine *machine, enum mmref_violation kind, const char *why)
{
	pthread_mutex_lock(&machine->lock);
	if (!machine->violation || kind < machine->violation) {
		machine->violation = kind;
		machine->why = why;
	}
	pthread_mutex_unlock(&machine->lock);
}

/* Everyone who has not ended sleeps, and will for ever. Under the lock. */
static void judge_sleepers(struct machine *machine)
{
	struct task *before = current_task;

	for (int i = 0; i < NR_THREADS; i++) {
		struct thread *thread = &machine->thread[i];
		enum mmref_violation kind;

		if (!thread->asleep)
			continue;
		current_task = &thread->task;
		kind = check_sleeper(&thread->task);
		if (machine->violation && machine->violation <= kind)
			continue;
		machine->violation = kind;
		machine->why = "nobody is left to run";
	}
	current_task = before;
}

void machine_one_less_awake(struct machine *machine)
{
	if (--machine->awake)
		return;
	judge_sleepers(machine);
	machine->over = true;
	for (int i = 0; i < NR_THREADS; i++)
		pthread_cond_signal(&machine->thread[i].woken);
	pthread_cond_signal(&machine->quiet);
}

void thread_dawdle(struct thread *thread)
{
	uint64_t random = next_random(&thread->random);

	if (random & thread->pace)
		return;
	if ((random >> 32) % 64 == 0)
		sched_yield();
	for (unsigned int i = (random >> 40) % 512; i; i--)
		caa_cpu_relax();
}

void thread_nap(double seconds)
{
	struct timespec nap = { .tv_sec = seconds };

	nap.tv_nsec = (seconds - nap.tv_sec) * 1e9;
	nanosleep(&nap, NULL);
}

void thread_end(struct thread *thread)
{
	longjmp(thread->end, 1);
}

static bool comes_back(struct thread *thread, void (*func)(void *arg), void *arg)
{
	if (setjmp(thread->end))
		return false;
	func(arg);
	return true;
}

/* A task that dies in a read section leaves it, as exit_rcu() sees to. */
bool thread_call(struct thread *thread, void (*func)(void *arg), void *arg)
{
	struct task *before = current_task;
	bool alive;

	current_task = &thread->task;
	alive = comes_back(thread, func, arg);
	for (; thread->rcu_nesting; thread->rcu_nesting--)
		grace_read_unlock();
	current_task = before;
	return alive;
}

static void run_body(struct thread *thread)
{
	struct machine *machine = thread->machine;

	grace_register();
	POKE(thread->task.done, thread_call(thread, thread->body, thread->arg));
	grace_unregister();
	pthread_mutex_lock(&machine->lock);
	machine_one_less_awake(machine);
	pthread_mutex_unlock(&machine->lock);
}

static void *start(void *arg)
{
	struct thread *thread = arg;

	__atomic_sub_fetch(&thread->machine->not_there, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&thread->machine->not_there, __ATOMIC_ACQUIRE))
		sched_yield();
	run_body(thread);
	return NULL;
}

bool machine_add_thread(struct machine *machine, const char *name, void (*body)(void *arg),
			void *arg)
{
	struct thread *thread;

	if (machine->nr_threads == MMREF_MAX_THREADS)
		return false;
	thread = init_thread(machine, name, machine->nr_threads++);
	thread->body = body;
	thread->arg = arg;
	return true;
}

/* rcu_barrier(), for this machine alone: its threads have ended, its callbacks perhaps not. */
static void wait_for_quiet(struct machine *machine)
{
	pthread_mutex_lock(&machine->lock);
	while (machine->awake)
		pthread_cond_wait(&machine->quiet, &machine->lock);
	pthread_mutex_unlock(&machine->lock);
}

/* Not as many threads as there should be: those that are there run, and nobody waits for more. */
static void do_without(struct machine *machine, unsigned int missing)
{
	pthread_mutex_lock(&machine->lock);
	for (unsigned int i = 0; i < missing; i++)
		machine_one_less_awake(machine);
	pthread_mutex_unlock(&machine->lock);
	__atomic_sub_fetch(&machine->not_there, missing, __ATOMIC_ACQ_REL);
}

bool machine_run(struct machine *machine)
{
	unsigned int nr;

	machine->over = false;
	machine->awake = machine->not_there = machine->nr_threads;
	for (nr = 0; nr < machine->nr_threads; nr++)
		if (pthread_create(&machine->thread[nr].pthread, NULL, start, &machine->thread[nr]))
			break;
	if (nr < machine->nr_threads)
		do_without(machine, machine->nr_threads - nr);
	for (unsigned int i = 0; i < nr; i++)
		pthread_join(machine->thread[i].pthread, NULL);
	wait_for_quiet(machine);
	return nr == machine->nr_threads;
}

bool machine_run_alone(struct machine *machine, void (*body)(void *arg), void *arg)
{
	struct thread *thread = &machine->thread[SCENE];

	machine->over = false;
	machine->awake = 1;
	thread->body = body;
	thread->arg = arg;
	run_body(thread);
	wait_for_quiet(machine);
	return thread->task.done;
}
