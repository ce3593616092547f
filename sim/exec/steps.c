/* SPDX-License-Identifier: MIT */
/* Sequential scenarios: operations in a fixed order, and the counts at checkpoints between them. */
#include "exec/exec.h"
#include "sched/stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmref/linux/rcupdate.h>
#include "check/introspect.h"
#include "ops/ops.h"
#include "sched/sim.h"

#define MAX_ACTORS	8
#define MAX_WATCHED	64
#define MAX_REMEMBERED	8
#define MAX_LOGGED	8
#define MAX_STEPS	(1 << 22)	/* a task that takes more is taken to run for ever */

/* A task that executes operations: the scenario's own, or one that it started. */
struct actor {
	struct env *env;
	const struct mmref_op *op;
	struct mmref_outcome outcome;
};

enum { ZERO_PAGE = -1, HUGE_ZERO_PAGE = -2 };

struct watched {
	int page;			/* index for mmref_sim_page(), or one of the two above */
	char name[24];
};

/* A line of the kernel log; each place logs once, as WARN_ON_ONCE() does. */
struct logged {
	enum mmref_outcome_kind kind;
	const struct mmref_site *site;
	struct mmref_stack stack;
};

struct sequence {
	struct mmref_sim *sim;
	struct env *env;
	const struct mmref_teller *teller;
	const char *checkpoint;
	const char *name[MAX_ACTORS];	/* of the actors; the first is the scenario's own */
	struct actor *actor[MAX_ACTORS];
	struct fiber *fiber[MAX_ACTORS];
	int nr_actors;
	int rcu;			/* the kernel thread's number */
	struct watched watched[MAX_WATCHED];
	int nr_watched;
	struct watched remembered[MAX_REMEMBERED];
	int nr_remembered;
	struct logged logged[MAX_LOGGED];
	int nr_logged;
	const struct mmref_outcome *last;	/* of the last DO, START or WAIT */
	struct mmref_host host;			/* as the search has it, without the call chains */
	struct mmref_stack asleep[MAX_TASKS];	/* of each task, when it last went to sleep */
	struct mmref_stack warning, fatal;	/* of the last violation of each sort */
};

static void act(void *arg)
{
	struct actor *actor = arg;
	const struct exec_thread alone = { .env = actor->env };

	exec_op(&alone, actor->op, &actor->outcome);
}

/* --- call chains: taken on the stack of the task, at no cost to the search ------- */

static struct sequence *sequence_of(struct mmref_host *host)
{
	return ((struct mmref_sim *)host)->teller;
}

static void sleep_with_stack(struct mmref_host *host, const struct mmref_step *step,
			     const struct sleep *sleep)
{
	struct sequence *seq = sequence_of(host);

	stack_unwind(&seq->asleep[current->id]);
	seq->host.sleep(host, step, sleep);
}

static void violation_with_stack(struct mmref_host *host, const struct violation *v)
{
	struct sequence *seq = sequence_of(host);

	stack_unwind(v->kind == MMREF_KERNEL_WARNING ? &seq->warning : &seq->fatal);
	seq->host.violation(host, v);
}

static void keep_stacks(struct sequence *seq)
{
	struct mmref_sim *sim = seq->sim;

	seq->host = sim->host;
	sim->teller = seq;
	sim->host.sleep = sleep_with_stack;
	sim->host.violation = violation_with_stack;
}

/* --- tasks ------------------------------------------------------------------------ */

static void log_line(struct sequence *seq, enum mmref_outcome_kind kind,
		     const struct mmref_site *site)
{
	for (int i = 0; i < seq->nr_logged; i++)
		if (seq->logged[i].site == site)
			return;
	if (seq->nr_logged < MAX_LOGGED)
		seq->logged[seq->nr_logged++] = (struct logged){
			.kind = kind,
			.site = site,
			.stack = kind == MMREF_OUTCOME_WARNING ? seq->warning : seq->fatal,
		};
}

