/* SPDX-License-Identifier: MIT */
#include "report/counts.h"

#include "report/operations.h"
#include "report/outcome.h"

#include <stdlib.h>
#include <string.h>

static struct mmref_page *copy_pages(struct mmref_sim *sim, unsigned int nr)
{
	struct mmref_page *pages = calloc(nr + 1, sizeof(*pages));

	for (unsigned int i = 0; pages && i < nr; i++)
		mmref_sim_page(sim, i, &pages[i]);
	return pages;
}

/* The one @task is in, or NULL. */
static struct counted_operation *under_way(struct counts *counts, int task)
{
	for (size_t i = counts->nr_operations; i-- > 0;)
		if (counts->operation[i].task == task)
			return counts->operation[i].over ? NULL : &counts->operation[i];
	return NULL;
}

static unsigned int nr_of_task(const struct counts *counts, int task)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < counts->nr_operations; i++)
		nr += counts->operation[i].task == task;
	return nr;
}

static void begin_operation(struct counts *counts, int task, const char *name)
{
	if (counts->nr_operations == counts->room) {
		size_t room = counts->room ? 2 * counts->room : 32;
		void *grown = realloc(counts->operation, room * sizeof(*counts->operation));

		if (!grown)
			return;
		counts->operation = grown;
		counts->room = room;
	}
	counts->operation[counts->nr_operations] = (struct counted_operation){
		.task = task,
		.nth = nr_of_task(counts, task),
		.name = strdup(name),
		.task_name = strdup(mmref_sim_task_name(counts->sim, task)),
		.end = OPERATION_UNFINISHED,
	};
	counts->nr_operations++;
}

static void look_at_pages(struct counts *counts, struct counted_operation *operation)
{
	free(operation->page);
	operation->page = copy_pages(counts->sim, counts->nr_pages);
}

/* The run may end here, and with it all that is under way. */
static void look_for_all(struct counts *counts)
{
	for (size_t i = 0; i < counts->nr_operations; i++)
		if (!counts->operation[i].over)
			look_at_pages(counts, &counts->operation[i]);
}

static void on_operation(void *cookie, int task, const char *name,
			 const struct mmref_outcome *outcome)
{
	struct counts *counts = cookie;

	operations_note(counts->names, task, name, outcome);
}

static void end_operation(struct counts *counts, int task, const struct mmref_outcome *outcome)
{
	struct counted_operation *operation = under_way(counts, task);

	if (!operation)
		return;
	operation->over = true;
	operation->outcome = *outcome;
	if (operation->end == OPERATION_UNFINISHED)
		operation->end = OPERATION_RETURNED;
	look_at_pages(counts, operation);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct counts *counts = cookie;
	const char *name = operations_of_step(counts->names, task);
	struct operation_event event;

	(void)number;
	(void)step;
	if (name && !under_way(counts, task))
		begin_operation(counts, task, name);
	while (operations_next(counts->names, task, &event)) {
		if (event.begins)
			begin_operation(counts, task, event.begins);
		else
			end_operation(counts, task, &event.outcome);
	}
}

static enum mmref_violation graver(enum mmref_violation a, enum mmref_violation b)
{
	return a != MMREF_NONE && a < b ? a : b;
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct counts *counts = cookie;
	struct counted_operation *operation = under_way(counts, task);

	counts->violation = graver(counts->violation, found->violation);
	if (operation) {
		operation->end = OPERATION_VIOLATED;
		operation->violation = graver(operation->violation, found->violation);
	}
	look_for_all(counts);
}

static void on_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct counts *counts = cookie;
	struct counted_operation *operation = under_way(counts, task);

	if (operation && operation->end == OPERATION_UNFINISHED) {
		operation->end = OPERATION_ASLEEP;
		operation->site = site;
	}
	look_for_all(counts);
}

