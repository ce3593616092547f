/* SPDX-License-Identifier: MIT */
#include "report/holders.h"

#include <stdlib.h>
#include <string.h>

static void look_at_pages(struct holders *holders, struct mmref_sim *sim)
{
	struct mmref_page page;

	for (unsigned int i = 0; mmref_sim_page(sim, i, &page); i++) {
		if (i >= holders->nr_pages)
			break;
		holders->now[i] = page;
	}
}

static void take(struct holders *holders, const struct holding *holding)
{
	if (holders->nr_holdings == holders->room) {
		size_t room = holders->room ? 2 * holders->room : 64;
		struct holding *grown = realloc(holders->holdings, room * sizeof(*grown));

		if (!grown) {
			holders->short_of_memory = true;
			return;
		}
		holders->holdings = grown;
		holders->room = room;
	}
	holders->holdings[holders->nr_holdings++] = *holding;
}

/* The newest holding of @task, or of anyone where @task has none. */
static struct holding *newest(struct holders *holders, unsigned int page,
			      enum mmref_holder holder, int task)
{
	struct holding *found = NULL;

	for (size_t i = holders->nr_holdings; i-- > 0;) {
		struct holding *holding = &holders->holdings[i];

		if (holding->page != page || holding->holder != holder)
			continue;
		if (holding->task == task)
			return holding;
		if (!found)
			found = holding;
	}
	return found;
}

static void drop(struct holders *holders, unsigned int page, enum mmref_holder holder, int units,
		 int task)
{
	while (units > 0) {
		struct holding *holding = newest(holders, page, holder, task);
		int part;

		if (!holding)
			return;
		part = holding->units < units ? holding->units : units;
		holding->units -= part;
		units -= part;
		if (holding->units)
			return;
		memmove(holding, holding + 1,
			(size_t)(holders->holdings + holders->nr_holdings - holding - 1) *
			sizeof(*holding));
		holders->nr_holdings--;
	}
}

/* The newest holding of @task that is of as many units changes its name: @from to @to. */
static bool pass(struct holders *holders, unsigned int page, enum mmref_holder from,
		 enum mmref_holder to, int units, int task)
{
	struct holding *holding = newest(holders, page, from, task);

	if (!holding || holding->units != units || holding->task != task)
		return false;
	holding->holder = to;
	return true;
}

/* A walk keeps what it took for itself as its user's get: it was taken when it was taken. */
static bool passed(struct holders *holders, unsigned int i, int task)
{
	const struct mmref_page *now = &holders->now[i], *was = &holders->before[i];
	int from = -1, to = -1;

	for (int holder = 0; holder < MMREF_NR_HOLDERS; holder++) {
		int *which = now->held[holder] > was->held[holder] ? &to : &from;

		if (now->held[holder] == was->held[holder])
			continue;
		if (*which >= 0)
			return false;
		*which = holder;
	}
	return from >= 0 && to >= 0 &&
	       now->held[to] - was->held[to] == was->held[from] - now->held[from] &&
	       pass(holders, i, (enum mmref_holder)from, (enum mmref_holder)to,
		    now->held[to] - was->held[to], task);
}

void holders_begin(struct holders *holders, struct mmref_sim *sim)
{
	struct mmref_page page;

	memset(holders, 0, sizeof(*holders));
	mmref_rewind(sim);
	while (mmref_sim_page(sim, holders->nr_pages, &page))
		holders->nr_pages++;
	holders->now = calloc(holders->nr_pages + 1, sizeof(*holders->now));
	holders->before = calloc(holders->nr_pages + 1, sizeof(*holders->before));
	if (!holders->now || !holders->before) {
		holders->short_of_memory = true;
		holders->nr_pages = 0;
		return;
	}
	holders_step(holders, sim, 0, -1, NULL, NULL);
	memcpy(holders->before, holders->now, holders->nr_pages * sizeof(*holders->now));
}

void holders_step(struct holders *holders, struct mmref_sim *sim, size_t number, int task,
		  const struct mmref_site *site, const char *operation)
{
	struct mmref_page *was = holders->now;

	holders->now = holders->before;
	holders->before = was;
	look_at_pages(holders, sim);

	for (unsigned int i = 0; i < holders->nr_pages; i++) {
		if (passed(holders, i, task))
			continue;
		for (int holder = 0; holder < MMREF_NR_HOLDERS; holder++) {
			int change = holders->now[i].held[holder] - was[i].held[holder];

			if (change > 0)
				take(holders, &(struct holding){
					.page = i, .holder = (enum mmref_holder)holder,
					.units = change, .task = task, .number = number,
					.site = site, .operation = operation,
				});
			else
				drop(holders, i, (enum mmref_holder)holder, -change, task);
		}
	}
}

void holders_end(struct holders *holders)
{
	free(holders->now);
	free(holders->before);
	free(holders->holdings);
	memset(holders, 0, sizeof(*holders));
}

/* Field by field: what lies between the fields is nobody's. */
bool holders_page_changed(const struct holders *holders, unsigned int i)
{
	const struct mmref_page *now = &holders->now[i], *before = &holders->before[i];

	return now->present != before->present || now->refcount != before->refcount ||
	       now->mapcount != before->mapcount || now->mapping != before->mapping ||
	       now->index != before->index || now->mapped != before->mapped ||
	       memcmp(now->held, before->held, sizeof(now->held));
}