static void step(struct sequence *seq, int task)
{
	sim_step(seq->sim, task);
	if (seq->sim->warning.kind == MMREF_KERNEL_WARNING)
		log_line(seq, MMREF_OUTCOME_WARNING, seq->sim->warning.site);
	if (seq->sim->fiber[task]->task.dead)
		log_line(seq, MMREF_OUTCOME_OOPS, seq->sim->fatal.site);
}

/* The tasks that can run, without the kernel thread that ends grace periods. */
static unsigned int enabled_but_rcu(const struct sequence *seq)
{
	return sim_enabled(seq->sim) & ~(1u << seq->rcu);
}

/*
 * Run all tasks until none can run. A grace period outlasts an operation that does not wait for
 * it: the RCU thread runs only while @actor sleeps.
 */
static void settle(struct sequence *seq, int actor)
{
	const struct task *task = &seq->fiber[actor]->task;

	for (int i = 0; i < MAX_STEPS; i++) {
		unsigned int enabled = enabled_but_rcu(seq);

		if (!enabled && !task->done && !task->dead)
			enabled = sim_enabled(seq->sim);
		if (!enabled || seq->sim->fault.end.reason)
			return;
		step(seq, __builtin_ctz(enabled));
	}
}

static char state_letter(enum sleep_state state)
{
	switch (state) {
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_SPINNING:
		return 'R';
	default:
		return 'D';
	}
}

/* The outcome of the operation of actor @i, so far. */
static const struct mmref_outcome *outcome(struct sequence *seq, int i)
{
	const struct task *task = &seq->fiber[i]->task;
	struct mmref_outcome *outcome = &seq->actor[i]->outcome;

	if (task->dead)
		outcome->kind = MMREF_OUTCOME_DIED;
	else if (!task->done)
		*outcome = (struct mmref_outcome){
			.kind = MMREF_OUTCOME_BLOCKED,
			.state = task->asleep ? state_letter(task->state) : 'R',
			.site = task->asleep,
			.stack = task->asleep ? &seq->asleep[task->id] : NULL,
		};
	return outcome;
}

static void tell(struct sequence *seq, const char *label, const struct mmref_outcome *outcome)
{
	if (label && seq->teller->outcome)
		seq->teller->outcome(seq->teller->cookie, seq->checkpoint, label, outcome);
}

/* The actor called @name, or a new one; -1: there are too many. */
static int find_actor(struct sequence *seq, const char *name)
{
	struct actor *actor;
	struct fiber *fiber;
	int i;

	for (i = 0; i < seq->nr_actors; i++)
		if (!strcmp(seq->name[i], name))
			return i;
	if (i == MAX_ACTORS)
		return -1;
	actor = world_alloc(seq->sim->world, sizeof(*actor));
	fiber = actor ? sim_add_fiber(seq->sim, name, act, actor, false) : NULL;
	if (!fiber)
		return -1;
	fiber->task.done = true;	/* until it gets an operation */
	actor->env = seq->env;
	seq->name[i] = name;
	seq->actor[i] = actor;
	seq->fiber[i] = fiber;
	return seq->nr_actors++;
}

static bool act_out(struct sequence *seq, int i, const struct mmref_op *op)
{
	struct fiber *fiber = seq->fiber[i];

	if (!fiber->task.done)
		return false;
	fiber->task.done = false;
	seq->actor[i]->op = op;
	seq->actor[i]->outcome = (struct mmref_outcome){ 0 };
	sim_start_fiber(seq->sim, fiber);
	settle(seq, i);
	seq->last = outcome(seq, i);
	return true;
}

/* do_exit() of the scenario's processes after an oops; their locks stay locked. */
static void exit_process(struct sequence *seq)
{
	static const struct mmref_op exit = { .kind = MMREF_OP_EXIT, .other = -1 };
	const struct mmref_program *program = seq->env->program;
	int reaper = find_actor(seq, "do_exit");

	for (unsigned int i = 0; reaper >= 0 && i < program->nr_objects; i++) {
		struct mmref_op op = exit;

		if (program->object[i].kind != MMREF_PROCESS || program->object[i].later)
			continue;
		op.object = i;
		if (!act_out(seq, reaper, &op))
			return;
		if (seq->last->kind == MMREF_OUTCOME_BLOCKED)
			tell(seq, "scenario", seq->last);
	}
}

