/* SPDX-License-Identifier: MIT */
/* lib/check knows pages and tables; tasks are known here. */
#include "sched/introspect.h"

#include "check/describe.h"
#include "check/dump_tables.h"
#include <mmref/linux/spinlock.h>

/* --- the world ------------------------------------------------------------- */

bool mmref_sim_page(struct mmref_sim *sim, unsigned int i, struct mmref_page *page)
{
	if (!sim_exists(sim) || !page)
		return false;
	return introspect_page(sim->world, i, page);
}

int mmref_sim_page_of(struct mmref_sim *sim, const volatile void *object)
{
	if (!sim_exists(sim))
		return -1;
	return introspect_page_of(sim->world, object);
}

void mmref_sim_entries(struct mmref_sim *sim,
		       void (*visit)(void *cookie, const struct mmref_entry *entry), void *cookie)
{
	if (!sim_exists(sim) || !visit)
		return;
	dump_tables(sim->world, visit, cookie);
}

void mmref_sim_describe(struct mmref_sim *sim, const volatile void *object, char *text,
			size_t size)
{
	if (!text || !size)
		return;
	*text = '\0';
	if (sim_exists(sim))
		describe(sim->world, object, text, size);
}

void sim_pages_inside(struct mmref_sim *sim, struct page_inside *inside, unsigned int nr)
{
	introspect_pages(sim->world, inside, nr);
}

bool sim_pgmap_inside(struct mmref_sim *sim, int i, struct pgmap_inside *inside)
{
	return introspect_pgmap(sim->world, i, inside);
}

int sim_pgmap_of(struct mmref_sim *sim, const volatile void *object)
{
	return introspect_pgmap_of(sim->world, object);
}

/* --- tasks ----------------------------------------------------------------- */

const char *mmref_sim_task_name(struct mmref_sim *sim, int task)
{
	return sim_exists(sim) && task >= 0 && task < sim->nr_fibers ? sim->fiber[task]->task.name : "?";
}

unsigned int mmref_sim_nr_tasks(struct mmref_sim *sim)
{
	return sim_exists(sim) ? sim->nr_fibers : 0;
}

const struct mmref_site *mmref_sim_asleep(struct mmref_sim *sim, int task)
{
	const struct fiber *fiber;

	if (!sim_exists(sim) || task < 0 || task >= sim->nr_fibers)
		return NULL;
	fiber = sim->fiber[task];
	return fiber->sleep.ready && !fiber->notified ? fiber->task.asleep : NULL;
}

/* Does the condition of @fiber hold? It is evaluated as that task. */
static bool has_come(struct fiber *fiber, const struct sleep *until)
{
	struct task *before = current_task;
	bool come;

	current_task = &fiber->task;
	come = until->ready(until->arg);
	current_task = before;
	return come;
}

bool sim_wait_inside(struct mmref_sim *sim, int task, struct wait_inside *inside)
{
	struct fiber *fiber = sim->fiber[task];
	const struct sleep *until = &fiber->task.wait.until;

	*inside = (struct wait_inside){ 0 };
	if (fiber->task.done || fiber->task.dead)
		return false;
	if (until->ready) {
		inside->object = fiber->task.wait.address;
		inside->by_wakeup = true;
		inside->come = wait_is_over_peek(&fiber->task);
	} else {
		until = &fiber->sleep;
		if (!until->ready)
			return false;
		inside->object = fiber->pending.object;
		inside->holders = lock_holders(until) | quiesce_holders(until);
		inside->come = has_come(fiber, until);
	}
	return true;
}

bool sim_task_has_returned(struct mmref_sim *sim, int task)
{
	return sim->fiber[task]->task.done;
}

bool sim_task_has_died(struct mmref_sim *sim, int task)
{
	return sim->fiber[task]->task.dead;
}
