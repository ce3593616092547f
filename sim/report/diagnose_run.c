/* SPDX-License-Identifier: MIT */
/* Replays a run only to find its causes, without printing it. */
#include "report/diagnose.h"

#include <stdlib.h>

struct run {
	struct mmref_sim *sim;
	struct operations operations;
	struct holders holders;
	struct history history;
	struct run_end end;
};

static void on_operation(void *cookie, int task, const char *operation,
			 const struct mmref_outcome *outcome)
{
	operations_note(&((struct run *)cookie)->operations, task, operation, outcome);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct run *run = cookie;
	const char *operation = operations_of_step(&run->operations, task);
	struct operation_event event;

	holders_step(&run->holders, run->sim, number, task, step->site, operation);
	history_step(&run->history, task, step, operation);
	while (operations_next(&run->operations, task, &event))
		;
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct run *run = cookie;

	run_end_violation(&run->end, task, found);
	history_violation(&run->history, found->violation);
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	run_end_asleep(&((struct run *)cookie)->end, task, site);
}

void find_causes_of_run(struct causes *causes, struct mmref_sim *sim,
		      const struct mmref_schedule *schedule)
{
	struct run *run = calloc(1, sizeof(*run));
	struct mmref_observer observer = {
		.cookie = run,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};

	*causes = (struct causes){ .nr = 0 };
	if (!run)
		return;
	run->sim = sim;
	holders_begin(&run->holders, sim);
	history_begin(&run->history, sim);
	mmref_replay(sim, schedule, &observer);
	find_causes(causes, &run->end, &run->holders, &run->history);
	holders_end(&run->holders);
	history_end(&run->history);
	operations_free(&run->operations);
	free(run);
}