bool counts_take(struct counts *counts, const struct mmref_rules *rules, struct mmref_sim *sim)
{
	struct mmref_observer observer = {
		.cookie = counts,
		.operation = on_operation,
		.step = on_step,
		.violation = on_violation,
		.asleep = on_asleep,
	};
	struct mmref_page page;

	*counts = (struct counts){ .rules = rules, .sim = sim };
	while (mmref_sim_page(sim, counts->nr_pages, &page))
		counts->nr_pages++;
	counts->first_page = copy_pages(sim, counts->nr_pages);
	counts->names = calloc(1, sizeof(*counts->names));
	if (!counts->first_page || !counts->names)
		return false;

	mmref_run_in_order(sim, &observer);
	for (size_t i = 0; i < counts->nr_operations; i++) {
		struct counted_operation *operation = &counts->operation[i];

		if (!operation->page)
			look_at_pages(counts, operation);
		if (!operation->page || !operation->name || !operation->task_name)
			return false;
	}
	counts->sim = NULL;
	return true;
}

void counts_free(struct counts *counts)
{
	for (size_t i = 0; i < counts->nr_operations; i++) {
		free(counts->operation[i].name);
		free(counts->operation[i].task_name);
		free(counts->operation[i].page);
	}
	if (counts->names)
		operations_free(counts->names);
	free(counts->names);
	free(counts->operation);
	free(counts->first_page);
	*counts = (struct counts){ 0 };
}

const struct counted_operation *counts_find(const struct counts *of,
					    const struct counted_operation *operation)
{
	for (size_t i = 0; i < of->nr_operations; i++)
		if (of->operation[i].task == operation->task &&
		    of->operation[i].nth == operation->nth)
			return &of->operation[i];
	return NULL;
}

/* How often @holder holds @page; it is no matter what holds a free one. */
static int held(const struct mmref_page *page, int holder)
{
	return holder == HELD_BY_BASE ? 0 : page->held[holder];
}

static bool held_alike(const struct mmref_page *a, const struct mmref_page *b)
{
	if (a->present != b->present || a->mapped != b->mapped)
		return false;
	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (held(a, i) != held(b, i))
			return false;
	return true;
}

/* Is there as much more of each holder of @a than there was as of @b? */
static bool changed_alike(const struct mmref_page *a, const struct mmref_page *was_a,
			  const struct mmref_page *b, const struct mmref_page *was_b)
{
	if (a->mapped - was_a->mapped != b->mapped - was_b->mapped)
		return false;
	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (held(a, i) - held(was_a, i) != held(b, i) - held(was_b, i))
			return false;
	return true;
}

/* The first of @nr pages that an operation has made others hold in @a than in @b, or -1. */
static int page_made_to_differ(const struct mmref_page *a, const struct mmref_page *was_a,
			       const struct mmref_page *b, const struct mmref_page *was_b,
			       unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!held_alike(&a[i], &b[i]) && !changed_alike(&a[i], &was_a[i], &b[i], &was_b[i]))
			return (int)i;
	return -1;
}

bool counts_end_alike(const struct counted_operation *a, const struct counted_operation *b)
{
	return a->end == b->end && a->violation == b->violation &&
	       (a->end != OPERATION_RETURNED || !outcomes_differ(&a->outcome, &b->outcome));
}

int counts_differ_before(const struct counts *a, const struct counts *b)
{
	for (unsigned int i = 0; i < a->nr_pages && i < b->nr_pages; i++)
		if (!held_alike(&a->first_page[i], &b->first_page[i]))
			return (int)i;
	return -1;
}

const struct counted_operation *counts_differ(const struct counts *a, const struct counts *b,
					      int *page)
{
	const struct mmref_page *was_a = a->first_page, *was_b = b->first_page;
	unsigned int nr_pages = a->nr_pages < b->nr_pages ? a->nr_pages : b->nr_pages;

	for (size_t i = 0; i < a->nr_operations; i++) {
		const struct counted_operation *in_a = &a->operation[i];
		const struct counted_operation *in_b = counts_find(b, in_a);

		*page = -1;
		if (!in_b || !counts_end_alike(in_a, in_b))
			return in_a;
		*page = page_made_to_differ(in_a->page, was_a, in_b->page, was_b, nr_pages);
		if (*page >= 0)
			return in_a;
		was_a = in_a->page;
		was_b = in_b->page;
	}
	return NULL;
}
