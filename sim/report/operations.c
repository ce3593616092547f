/* SPDX-License-Identifier: MIT */
#include "report/operations.h"

#include <stdlib.h>
#include <string.h>

void operations_note(struct operations *operations, int task, const char *name)
{
	struct task_operations *of = &operations->task[task];
	char *event;

	/* Where there is no room for both its begin and its end, neither is told. */
	if (of->left_out || (name && of->nr_events >= MOST_EVENTS - 1)) {
		of->left_out = name;
		return;
	}
	event = of->event[of->nr_events++];
	event[0] = '\0';
	if (name)
		strncat(event, name, OPERATION_TEXT - 1);
}

/* A copy of @text that lasts, the same for the same text; NULL without memory. */
static const char *lasting(struct operations *operations, const char *text)
{
	for (size_t i = 0; i < operations->nr_names; i++)
		if (!strcmp(operations->name[i], text))
			return operations->name[i];
	if (operations->nr_names == operations->room) {
		size_t room = operations->room ? 2 * operations->room : 16;
		void *grown = realloc(operations->name, room * sizeof(*operations->name));

		if (!grown)
			return NULL;
		operations->name = grown;
		operations->room = room;
	}
	operations->name[operations->nr_names] = strdup(text);
	return operations->name[operations->nr_names++];
}

bool operations_next(struct operations *operations, int task, const char **name)
{
	struct task_operations *of = &operations->task[task];

	if (!of->nr_events)
		return false;
	of->current = of->event[0][0] ? lasting(operations, of->event[0]) : NULL;
	of->nr_events--;
	memmove(of->event[0], of->event[1], of->nr_events * sizeof(of->event[0]));
	*name = of->current;
	return true;
}

/* What a task began before its first step, that step is part of. */
const char *operations_of_step(struct operations *operations, int task)
{
	struct task_operations *of = &operations->task[task];
	const char *name;

	if (!of->stepped)
		operations_next(operations, task, &name);
	of->stepped = true;
	return of->current;
}

void operations_free(struct operations *operations)
{
	for (size_t i = 0; i < operations->nr_names; i++)
		free(operations->name[i]);
	free(operations->name);
	memset(operations, 0, sizeof(*operations));
}
