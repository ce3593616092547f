/* SPDX-License-Identifier: MIT */
/* Writing a schedule down, and holding it against a simulation again. */
#include "report/schedule.h"

#include "explore/whole_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_TEXT	160

/* Is some task called @name? */
static bool is_task_name(struct mmref_sim *sim, const char *name)
{
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++)
		if (!strcmp(mmref_sim_task_name(sim, i), name))
			return true;
	return false;
}

/*
 * The name of @task; of several with the same name all but the first are numbered: "rcu/2". A
 * number with which it would be another's name is passed over.
 */
static void task_label(struct mmref_sim *sim, int task, char *text)
{
	const char *name = mmref_sim_task_name(sim, task);
	int nth = 1;

	snprintf(text, NAME_TEXT, "%s", name);
	for (int i = 0; i < task; i++)
		if (!strcmp(mmref_sim_task_name(sim, i), name))
			do
				snprintf(text, NAME_TEXT, "%s/%d", name, ++nth);
			while (is_task_name(sim, text));
}

static void step_label(const struct mmref_site *site, char *text)
{
	snprintf(text, NAME_TEXT, "%s: %s", mmref_site_function(site), site->verb);
}

/* --- saving ----------------------------------------------------------------- */

struct seen_sites {
	const struct mmref_site **site;	/* of each step */
	size_t length;
};

static void see_site(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct seen_sites *seen = cookie;

	(void)task;
	if (number >= 1 && number <= seen->length)
		seen->site[number - 1] = step->site;
}

static void write_parts(FILE *out, struct mmref_sim *sim, const struct mmref_schedule *schedule,
			const struct seen_sites *seen)
{
	char task[NAME_TEXT], first[NAME_TEXT];

	for (size_t from = 0, to; from < schedule->length; from = to) {
		to = from + 1;
		while (to < schedule->length && schedule->tasks[to] == schedule->tasks[from])
			to++;
		task_label(sim, schedule->tasks[from], task);
		snprintf(first, sizeof(first), "-");
		if (seen->site[from])
			step_label(seen->site[from], first);
		fprintf(out, "%s\t%zu\t%s\n", task, to - from, first);
	}
}

bool schedule_write(FILE *out, const char *scenario, const char *rules, struct mmref_sim *sim,
		    const struct mmref_schedule *schedule)
{
	struct seen_sites seen = { .length = schedule->length };
	struct mmref_observer observer = { .cookie = &seen, .step = see_site };

	seen.site = calloc(schedule->length + 1, sizeof(*seen.site));
	if (!seen.site)
		return false;
	mmref_replay(sim, schedule, &observer);
	fprintf(out, "mmref schedule 1\nscenario %s\nrules %s\n", scenario, rules);
	write_parts(out, sim, schedule, &seen);
	free(seen.site);
	return !ferror(out);
}

bool schedule_save(const char *file, const char *scenario, const char *rules,
		   struct mmref_sim *sim, const struct mmref_schedule *schedule)
{
	struct whole_file whole;

	return whole_file_begin(&whole, file) &&
	       whole_file_end(&whole, schedule_write(whole.out, scenario, rules, sim, schedule));
}

void schedule_free(struct saved_schedule *saved)
{
	if (!saved)
		return;
	for (size_t i = 0; i < saved->nr_parts; i++) {
		free(saved->part[i].task);
		free(saved->part[i].first);
	}
	free(saved->part);
	free(saved->schedule.tasks);
	free(saved->scenario);
	free(saved->rules);
	free(saved->file);
	free(saved);
}

/* --- running it again -------------------------------------------------------- */

static int find_task(struct mmref_sim *sim, const char *wanted)
{
	char label[NAME_TEXT];

	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++) {
		task_label(sim, i, label);
		if (!strcmp(label, wanted))
			return i;
	}
	return -1;
}

static void list_tasks(struct mmref_sim *sim, char *text, size_t size)
{
	char label[NAME_TEXT];

	text[0] = '\0';
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++) {
		task_label(sim, i, label);
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? ", " : "", label);
	}
}

