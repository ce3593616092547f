/* SPDX-License-Identifier: MIT */
#include <mmref/linux/step.h>

#include <mmref/linux/bug.h>
#include "kernel/host.h"
#include "world.h"

_Thread_local struct task *current_task;

__attribute__((visibility("default"))) struct task *mmref_current(void)
{
	return current_task;
}
static _Thread_local bool peeking;

/* The page fault that a kernel access to unmapped memory takes. */
static void check_present(const struct mmref_site *site, const volatile void *object)
{
	const struct memory_area *area = world_absent_area(current->world, object);

	if (area)
		oops(site, world_page_at(current->world, object), PEEK(area->gone));
}

static void announce_step(const struct mmref_step *step)
{
	if (peeking)
		return;
	if (!current->steps_off)
		current->host->step(current->host, step);
	check_present(step->site, step->object);
}

void announce(const struct mmref_site *site, const volatile void *object, size_t size,
	      enum mmref_access access, bool observed)
{
	announce_step(&(struct mmref_step){
		.site = site,
		.object = object,
		.size = size,
		.access = access,
		.observed = observed,
	});
}
EXPORT_SYMBOL(announce);

void announce_add(const struct mmref_site *site, const volatile int *counter, int acts)
{
	announce_step(&(struct mmref_step){
		.site = site,
		.object = counter,
		.size = sizeof(*counter),
		.access = MMREF_ADD,
		.observed = acts != MMREF_NEVER_ACTS,
		.acts = acts,
	});
}
EXPORT_SYMBOL(announce_add);

void sleep_until(const struct mmref_site *site, const volatile void *object, size_t size,
		 enum mmref_access access, enum sleep_state state,
		 bool (*ready)(const void *arg), const void *arg)
{
	struct mmref_step step = {
		.site = site,
		.object = object,
		.size = size,
		.access = access,
		.observed = true,
	};
	struct sleep sleep = { .ready = ready, .arg = arg, .state = state };

	current->asleep = site;
	current->state = state;
	current->host->sleep(current->host, &step, &sleep);
	current->asleep = NULL;
	current->state = 0;
	check_present(site, object);
}
EXPORT_SYMBOL(sleep_until);

void step_touches(const volatile void *object, size_t size, enum mmref_access access)
{
	if (!peeking && !current->steps_off && current->host->touch)
		current->host->touch(current->host, object, size, access);
}
EXPORT_SYMBOL(step_touches);

void wake_sleepers(const volatile void *object)
{
	if (!peeking)
		current->host->wake(current->host, object);
}
EXPORT_SYMBOL(wake_sleepers);

void violation(enum mmref_violation kind, const struct mmref_site *site, const struct page *page,
	       const char *why)
{
	struct violation v = { .kind = kind, .site = site, .page = page, .why = why };

	if (!peeking)
		current->host->violation(current->host, &v);
}
EXPORT_SYMBOL(violation);

void mmref_peek_begin(struct peek *peek, const struct world *world)
{
	*peek = (struct peek){
		.as = { .world = (struct world *)(uintptr_t)world },
		.was = current_task,
		.was_peeking = peeking,
	};
	current_task = &peek->as;
	peeking = true;
}

void mmref_peek_end(const struct peek *peek)
{
	current_task = peek->was;
	peeking = peek->was_peeking;
}

void mmref_peek_abandon(void)
{
	peeking = false;
}

bool wait_is_over_peek(const struct task *task)
{
	const struct sleep *until = &task->wait.until;
	struct peek peek;
	bool over;

	if (!until->ready)
		return false;
	mmref_peek_begin(&peek, task->world);
	over = until->ready(until->arg);
	mmref_peek_end(&peek);
	return over;
}
