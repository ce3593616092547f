/* SPDX-License-Identifier: MIT */
#include "report/step_filter.h"

#include <string.h>

void step_filter_begin(struct step_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->last_task = -1;
}

/* A task that sleeps before the first step waits for work: not worth a line. */
bool sleep_changed(const struct step_filter *filter, struct mmref_sim *sim, int task, int by)
{
	bool first = filter->last_task < 0;

	return filter->asleep[task] != !!mmref_sim_asleep(sim, task) && (task == by || !first);
}

static bool somebody_fell_asleep_or_woke(const struct step_filter *filter, struct mmref_sim *sim,
					 int by)
{
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++)
		if (sleep_changed(filter, sim, i, by))
			return true;
	return false;
}

/* A task that reads a count acts on it. */
static bool looks_at_a_count(const struct run_view *run, const struct mmref_step *step)
{
	int page = mmref_sim_page_of(run->sim, step->object);
	char text[96];
	const char *last;

	if (page < 0 || !columns_show(run->columns, (unsigned int)page))
		return false;
	mmref_sim_describe(run->sim, step->object, text, sizeof(text));
	last = strrchr(text, ' ');
	return last && !strcmp(last, " refcount");
}

static bool changed_pages(const struct run_view *run)
{
	for (unsigned int i = 0; i < run->holders->nr_pages; i++)
		if (holders_page_changed(run->holders, i))
			return true;
	return false;
}

/* Marks of entries matter if a store is lost; they have a column then. */
static bool changed_files(const struct step_filter *filter, const struct run_view *run)
{
	const struct history *history = run->history;

	for (size_t i = filter->changes; i < history->nr_changes; i++) {
		const struct page_inside *was = &history->changes[i].before.inside;
		const struct page_inside *now = &history->changes[i].after.inside;

		if (was->files != now->files || was->entries != now->entries ||
		    run->columns->has[CELL_DIRTY])
			return true;
	}
	return false;
}

bool step_filter_shows(const struct step_filter *filter, const struct run_view *run, int task,
		    const struct mmref_step *step)
{
	return changed_pages(run) || changed_files(filter, run) ||
	       run->history->nr_pgmap_changes != filter->pgmap_changes ||
	       somebody_fell_asleep_or_woke(filter, run->sim, task) ||
	       looks_at_a_count(run, step);
}

void step_filter_step(struct step_filter *filter, struct mmref_sim *sim,
		      const struct history *history, int task)
{
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++)
		filter->asleep[i] = mmref_sim_asleep(sim, i);
	filter->changes = history->nr_changes;
	filter->pgmap_changes = history->nr_pgmap_changes;
	filter->last_task = task;
}
