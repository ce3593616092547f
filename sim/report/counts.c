/* SPDX-License-Identifier: MIT */
#include "report/counts.h"

#include "report/operations.h"

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

static void on_operation(void *cookie, int task, const char *name)
{
	struct counts *counts = cookie;

	operations_note(counts->names, task, name);
}

static void end_operation(struct counts *counts, int task)
{
	struct counted_operation *operation = under_way(counts, task);

	if (!operation)
		return;
	operation->over = true;
	if (operation->end == OPERATION_UNFINISHED)
		operation->end = OPERATION_RETURNED;
	look_at_pages(counts, operation);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct counts *counts = cookie;
	const char *name = operations_of_step(counts->names, task);

	(void)number;
	(void)step;
	if (name && !under_way(counts, task))
		begin_operation(counts, task, name);
	while (operations_next(counts->names, task, &name)) {
		if (name)
			begin_operation(counts, task, name);
		else
			end_operation(counts, task);
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

static bool held_alike(const struct mmref_page *a, const struct mmref_page *b)
{
	if (a->present != b->present || a->mapped != b->mapped)
		return false;
	for (int holder = 0; holder < MMREF_NR_HOLDERS; holder++)
		if (holder != HELD_BY_BASE && a->held[holder] != b->held[holder])
			return false;
	return true;
}

const struct counted_operation *counts_differ(const struct counts *a, const struct counts *b,
					      int *page)
{
	for (size_t i = 0; i < a->nr_operations; i++) {
		const struct counted_operation *in_a = &a->operation[i];
		const struct counted_operation *in_b = counts_find(b, in_a);

		*page = -1;
		if (!in_b || in_a->end != in_b->end || in_a->violation != in_b->violation)
			return in_a;
		for (unsigned int p = 0; p < a->nr_pages && p < b->nr_pages; p++) {
			if (held_alike(&in_a->page[p], &in_b->page[p]))
				continue;
			*page = (int)p;
			return in_a;
		}
	}
	return NULL;
}