/* Execute one of the scenario's own operations. False: it died or blocks, and the scenario ends. */
static bool do_op(struct sequence *seq, const struct mmref_program_step *step)
{
	act_out(seq, 0, &step->op);
	if (seq->last->kind == MMREF_OUTCOME_DIED) {
		exit_process(seq);
		return false;
	}
	tell(seq, step->label ? step->label : step->op.label, seq->last);
	return seq->last->kind != MMREF_OUTCOME_BLOCKED;
}

static bool start_op(struct sequence *seq, const struct mmref_program_step *step)
{
	int actor = find_actor(seq, step->name);

	if (actor < 0 || !act_out(seq, actor, &step->op))
		return false;
	tell(seq, step->label ? step->label : step->op.label, seq->last);
	return true;
}

static bool wait_for(struct sequence *seq, const struct mmref_program_step *step)
{
	int actor = find_actor(seq, step->name);

	if (actor < 0)
		return false;
	settle(seq, actor);
	seq->last = outcome(seq, actor);
	tell(seq, step->label, seq->last);
	return true;
}

/* The name from the script, or "page+5" for the sixth page of the file. */
static void name_watched(struct watched *watched, const char *label, unsigned int file_page)
{
	if (label)
		snprintf(watched->name, sizeof(watched->name), "%s", label);
	else
		snprintf(watched->name, sizeof(watched->name), "page+%u", file_page);
}

static bool watch(struct sequence *seq, const struct mmref_program_step *step)
{
	const struct mmref_file *file = seq->env->object[step->op.object];

	for (unsigned int i = step->op.page; file && i < step->op.page + step->op.pages; i++) {
		int page = introspect_file_page(seq->sim->world, file->inode, i);

		if (page < 0 || seq->nr_watched == MAX_WATCHED)
			continue;
		seq->watched[seq->nr_watched].page = page;
		name_watched(&seq->watched[seq->nr_watched++], step->label, i);
	}
	return true;
}

static bool remember(struct sequence *seq, const struct mmref_program_step *step)
{
	const struct mmref_file *file = seq->env->object[step->op.object];
	int page = -1;

	if (file)
		page = introspect_file_page(seq->sim->world, file->inode, step->op.page);
	if (page < 0 || seq->nr_remembered == MAX_REMEMBERED)
		return false;
	seq->remembered[seq->nr_remembered].page = page;
	name_watched(&seq->remembered[seq->nr_remembered++], step->label, 0);
	return true;
}

static bool watch_named(struct sequence *seq, const char *name)
{
	struct watched *watched = &seq->watched[seq->nr_watched];

	if (seq->nr_watched == MAX_WATCHED)
		return false;
	name_watched(watched, name, 0);
	if (!strcmp(name, "zeropage"))
		watched->page = ZERO_PAGE;
	else if (!strcmp(name, "hugezero"))
		watched->page = HUGE_ZERO_PAGE;
	for (int i = 0; i < seq->nr_remembered; i++)
		if (!strcmp(seq->remembered[i].name, name))
			*watched = seq->remembered[i];
	seq->nr_watched++;
	return true;
}

static bool tell_of(struct sequence *seq, const struct watched *watched, struct mmref_page *page)
{
	if (watched->page < 0)
		return introspect_zero_page(seq->sim->world, watched->page == HUGE_ZERO_PAGE,
					    page);
	return mmref_sim_page(seq->sim, watched->page, page);
}

static bool checkpoint(struct sequence *seq, const char *name)
{
	seq->checkpoint = name;
	for (int i = 0; i < seq->nr_watched && seq->teller->page; i++) {
		struct mmref_page page;

		if (tell_of(seq, &seq->watched[i], &page))
			seq->teller->page(seq->teller->cookie, name, seq->watched[i].name, &page);
	}
	return true;
}

static bool failed(const struct mmref_outcome *outcome)
{
	return outcome->kind == MMREF_OUTCOME_ERROR || outcome->kind == MMREF_OUTCOME_SIGBUS;
}

