/* SPDX-License-Identifier: MIT */
/* Causes of a hang: what each sleeping task waits for, and who holds it or failed to wake it. */
#include "report/diagnosis.h"

#include <string.h>

/* The last step of @task on @object; for a holder, the one that took it. */
static size_t last_step_at(const struct history *history, int task, const volatile void *object)
{
	for (size_t n = history->nr_steps; n > 0; n--)
		if (history->steps[n - 1].task == task && history->steps[n - 1].object == object)
			return n;
	return 0;
}

static void add_lock_holders(struct diagnosis *d, const struct wait_inside *wait)
{
	for (int task = 0; task < (int)mmref_sim_nr_tasks(d->sim); task++) {
		struct cause *cause;
		size_t number;

		if (!(wait->holders >> task & 1))
			continue;
		number = last_step_at(d->history, task, wait->object);
		cause = cause_of_step(d, "owns", number);
		if (cause)
			cause->task = task;
		say(cause, "what it waits for");
		say_fate(d, cause);
	}
}

/* Add who holds the busy pages of @device; @cause is the task that waits for them. */
static void add_device_holders(struct diagnosis *d, int device, struct cause *cause)
{
	struct pgmap_inside pgmap;

	if (!sim_pgmap_inside(d->sim, device, &pgmap))
		return;
	say(cause, ", which has references left: %lu", pgmap.references);
	for (unsigned int i = 0; i < d->history->nr_pages; i++)
		if (d->history->pages[i].page.device == device)
			add_holdings(d, "holds", i, ANYBODY);
}

/*
 * Add the step that made the awaited condition true without a wake-up, and the wake-ups of other
 * addresses since.
 */
static void add_lost_wakeup(struct diagnosis *d, int task)
{
	const struct history *history = d->history;
	size_t came = history->come[task];

	if (!came || history->steps[came - 1].task == task)
		return;
	say(cause_of_step(d, "gave it", came), "and did not wake %s",
	    mmref_sim_task_name(d->sim, task));
	for (size_t n = came + 1; n <= history->nr_steps; n++)
		if (!strcmp(history->steps[n - 1].site->verb, "wake_up_var"))
			say(cause_of_step(d, "woke", n), "those that wait for another address");
}

static void add_waiter(struct diagnosis *d, const struct sleeper *sleeper)
{
	char described[96] = "";
	struct cause *cause;
	struct wait_inside wait;
	int page, device;

	if (!sim_wait_inside(d->sim, sleeper->task, &wait))
		return;
	cause = new_cause(d, "waits");
	if (cause) {
		cause->task = sleeper->task;
		cause->site = sleeper->site;
	}
	mmref_sim_describe(d->sim, wait.object, described, sizeof(described));
	say(cause, wait.by_wakeup ? "to be woken at the address of %s" : "for %s",
	    described[0] ? described : "a lock");
	if (wait.come) {
		say(cause, "; what it waits for is there");
		add_lost_wakeup(d, sleeper->task);
		return;
	}
	add_lock_holders(d, &wait);
	page = mmref_sim_page_of(d->sim, wait.object);
	device = sim_pgmap_of(d->sim, wait.object);
	if (page >= 0)
		add_holdings(d, "holds", (unsigned int)page, ANYBODY);
	else if (device >= 0)
		add_device_holders(d, device, cause);
}

void add_waits(struct diagnosis *d)
{
	for (unsigned int i = 0; i < d->end->nr_sleepers; i++)
		add_waiter(d, &d->end->sleeper[i]);
}
