/* SPDX-License-Identifier: MIT */
#include "report/history.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more of @size bytes in the array at *@array, which has @nr of *@room. */
static bool make_room(struct history *history, void *array, size_t nr, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 64;
	void **at = array, *grown;

	if (nr < *room)
		return true;
	grown = realloc(*at, more * size);
	if (!grown) {
		history->short_of_memory = true;
		return false;
	}
	*at = grown;
	*room = more;
	return true;
}

static struct page_look look_at(const struct history *history, unsigned int i)
{
	struct page_look look = { .inside = history->inside[i] };

	mmref_sim_page(history->sim, i, &look.page);
	return look;
}

static bool inside_differs(const struct page_inside *a, const struct page_inside *b)
{
	return a->files != b->files || a->entries != b->entries ||
	       a->marked_dirty != b->marked_dirty || a->marked_towrite != b->marked_towrite ||
	       a->unflushed != b->unflushed || a->users != b->users;
}

/* Field by field: what lies between the fields is nobody's. */
static bool differs(const struct page_look *a, const struct page_look *b)
{
	return a->page.present != b->page.present || a->page.kind != b->page.kind ||
	       a->page.refcount != b->page.refcount || a->page.mapped != b->page.mapped ||
	       a->page.mapping != b->page.mapping || a->page.index != b->page.index ||
	       memcmp(a->page.held, b->page.held, sizeof(a->page.held)) ||
	       inside_differs(&a->inside, &b->inside);
}

static void note_page(struct history *history, unsigned int i)
{
	struct page_look now = look_at(history, i);

	if (!differs(&history->pages[i], &now))
		return;
	if (make_room(history, &history->changes, history->nr_changes, &history->room_changes,
		      sizeof(*history->changes)))
		history->changes[history->nr_changes++] = (struct page_change){
			.number = history->nr_steps,
			.page = i,
			.before = history->pages[i],
			.after = now,
		};
	history->pages[i] = now;
}

static void note_pgmap(struct history *history, int device)
{
	struct pgmap_inside *was = &history->pgmap[device], now;

	if (!sim_pgmap_inside(history->sim, device, &now) ||
	    (now.references == was->references && now.dying == was->dying))
		return;
	if (make_room(history, &history->pgmap_changes, history->nr_pgmap_changes,
		      &history->room_pgmap_changes, sizeof(*history->pgmap_changes)))
		history->pgmap_changes[history->nr_pgmap_changes++] = (struct pgmap_change){
			.number = history->nr_steps,
			.device = device,
			.before = *was,
			.after = now,
		};
	*was = now;
}

static void note_wait(struct history *history, int task)
{
	struct wait_inside wait;

	if (!sim_wait_inside(history->sim, task, &wait) || !wait.come)
		history->come[task] = 0;
	else if (!history->come[task])
		history->come[task] = history->nr_steps;
}

void history_begin(struct history *history, struct mmref_sim *sim)
{
	struct mmref_page page;

	memset(history, 0, sizeof(*history));
	history->sim = sim;
	while (mmref_sim_page(sim, history->nr_pages, &page))
		history->nr_pages++;
	history->pages = calloc(history->nr_pages + 1, sizeof(*history->pages));
	history->inside = calloc(history->nr_pages + 1, sizeof(*history->inside));
	if (!history->pages || !history->inside) {
		history->short_of_memory = true;
		history->nr_pages = 0;
	}
	sim_pages_inside(sim, history->inside, history->nr_pages);
	for (unsigned int i = 0; i < history->nr_pages; i++)
		history->pages[i] = look_at(history, i);
	for (int i = 0; i < MOST_DEVICES; i++)
		sim_pgmap_inside(sim, i, &history->pgmap[i]);
}

void history_step(struct history *history, int task, const struct mmref_step *step,
		  const char *operation)
{
	if (!make_room(history, &history->steps, history->nr_steps, &history->room_steps,
		       sizeof(*history->steps)))
		return;
	history->steps[history->nr_steps++] = (struct step_record){
		.task = task,
		.site = step->site,
		.operation = operation,
		.object = step->object,
	};
	sim_pages_inside(history->sim, history->inside, history->nr_pages);
	for (unsigned int i = 0; i < history->nr_pages; i++)
		note_page(history, i);
	for (int i = 0; i < MOST_DEVICES; i++)
		note_pgmap(history, i);
	for (int i = 0; i < (int)mmref_sim_nr_tasks(history->sim); i++)
		note_wait(history, i);
}

void history_violation(struct history *history, enum mmref_violation violation)
{
	if (!history->shown[violation])
		history->shown[violation] = history->nr_steps;
}

void history_end(struct history *history)
{
	free(history->steps);
	free(history->pages);
	free(history->inside);
	free(history->changes);
	free(history->pgmap_changes);
	memset(history, 0, sizeof(*history));
}