/* Execute @step; *@skip is the number of steps to skip after it. False: the scenario ends. */
static bool take(struct sequence *seq, const struct mmref_program_step *step, unsigned int *skip)
{
	*skip = 0;
	switch (step->kind) {
	case MMREF_STEP_DO:
		return do_op(seq, step);
	case MMREF_STEP_START:
		return start_op(seq, step);
	case MMREF_STEP_WAIT:
		return wait_for(seq, step);
	case MMREF_STEP_CHECKPOINT:
		return checkpoint(seq, step->name);
	case MMREF_STEP_WATCH:
		return watch(seq, step);
	case MMREF_STEP_REMEMBER:
		return remember(seq, step);
	case MMREF_STEP_WATCH_NAMED:
		return watch_named(seq, step->label);
	case MMREF_STEP_UNWATCH:
		seq->nr_watched = 0;
		return true;
	case MMREF_STEP_IF_BLOCKED:
		*skip = seq->last && seq->last->kind == MMREF_OUTCOME_BLOCKED ? 0 : step->skip;
		return true;
	case MMREF_STEP_IF_FAILED:
		*skip = seq->last && failed(seq->last) ? 0 : step->skip;
		return true;
	case MMREF_STEP_SKIP:
		*skip = step->skip;
		return true;
	}
	return false;
}

static void tell_log(struct sequence *seq)
{
	for (int i = 0; i < seq->nr_logged; i++) {
		struct mmref_outcome line = {
			.kind = seq->logged[i].kind,
			.site = seq->logged[i].site,
			.stack = &seq->logged[i].stack,
		};

		tell(seq, "(kernel log)", &line);
	}
}

static bool prepare(struct sequence *seq, const struct mmref_program *program)
{
	struct fiber *rcu;

	seq->sim->ends_run = false;
	keep_stacks(seq);
	seq->env = env_build(seq->sim->world, program);
	if (!seq->env || find_actor(seq, "scenario") < 0)
		return false;
	rcu = sim_add_fiber(seq->sim, "rcu", rcu_do_batch, NULL, true);
	if (!rcu)
		return false;
	seq->rcu = rcu->task.id;
	sim_start_fiber(seq->sim, rcu);
	return true;
}

struct taking {
	struct sequence *seq;
	const struct mmref_program *program;
	bool prepared;
};

static void take_all(void *arg)
{
	struct taking *taking = arg;
	struct sequence *seq = taking->seq;
	unsigned int skip;

	taking->prepared = prepare(seq, taking->program);
	for (unsigned int i = 0; taking->prepared && i < taking->program->nr_steps; i += 1 + skip)
		if (!take(seq, &taking->program->step[i], &skip) || seq->sim->fault.end.reason)
			return;
}

/* Functions of a rule set that is not mmref's own may go wrong. */
static bool take_all_guarded(struct taking *taking)
{
	struct mmref_sim *sim = taking->seq->sim;
	bool good;

	sim_forget_fault(sim);
	guard_watch(0, &sim->interrupted);
	good = guard_call(take_all, taking) && !sim->fault.end.reason;
	guard_unwatch();
	return good;
}

static bool take_steps(struct sequence *seq, const struct mmref_program *program)
{
	struct taking taking = { .seq = seq, .program = program };

	if (!seq->sim->foreign_rules)
		take_all(&taking);
	else if (!take_all_guarded(&taking))
		return false;
	if (taking.prepared)
		tell_log(seq);
	return taking.prepared;
}

int mmref_take_steps(const struct mmref_program *program, const struct mmref_rules *rules,
		     const struct mmref_teller *teller)
{
	static const struct mmref_teller nobody;
	struct sequence *seq = program && rules ? calloc(1, sizeof(*seq)) : NULL;
	int err = -1;

	if (!seq)
		return -1;
	seq->teller = teller ? teller : &nobody;
	seq->checkpoint = "-";
	seq->sim = mmref_sim_new(rules);
	if (seq->sim && program->nr_steps && take_steps(seq, program))
		err = 0;
	mmref_sim_free(seq->sim);
	free(seq);
	return err;
}
