/* SPDX-License-Identifier: MIT */
#include "report/diagnosis.h"

#include <stdarg.h>
#include <string.h>

/* --- causes ------------------------------------------------------------------ */

struct cause *new_cause(struct diagnosis *d, const char *role)
{
	struct cause *cause;

	if (d->causes->nr == MOST_CAUSES)
		return NULL;
	cause = &d->causes->cause[d->causes->nr++];
	*cause = (struct cause){ .role = role, .task = -1 };
	return cause;
}

void say(struct cause *cause, const char *format, ...)
{
	size_t length = cause ? strlen(cause->what) : 0;
	va_list args;

	if (!cause)
		return;
	va_start(args, format);
	vsnprintf(cause->what + length, sizeof(cause->what) - length, format, args);
	va_end(args);
}

struct cause *cause_of_step(struct diagnosis *d, const char *role, size_t number)
{
	struct cause *cause = new_cause(d, role);
	const struct step_record *step;

	if (!cause || !number || number > d->history->nr_steps)
		return cause;
	step = &d->history->steps[number - 1];
	cause->number = number;
	cause->task = step->task;
	cause->site = step->site;
	if (step->operation)
		strncat(cause->operation, step->operation, sizeof(cause->operation) - 1);
	return cause;
}

bool has_cause(const struct diagnosis *d, const char *role, size_t number)
{
	for (unsigned int i = 0; i < d->causes->nr; i++)
		if (d->causes->cause[i].number == number &&
		    !strcmp(d->causes->cause[i].role, role))
			return true;
	return false;
}

void say_fate(struct diagnosis *d, struct cause *cause)
{
	const struct run_end *end = d->end;

	if (!cause || cause->task < 0)
		return;
	if (sim_task_has_returned(d->sim, cause->task))
		say(cause, "; %s has returned", mmref_sim_task_name(d->sim, cause->task));
	if (sim_task_has_died(d->sim, cause->task))
		say(cause, "; %s has died", mmref_sim_task_name(d->sim, cause->task));
	for (unsigned int i = 0; i < end->nr_sleepers; i++)
		if (end->sleeper[i].task == cause->task)
			say(cause, "; %s is asleep", mmref_sim_task_name(d->sim, cause->task));
}

const struct page_change *last_change(const struct diagnosis *d, unsigned int page, size_t until,
				      change_test is_such)
{
	for (size_t i = d->history->nr_changes; i-- > 0;) {
		const struct page_change *change = &d->history->changes[i];

		if (change->page == page && change->number <= until && is_such(change))
			return change;
	}
	return NULL;
}

const struct page_change *last_of_another(const struct diagnosis *d, unsigned int page,
					  size_t until, change_test is_such)
{
	const struct step_record *steps = d->history->steps;
	const struct page_change *change = last_change(d, page, until, is_such);

	while (change && steps[change->number - 1].task == steps[until - 1].task)
		change = change->number > 1 ? last_change(d, page, change->number - 1, is_such)
					    : NULL;
	return change;
}

void say_count(struct cause *cause, const struct page_change *change)
{
	say(cause, "refcount %d->%d of page %u", change->before.page.refcount,
	    change->after.page.refcount, change->page);
}

/* --- holders and mappers ----------------------------------------------------- */

static void add_holding(struct diagnosis *d, const char *role, const struct holding *holding)
{
	struct cause *cause = cause_of_step(d, role, holding->number);

	say(cause, "%d of the count of page %u, as %s", holding->units, holding->page,
	    mmref_holder_name(holding->holder));
	say_fate(d, cause);
}

void add_holdings(struct diagnosis *d, const char *role, unsigned int page, unsigned int holders)
{
	for (size_t i = 0; i < d->holders->nr_holdings; i++) {
		const struct holding *holding = &d->holders->holdings[i];

		if (holding->page == page && holders >> holding->holder & 1)
			add_holding(d, role, holding);
	}
}

/* The steps that wrote page table entries for a page, without those cleared since. */
struct mappers {
	struct {
		size_t number;		/* 0: before the first step */
		const volatile void *entry;
		int times;
	} by[MOST_CAUSES];
	unsigned int nr;
	int before;			/* entries from before the first step */
	bool unsure;
};

static void note_mapped(struct mappers *mappers, const struct page_change *change,
			const volatile void *entry, int times)
{
	if (mappers->nr == MOST_CAUSES) {
		mappers->unsure = true;
		return;
	}
	mappers->by[mappers->nr].number = change->number;
	mappers->by[mappers->nr].entry = entry;
	mappers->by[mappers->nr++].times = times;
}

/* Remove the step that wrote the entry; without one the entry is from before the first step. */
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

static void find_mappers(const struct diagnosis *d, unsigned int page, struct mappers *mappers)
{
	int mapped = d->history->pages[page].page.mapped;

	*mappers = (struct mappers){ .before = mapped };
	for (size_t i = d->history->nr_changes; i-- > 0;)
		if (d->history->changes[i].page == page)
			mappers->before = d->history->changes[i].before.page.mapped;
	for (size_t i = 0; i < d->history->nr_changes; i++) {
		const struct page_change *change = &d->history->changes[i];
		int times = change->after.page.mapped - change->before.page.mapped;
		const volatile void *entry = d->history->steps[change->number - 1].object;

		if (change->page == page && times > 0)
			note_mapped(mappers, change, entry, times);
		else if (change->page == page && times < 0)
			note_cleared(mappers, entry, -times);
	}
}

void add_mappers(struct diagnosis *d, unsigned int page)
{
	struct mappers mappers;

	find_mappers(d, page, &mappers);
	if (mappers.unsure)
		return;
	if (mappers.before)
		say(cause_of_step(d, "mapped", 0), "page %u, which %d page table %s", page,
		    mappers.before,
		    mappers.before == 1 ? "entry still names" : "entries still name");
	for (unsigned int i = 0; i < mappers.nr; i++)
		if (mappers.by[i].times)
			say(cause_of_step(d, "mapped", mappers.by[i].number),
			    "page %u, which the entry still names", page);
}
