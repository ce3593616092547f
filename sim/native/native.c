/* SPDX-License-Identifier: MIT */
#include "native/native.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "check/invariants.h"
#include "exec/env.h"
#include "exec/thread.h"
#include "native/machine.h"

#define LEAST_WORLD	((size_t)64 << 10)	/* bytes */
#define MOST_WORLD	((size_t)8 << 20)
#define MAX_LANES	32
/* Seconds that liburcu lets pass before it looks for callbacks again. */
#define CALLBACK_DELAY	0.01

/*
 * A lane makes one round after the other. There are more of them than CPUs,
 * since a round that waits for a callback sleeps most of its time.
 */
struct lane {
	struct stress *stress;
	pthread_t pthread;
	size_t world_size;
	uint64_t random;
	double took;				/* seconds, by the last round */
	uint64_t steps[MMREF_MAX_THREADS];	/* that each thread took in it */
	struct native_report report;
	bool failed;
};

struct stress {
	const struct mmref_program *program;
	const struct mmref_rules *rules;
	int mallocx_flags;
	double until;		/* by now() */
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The scene as it is set by its only thread. */
struct scene {
	struct world *world;
	const struct mmref_program *program;
	struct env *env;	/* NULL where the world is too small */
};

static void set_scene(void *arg)
{
	struct scene *scene = arg;
	struct exec_thread before = { .ops = &scene->program->before };

	before.env = env_build(scene->world, scene->program);
	if (!before.env)
		return;
	thread_run(&before);
	scene->env = before.env;
}

/* Is there as much room again for what the threads will make? */
static bool is_roomy(const struct world *world)
{
	return world->used <= world->size / 2;
}

/* A machine with the scene of @lane's program set, or NULL and ->why of the report. */
static struct machine *machine_with_scene(struct lane *lane, struct env **env)
{
	const struct stress *stress = lane->stress;

	for (;; lane->world_size *= 2) {
		struct scene scene = { .program = stress->program };
		struct machine *machine;
		bool set;

		machine = machine_new(stress->rules, lane->world_size, stress->mallocx_flags,
				      next_random(&lane->random));
		if (!machine) {
			lane->report.why = "there is no memory for a world";
			return NULL;
		}
		scene.world = machine->world;
		set = machine_run_alone(machine, set_scene, &scene) && scene.env &&
		      is_roomy(machine->world);
		*env = scene.env;
		if (set && (!machine->violation || !mmref_violation_ends_run(machine->violation)))
			return machine;
		lane->report.why = scene.env || machine->violation ?
			"the scene cannot be set: one of its operations never returns, or fails" :
			"the scene does not fit into the world";
		machine_free(machine);
		if (set || lane->world_size == MOST_WORLD)
			return NULL;
	}
}

/*
 * Where the rounds wait for a callback, every other thread stops once on its way
 * for a part of the time that a round takes: else what comes after the callback,
 * the end of a removal, would come after all that the other threads do.
 */
static void plan_naps(struct lane *lane, struct machine *machine)
{
	if (lane->took < CALLBACK_DELAY)
		return;
	for (unsigned int i = 0; i < machine->nr_threads; i++) {
		struct thread *thread = &machine->thread[i];

		if (!lane->steps[i] || next_random(&lane->random) % 2)
			continue;
		thread->nap_at = 1 + next_random(&lane->random) % lane->steps[i];
		thread->nap = lane->took * (next_random(&lane->random) % 1024) / 1024;
	}
}

static bool run_threads(struct lane *lane, struct machine *machine, struct env *env)
{
	struct exec_thread threads[MMREF_MAX_THREADS];
	const struct mmref_program *program = env->program;

	for (unsigned int i = 0; i < program->nr_threads; i++) {
		thread_bind(&threads[i], env, i);
		if (!machine_add_thread(machine, program->thread[i].name, thread_run, &threads[i]))
			return false;
	}
	plan_naps(lane, machine);
	return machine_run(machine);
}

/* All have stopped, and nothing was wrong so far: are the counts right? */
static void check_counts(struct machine *machine)
{
	struct violation v;

	if (machine->violation)
		return;
	if (!check_step(machine->world, &v) || !check_quiescent(machine->world, &v))
		machine_note(machine, v.kind, v.why);
}

static void report_violation(struct native_report *report, enum mmref_violation kind,
			     const char *why)
{
	if (!report->violation || kind < report->violation) {
		report->violation = kind;
		report->why = why;
	}
}

static void remember_round(struct lane *lane, const struct machine *machine, double began)
{
	lane->took = now() - began;
	for (unsigned int i = 0; i < machine->nr_threads; i++)
		lane->steps[i] = machine->thread[i].steps;
}

static bool make_round(struct lane *lane)
{
	struct machine *machine;
	struct env *env;
	double began;
	bool ran;

	machine = machine_with_scene(lane, &env);
	if (!machine)
		return false;
	began = now();
	ran = run_threads(lane, machine, env);
	if (ran) {
		remember_round(lane, machine, began);
		check_counts(machine);
		lane->report.rounds++;
	} else {
		lane->report.why = "the threads could not be started";
	}
	if (ran && machine->violation) {
		lane->report.violations++;
		report_violation(&lane->report, machine->violation, machine->why);
	}
	machine_free(machine);
	return ran;
}

static void *run_lane(void *arg)
{
	struct lane *lane = arg;

	do {
		lane->failed = !make_round(lane);
	} while (!lane->failed && now() < lane->stress->until);
	return NULL;
}

static void add_report(struct native_report *report, const struct lane *lane)
{
	report->rounds += lane->report.rounds;
	report->violations += lane->report.violations;
	if (lane->report.violations)
		report_violation(report, lane->report.violation, lane->report.why);
}

/* Run in lanes; false, and why, where a lane could not go on. */
static bool run_lanes(struct stress *stress, struct native_report *report)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int nr = 0, wanted = cpus < 1 ? 1 : 4 * cpus < MAX_LANES ? 4 * cpus : MAX_LANES;
	struct lane lanes[MAX_LANES] = { 0 };
	bool good = true;

