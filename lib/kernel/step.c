/* SPDX-License-Identifier: MIT */
#include <mmref/linux/step.h>

#include <mmref/linux/bug.h>
#include "kernel/host.h"
#include "world.h"

_Thread_local struct task *current_task;

/* The page fault that a kernel access to unmapped memory takes. */
static void check_present(const struct mmref_site *site, const volatile void *object)
{
	const struct memory_area *area = world_absent_area(current->world, object);

	if (area)
		oops(site, world_page_at(current->world, object), PEEK(area->gone));
}

static void announce_step(const struct mmref_step *step)
{
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

void step_touches(const volatile void *object, size_t size, enum mmref_access access)
{
	if (current->host->touch && !current->steps_off)
		current->host->touch(current->host, object, size, access);
}

void wake_sleepers(const volatile void *object)
{
	current->host->wake(current->host, object);
}
