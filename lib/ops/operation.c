/* SPDX-License-Identifier: MIT */
#include <errno.h>
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

bool belongs_to(const struct mmref_sim *sim)
{
	return current_task && current_task->host->sim == sim;
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
	tell(name, NULL);
	return true;
}

void operation_end(bool begun, struct mmref_outcome outcome)
{
	if (!begun)
		return;
	current->in_operation = false;
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
	return OPERATION(SIGNAL, kill_pid_info(thread));
}
