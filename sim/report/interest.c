/* SPDX-License-Identifier: MIT */
#include "report/interest.h"

#include <string.h>

void interest_begin(struct interest *interest)
{
	memset(interest, 0, sizeof(*interest));
	interest->last_task = -1;
}

/* Where the others sleep at the first step they wait for their work, which is no news. */
bool sleep_changed(const struct interest *interest, struct mmref_sim *sim, int task, int by)
{
	bool first = interest->last_task < 0;

	return interest->asleep[task] != !!mmref_sim_asleep(sim, task) && (task == by || !first);
}

static bool somebody_fell_asleep_or_woke(const struct interest *interest, struct mmref_sim *sim,
					 int by)
{
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++)
		if (sleep_changed(interest, sim, i, by))
			return true;
	return false;
}

/* Who looks at a count acts on it. */
static bool looks_at_a_count(const struct told *told, const struct mmref_step *step)
{
	int page = mmref_sim_page_of(told->sim, step->object);
	char text[96];
	const char *last;

	if (page < 0 || !columns_show(told->columns, (unsigned int)page))
		return false;
	mmref_sim_describe(told->sim, step->object, text, sizeof(text));
	last = strrchr(text, ' ');
	return last && !strcmp(last, " refcount");
}

static bool changed_pages(const struct told *told)
{
	for (unsigned int i = 0; i < told->holders->nr_pages; i++)
		if (holders_page_changed(told->holders, i))
			return true;
	return false;
}

/* Marks of entries are of interest where a store is lost, and have a column there. */
static bool changed_files(const struct interest *interest, const struct told *told)
{
	const struct history *history = told->history;

	for (size_t i = interest->changes; i < history->nr_changes; i++) {
		const struct page_inside *was = &history->changes[i].before.inside;
		const struct page_inside *now = &history->changes[i].after.inside;

		if (was->files != now->files || was->entries != now->entries ||
		    told->columns->has[CELL_DIRTY])
			return true;
	}
	return false;
}

bool is_of_interest(const struct interest *interest, const struct told *told, int task,
		    const struct mmref_step *step)
{
	return changed_pages(told) || changed_files(interest, told) ||
	       told->history->nr_pgmap_changes != interest->pgmap_changes ||
	       somebody_fell_asleep_or_woke(interest, told->sim, task) ||
	       looks_at_a_count(told, step);
}

void interest_step(struct interest *interest, struct mmref_sim *sim, const struct history *history,
		   int task)
{
	for (int i = 0; i < (int)mmref_sim_nr_tasks(sim); i++)
		interest->asleep[i] = mmref_sim_asleep(sim, i);
	interest->changes = history->nr_changes;
	interest->pgmap_changes = history->nr_pgmap_changes;
	interest->last_task = task;
}
