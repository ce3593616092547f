/* SPDX-License-Identifier: MIT */
/* Who waits for whom: for a lock's owner, a page's holders, or a wake-up that did not come. */
#include "report/inquest.h"

#include <string.h>

/* The last step that @task took to @object: of a holder, the one that took it. */
static size_t last_step_at(const struct history *history, int task, const volatile void *object)
{
	for (size_t n = history->nr_steps; n > 0; n--)
		if (history->steps[n - 1].task == task && history->steps[n - 1].object == object)
			return n;
	return 0;
}

static void tell_lock_holders(struct inquest *q, const struct wait_inside *wait)
{
	for (int task = 0; task < (int)mmref_sim_nr_tasks(q->sim); task++) {
		struct culprit *line;
		size_t number;

		if (!(wait->holders >> task & 1))
			continue;
		number = last_step_at(q->history, task, wait->object);
		line = line_of(q, "owns", number);
		if (line)
			line->task = task;
		say(line, "what it waits for");
		say_what_became(q, line);
	}
}

/* The pages of a device that are not free, by whom they are held; @line is who waits for it. */
static void tell_device_holders(struct inquest *q, int device, struct culprit *line)
{
	struct pgmap_inside pgmap;

	if (!sim_pgmap_inside(q->sim, device, &pgmap))
		return;
	say(line, ", which has references left: %lu", pgmap.references);
	for (unsigned int i = 0; i < q->history->nr_pages; i++)
		if (q->history->pages[i].page.device == device)
			tell_holdings(q, "holds", i, ANYBODY);
}

/* Who made true what @task sleeps for, and the wake-ups since, which were for another address. */
static void tell_lost_wakeup(struct inquest *q, int task)
{
	const struct history *history = q->history;
	size_t came = history->come[task];

	if (!came || history->steps[came - 1].task == task)
		return;
	say(line_of(q, "gave it", came), "and did not wake %s", mmref_sim_task_name(q->sim, task));
	for (size_t n = came + 1; n <= history->nr_steps; n++)
		if (!strcmp(history->steps[n - 1].site->verb, "wake_up_var"))
			say(line_of(q, "woke", n), "those that wait for another address");
}

static void tell_waiter(struct inquest *q, const struct sleeper *sleeper)
{
	char described[96] = "";
	struct culprit *line;
	struct wait_inside wait;
	int page, device;

	if (!sim_wait_inside(q->sim, sleeper->task, &wait))
		return;
	line = new_line(q, "waits");
	if (line) {
		line->task = sleeper->task;
		line->site = sleeper->site;
	}
	mmref_sim_describe(q->sim, wait.object, described, sizeof(described));
	say(line, wait.by_wakeup ? "to be woken at the address of %s" : "for %s",
	    described[0] ? described : "a lock");
	if (wait.come) {
		say(line, "; what it waits for is there");
		tell_lost_wakeup(q, sleeper->task);
		return;
	}
	tell_lock_holders(q, &wait);
	page = mmref_sim_page_of(q->sim, wait.object);
	device = sim_pgmap_of(q->sim, wait.object);
	if (page >= 0)
		tell_holdings(q, "holds", (unsigned int)page, ANYBODY);
	else if (device >= 0)
		tell_device_holders(q, device, line);
}

void tell_waits(struct inquest *q)
{
	for (unsigned int i = 0; i < q->ending->nr_sleepers; i++)
		tell_waiter(q, &q->ending->sleeper[i]);
}
