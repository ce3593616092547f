/* SPDX-License-Identifier: MIT */
#include "report/operations.h"

#include <stdlib.h>
#include <string.h>

void operations_note(struct operations *operations, int task, const char *name,
		     const struct mmref_outcome *outcome)
{
	struct task_operations *of = &operations->task[task];
	struct noted_event *event;

	/* Where there is no room for both its begin and its end, neither is told. */
	if (of->left_out || (name && of->nr_events >= MOST_EVENTS - 1)) {
		of->left_out = name;
		return;
	}
	event = &of->event[of->nr_events++];
	event->begins[0] = '\0';
	if (name)
		strncat(event->begins, name, OPERATION_TEXT - 1);
	else
		event->outcome = *outcome;
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

bool operations_next(struct operations *operations, int task, struct operation_event *event)
{
	struct task_operations *of = &operations->task[task];
	const struct noted_event *next = &of->event[0];

	if (!of->nr_events)
		return false;
	of->current = next->begins[0] ? lasting(operations, next->begins) : NULL;
	*event = (struct operation_event){ .begins = of->current, .outcome = next->outcome };
	of->nr_events--;
	memmove(&of->event[0], &of->event[1], of->nr_events * sizeof(of->event[0]));
	return true;
}

/* What a task began before its first step, that step is part of. */
const char *operations_of_step(struct operations *operations, int task)
{
	struct task_operations *of = &operations->task[task];
	struct operation_event event;

	if (!of->stepped)
		operations_next(operations, task, &event);
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