bool schedule_bind(struct saved_schedule *saved, struct mmref_sim *sim, char *error, size_t size)
{
	const struct mmref_schedule nothing = { .length = 0 };
	struct mmref_schedule *schedule = &saved->schedule;
	size_t length = 0;

	/* The model's own kernel threads are there once a run has begun. */
	mmref_replay(sim, &nothing, NULL);
	for (size_t i = 0; i < saved->nr_parts; i++)
		length += saved->part[i].length;
	free(schedule->tasks);
	schedule->length = 0;
	schedule->tasks = malloc(length ? length : 1);
	if (!schedule->tasks) {
		snprintf(error, size, "%s: no memory for %zu steps", saved->file, length);
		return false;
	}

	for (size_t i = 0; i < saved->nr_parts; i++) {
		const struct schedule_part *part = &saved->part[i];
		int task = find_task(sim, part->task);
		char tasks[256];

		if (task < 0) {
			list_tasks(sim, tasks, sizeof(tasks));
			snprintf(error, size, "%s:%d: the scenario has no task '%s'; it has %s",
				 saved->file, part->line, part->task, tasks);
			return false;
		}
		memset(schedule->tasks + schedule->length, task, part->length);
		schedule->length += part->length;
	}
	return true;
}

/* What a silent run of a saved schedule is held against. */
struct fitting {
	const struct saved_schedule *saved;
	size_t part;		/* the one that the next step belongs to */
	size_t begins;		/* number of its first step */
	enum mmref_violation ends;	/* the run; a warning does not */
	char *error;		/* empty as long as all fits */
	size_t size;
};

static void fit_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct fitting *fitting = cookie;
	const struct saved_schedule *saved = fitting->saved;
	const struct schedule_part *part = &saved->part[fitting->part];
	char now[NAME_TEXT];

	(void)task;
	while (fitting->part + 1 < saved->nr_parts && number >= fitting->begins + part->length) {
		fitting->begins += part->length;
		part = &saved->part[++fitting->part];
	}
	if (fitting->error[0] || number != fitting->begins || !strcmp(part->first, "-"))
		return;
	step_label(step->site, now);
	if (strcmp(part->first, now))
		snprintf(fitting->error, fitting->size,
			 "%s:%d: no longer fits: step %zu of the run, by %s, was '%s' and is "
			 "'%s' now", saved->file, part->line, number, part->task, part->first,
			 now);
}

static void fit_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct fitting *fitting = cookie;

	(void)task;
	if (mmref_violation_ends_run(found->violation))
		fitting->ends = found->violation;
}

/* The part that step @number, from 1, belongs to. */
static const struct schedule_part *part_of(const struct saved_schedule *saved, size_t number)
{
	size_t end = 0, i = 0;

	while (i + 1 < saved->nr_parts && number > (end += saved->part[i].length))
		i++;
	return &saved->part[i];
}

bool schedule_fits(const struct saved_schedule *saved, struct mmref_sim *sim, char *error,
		   size_t size)
{
	struct fitting fitting = { .saved = saved, .begins = 1, .error = error, .size = size };
	struct mmref_observer observer = {
		.cookie = &fitting,
		.step = fit_step,
		.violation = fit_violation,
	};
	size_t steps;

	error[0] = '\0';
	steps = mmref_replay(sim, &saved->schedule, &observer);
	if (!error[0] && steps < saved->schedule.length) {
		const struct schedule_part *part = part_of(saved, steps + 1);

		if (fitting.ends)
			snprintf(error, size, "%s:%d: no longer fits: the run ends in %s at step "
				 "%zu", saved->file, part->line,
				 mmref_violation_name(fitting.ends), steps);
		else
			snprintf(error, size, "%s:%d: no longer fits: %s cannot take step %zu of "
				 "the run, it sleeps or has ended", saved->file, part->line,
				 part->task, steps + 1);
	}
	return !error[0];
}
