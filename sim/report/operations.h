/* SPDX-License-Identifier: MIT */
/*
 * Which operation a step belongs to. A step runs from its access to the next announcement, so
 * a task reports the end of an operation, and the beginning of the next, before the observer sees
 * the last step of the first. It reports them on its own small stack: they are queued there, and
 * handled after the step.
 */
#ifndef REPORT_OPERATIONS_H
#define REPORT_OPERATIONS_H

#include <mmref/explore.h>

#include <stdbool.h>
#include <stddef.h>

#define MOST_TASKS	256	/* a schedule names tasks in a byte */
#define MOST_EVENTS	64	/* in one step: operations without steps come all at once */
#define OPERATION_TEXT	80

struct noted_event {
	char begins[OPERATION_TEXT];	/* empty: an end */
	struct mmref_outcome outcome;	/* of which this came */
};

struct task_operations {
	struct noted_event event[MOST_EVENTS];
	unsigned int nr_events;
	bool left_out;	/* the operation that was begun last */
	bool stepped;
	const char *current;
};

struct operations {
	struct task_operations task[MOST_TASKS];
	char **name;		/* every one met; they last as long as this does */
	size_t nr_names, room;
};

/* An operation that a task began, or one that it ended. */
struct operation_event {
	const char *begins;		/* NULL: an end */
	struct mmref_outcome outcome;	/* of which this came */
};

/* For an observer's ->operation. */
void operations_note(struct operations *operations, int task, const char *name,
		     const struct mmref_outcome *outcome);
/* For its ->step: the operation that the step is part of, or NULL. */
const char *operations_of_step(struct operations *operations, int task);
/* Then, until it is false: the next that @task began or ended once the step was made. */
bool operations_next(struct operations *operations, int task, struct operation_event *event);
void operations_free(struct operations *operations);

#endif
