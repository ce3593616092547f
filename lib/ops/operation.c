/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mmref/kernel.h>

#include "kernel/host.h"
#include "ops/ops.h"
#include "world.h"

const char *const op_names[MMREF_NR_OPS] = {
#define MMREF_OP(NAME, word, OBJECT, arguments, RESULT, call) [MMREF_OP_##NAME] = word,
#include <mmref/operations.def>
};

const char *mmref_op_name(enum mmref_op_kind kind)
{
	return (unsigned int)kind < MMREF_NR_OPS ? op_names[kind] : "?";
}

_Thread_local struct set_up *setting_up;

struct set_up *scene_of_caller(void)
{
	return setting_up && setting_up->task == current_task ? setting_up : NULL;
}

void scene_fails(struct set_up *scene, const char *format, ...)
{
	va_list args;

	if (!scene)
		scene = scene_of_caller();
	if (!scene || scene->broken)
		return;
	va_start(args, format);
	vsnprintf(scene->error, sizeof(scene->error), format, args);
	va_end(args);
}

/* Real threads (mmref stress) run in no simulation: there both are NULL. */
bool belongs_to(const struct mmref_sim *sim)
{
	if (current_task && current_task->host->sim == sim)
		return true;
	scene_fails(NULL, "the simulation is not the one that the caller sets or runs in");
	return false;
}

/* In the scene nobody looks at outcomes but the caller. */
static void keep_error(struct set_up *scene, const struct mmref_outcome *outcome)
{
	scene->in_call = false;
	if (outcome->kind == MMREF_OUTCOME_SIGBUS)
		scene_fails(scene, "%s: SIGBUS", scene->operation);
	else if (outcome->kind == MMREF_OUTCOME_ERROR)
		scene_fails(scene, "%s: %s", scene->operation, strerror(-outcome->value));
}

static void tell(const char *name, const struct mmref_outcome *outcome)
{
	if (current->host->operation)
		current->host->operation(current->host, name, outcome);
}

bool operation_begin(const char *name)
{
	if (current->in_operation)
		return false;
	current->in_operation = true;
	if (scene_of_caller())
		scene_of_caller()->operation = name;
	tell(name, NULL);
	return true;
}

void operation_end(bool begun, struct mmref_outcome outcome)
{
	if (!begun)
		return;
	current->in_operation = false;
	if (scene_of_caller())
		keep_error(scene_of_caller(), &outcome);
	POKE_SHARED(current->signal_pending, false);	/* exit_to_user_mode_loop(): the handler runs */
	tell(NULL, &outcome);
}

struct mmref_outcome outcome_of(int result)
{
	return (struct mmref_outcome){
		.kind = result < 0 ? MMREF_OUTCOME_ERROR : MMREF_OUTCOME_DONE,
		.value = result,
	};
}

struct mmref_outcome outcome_of_making(const void *made)
{
	return outcome_of(IS_ERR(made) ? (int)PTR_ERR(made) : 0);
}

struct mmref_outcome outcome_of_byte(int result)
{
	if (result < 0)
		return outcome_of(result);
	return (struct mmref_outcome){ .kind = MMREF_OUTCOME_READ, .value = result };
}

static const struct mmref_outcome sigbus = { .kind = MMREF_OUTCOME_SIGBUS };

struct mmref_outcome outcome_of_load(int result)
{
	return result == -EIO ? sigbus : outcome_of_byte(result);
}

struct mmref_outcome outcome_of_store(int result)
{
	if (result == -EIO)
		return sigbus;
	return result < 0 ? outcome_of(result) :
			    (struct mmref_outcome){ .kind = MMREF_OUTCOME_WROTE };
}

/* kill(), of a signal that is handled. */
static int kill_pid_info(const char *name)
{
	struct task *found = NULL;

	for (int i = 0; i < MAX_TASKS; i++) {
		struct task *task = PEEK(current->world->tasks[i]);

		if (!task || strcmp(task->name, name) != 0)
			continue;
		if (found)
			return -EINVAL;
		found = task;
	}
	return found && signal_wake_up(found) ? 0 : -ESRCH;
}

int mmref_signal(const char *thread)
{
	return OPERATION(SIGNAL, thread ? kill_pid_info(thread) : -EINVAL);
}