	for (; nr < wanted; nr++) {
		lanes[nr] = (struct lane){
			.stress = stress,
			.world_size = LEAST_WORLD,
			.random = (uint64_t)(stress->until * 1e9) * (nr + 1) | 1,
		};
		if (pthread_create(&lanes[nr].pthread, NULL, run_lane, &lanes[nr]))
			break;
	}
	if (!nr)
		report->why = "the threads could not be started";
	for (unsigned int i = 0; i < nr; i++) {
		pthread_join(lanes[i].pthread, NULL);
		add_report(report, &lanes[i]);
		if (!lanes[i].failed)
			continue;
		good = false;
		report->why = lanes[i].report.why;
	}
	return nr && good;
}

/* Bytes of the arena @arena that are allocated. */
static size_t allocated(unsigned int arena)
{
	static const char *const kinds[] = { "small", "large" };
	uint64_t epoch = 1;
	size_t sum = 0;

	mallctl("epoch", NULL, NULL, &epoch, sizeof(epoch));
	for (int i = 0; i < 2; i++) {
		size_t bytes = 0, size = sizeof(bytes);
		char name[64];

		snprintf(name, sizeof(name), "stats.arenas.%u.%s.allocated", arena, kinds[i]);
		mallctl(name, &bytes, &size, NULL, 0);
		sum += bytes;
	}
	return sum;
}

static void destroy_arena(unsigned int arena)
{
	char name[32];

	snprintf(name, sizeof(name), "arena.%u.destroy", arena);
	mallctl(name, NULL, NULL, NULL, 0);
}

int native_stress(const struct mmref_program *program, const struct mmref_rules *rules,
		  double seconds, struct native_report *report)
{
	struct stress stress = { .program = program, .rules = rules };
	double began = now();
	unsigned int arena;
	size_t size = sizeof(arena);
	bool ran;

	*report = (struct native_report){ 0 };
	if (!program->nr_threads) {
		report->why = "the program has no threads";
		return -1;
	}
	if (mallctl("arenas.create", &arena, &size, NULL, 0)) {
		report->why = "there is no memory for a world";
		return -1;
	}
	stress.mallocx_flags = MALLOCX_ARENA(arena) | MALLOCX_TCACHE_NONE;
	stress.until = began + seconds;
	ran = run_lanes(&stress, report);
	report->left_bytes = allocated(arena);
	destroy_arena(arena);
	report->seconds = now() - began;
	return ran ? 0 : -1;
}
