/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "ops/ops.h"

static void tell(const char *name)
{
	if (current->host->operation)
		current->host->operation(current->host, name);
}

bool operation_begin(const char *name)
{
	if (current->operation)
		return false;
	current->operation = name;
	tell(name);
	return true;
}

void operation_end(bool begun)
{
	if (!begun)
		return;
	current->operation = NULL;
	POKE_SHARED(current->signal_pending, false);	/* exit_to_user_mode_loop(): the handler runs */
	tell(NULL);
}

/* kill(), of a signal that is handled. */
static int send_signal(const char *name)
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
	return OPERATION("signal", send_signal(thread));
}
