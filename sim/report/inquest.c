/* SPDX-License-Identifier: MIT */
#include "report/inquest.h"

#include <stdarg.h>
#include <string.h>

/* --- lines ----------------------------------------------------------------- */

struct culprit *new_line(struct inquest *q, const char *role)
{
	struct culprit *line;

	if (q->culprits->nr == MOST_CULPRITS)
		return NULL;
	line = &q->culprits->line[q->culprits->nr++];
	*line = (struct culprit){ .role = role, .task = -1 };
	return line;
}

void say(struct culprit *line, const char *format, ...)
{
	size_t length = line ? strlen(line->what) : 0;
	va_list args;

	if (!line)
		return;
	va_start(args, format);
	vsnprintf(line->what + length, sizeof(line->what) - length, format, args);
	va_end(args);
}

/* A line of step @number; of what was before the first where it is 0. */
struct culprit *line_of(struct inquest *q, const char *role, size_t number)
{
	struct culprit *line = new_line(q, role);
	const struct told_step *step;

	if (!line || !number || number > q->history->nr_steps)
		return line;
	step = &q->history->steps[number - 1];
	line->number = number;
	line->task = step->task;
	line->site = step->site;
	if (step->operation)
		strncat(line->operation, step->operation, sizeof(line->operation) - 1);
	return line;
}

bool is_told(const struct inquest *q, const char *role, size_t number)
{
	for (unsigned int i = 0; i < q->culprits->nr; i++)
		if (q->culprits->line[i].number == number &&
		    !strcmp(q->culprits->line[i].role, role))
			return true;
	return false;
}

/* What has become of the task of @line since, as far as it can do nothing more. */
void say_what_became(struct inquest *q, struct culprit *line)
{
	const struct ending *ending = q->ending;

	if (!line || line->task < 0)
		return;
	if (sim_task_has_returned(q->sim, line->task))
		say(line, "; %s has returned", mmref_sim_task_name(q->sim, line->task));
	if (sim_task_has_died(q->sim, line->task))
		say(line, "; %s has died", mmref_sim_task_name(q->sim, line->task));
	for (unsigned int i = 0; i < ending->nr_sleepers; i++)
		if (ending->sleeper[i].task == line->task)
			say(line, "; %s is asleep", mmref_sim_task_name(q->sim, line->task));
}

/* The last change of @page up to step @until that is such; NULL where there is none. */
const struct page_change *last_change(const struct inquest *q, unsigned int page, size_t until,
				      change_test is_such)
{
	for (size_t i = q->history->nr_changes; i-- > 0;) {
		const struct page_change *change = &q->history->changes[i];

		if (change->page == page && change->number <= until && is_such(change))
			return change;
	}
	return NULL;
}

/* The same, by another task than took step @until. */
const struct page_change *last_of_another(const struct inquest *q, unsigned int page, size_t until,
					  change_test is_such)
{
	const struct told_step *steps = q->history->steps;
	const struct page_change *change = last_change(q, page, until, is_such);

	while (change && steps[change->number - 1].task == steps[until - 1].task)
		change = change->number > 1 ? last_change(q, page, change->number - 1, is_such)
					    : NULL;
	return change;
}

void say_count(struct culprit *line, const struct page_change *change)
{
	say(line, "refcount %d->%d of page %u", change->before.page.refcount,
	    change->after.page.refcount, change->page);
}

/* --- who holds, who maps ------------------------------------------------------ */

static void tell_holding(struct inquest *q, const char *role, const struct holding *holding)
{
	struct culprit *line = line_of(q, role, holding->number);

	say(line, "%d of the count of page %u, as %s", holding->units, holding->page,
	    mmref_holder_name(holding->holder));
	say_what_became(q, line);
}

void tell_holdings(struct inquest *q, const char *role, unsigned int page, unsigned int holders)
{
	for (size_t i = 0; i < q->holders->nr_holdings; i++) {
		const struct holding *holding = &q->holders->holdings[i];

		if (holding->page == page && holders >> holding->holder & 1)
			tell_holding(q, role, holding);
	}
}

/* The steps that wrote the entries that name a page, as far as nobody cleared them. */
struct mappers {
	struct {
		size_t number;		/* 0: before the first step */
		const volatile void *entry;
		int times;
	} by[MOST_CULPRITS];
	unsigned int nr;
	int before;			/* entries from before the first step */
	bool unsure;
};

static void note_mapped(struct mappers *mappers, const struct page_change *change,
			const volatile void *entry, int times)
{
	if (mappers->nr == MOST_CULPRITS) {
		mappers->unsure = true;
		return;
	}
	mappers->by[mappers->nr].number = change->number;
	mappers->by[mappers->nr].entry = entry;
	mappers->by[mappers->nr++].times = times;
}

/* An entry is cleared where it was written; else it is from before, if any can be. */
static void note_cleared(struct mappers *mappers, const volatile void *entry, int times)
{
	for (unsigned int i = mappers->nr; i-- > 0;) {
		if (mappers->by[i].entry != entry || mappers->by[i].times != times)
			continue;
		mappers->by[i].times = 0;
		return;
	}
	if (mappers->before < times)
		mappers->unsure = true;
	mappers->before -= times;
}

static void find_mappers(const struct inquest *q, unsigned int page, struct mappers *mappers)
{
	int mapped = q->history->pages[page].page.mapped;

	*mappers = (struct mappers){ .before = mapped };
	for (size_t i = q->history->nr_changes; i-- > 0;)
		if (q->history->changes[i].page == page)
			mappers->before = q->history->changes[i].before.page.mapped;
	for (size_t i = 0; i < q->history->nr_changes; i++) {
		const struct page_change *change = &q->history->changes[i];
		int times = change->after.page.mapped - change->before.page.mapped;
		const volatile void *entry = q->history->steps[change->number - 1].object;

		if (change->page == page && times > 0)
			note_mapped(mappers, change, entry, times);
		else if (change->page == page && times < 0)
			note_cleared(mappers, entry, -times);
	}
}

void tell_mappers(struct inquest *q, unsigned int page)
{
	struct mappers mappers;

	find_mappers(q, page, &mappers);
	if (mappers.unsure)
		return;
	if (mappers.before)
		say(line_of(q, "mapped", 0), "page %u, which %d page table %s", page,
		    mappers.before,
		    mappers.before == 1 ? "entry still names" : "entries still name");
	for (unsigned int i = 0; i < mappers.nr; i++)
		if (mappers.by[i].times)
			say(line_of(q, "mapped", mappers.by[i].number),
			    "page %u, which the entry still names", page);
}
