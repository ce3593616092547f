/* SPDX-License-Identifier: MIT */
#include <mmref/linux/rcupdate.h>

#include <mmref/linux/bug.h>
#include "kernel/host.h"
#include "world.h"

static struct rcu_state *rcu(void)
{
	return &current->world->rcu;
}

static void modelled_read_lock(const struct mmref_site *site)
{
	quiesce_enter(site, &rcu()->readers);
}

static void modelled_read_unlock(const struct mmref_site *site)
{
	quiesce_leave(site, &rcu()->readers);
}

static void modelled_synchronize(const struct mmref_site *site)
{
	quiesce_wait(site, &rcu()->readers);
}

static void modelled_call(const struct mmref_site *site, struct rcu_head *head,
			  void (*func)(struct rcu_head *head))
{
	struct rcu_state *state = rcu();

	announce(site, state, sizeof(*state), MMREF_RMW, false);
	for (int i = 0; i < MAX_CALLBACKS; i++) {
		if (state->callbacks[i])
			continue;
		head->func = func;
		state->callbacks[i] = head;
		quiesce_begin_wait(&state->readers, MAX_TASKS + i);
		wake_sleepers(&state->readers.waits_for[MAX_TASKS]);
		return;
	}
	kernel_bug(site, NULL, "more RCU callbacks under way than a world has room for");
}

const struct rcu_flavour modelled_rcu = {
	.read_lock = modelled_read_lock,
	.read_unlock = modelled_read_unlock,
	.synchronize = modelled_synchronize,
	.call = modelled_call,
};

static bool callback_is_due(const void *arg)
{
	const struct rcu_state *state = arg;

	return state->callbacks[0] && !PEEK(state->readers.waits_for[MAX_TASKS]);
}

static struct rcu_head *take_callback(struct rcu_state *state)
{
	uint32_t *waits_for = &state->readers.waits_for[MAX_TASKS];
	struct rcu_head *head = state->callbacks[0];

	step_touches(state, sizeof(*state), MMREF_WRITE);
	for (int i = 0; i < MAX_CALLBACKS; i++) {
		bool last = i == MAX_CALLBACKS - 1;

		state->callbacks[i] = last ? NULL : state->callbacks[i + 1];
		waits_for[i] = last ? 0 : waits_for[i + 1];
	}
	return head;
}

void rcu_do_batch(void *unused)
{
	struct rcu_state *state = rcu();

	(void)unused;
	for (;;) {
		struct rcu_head *head;

		sleep_until(SITE("rcu_do_batch"), &state->readers.waits_for[MAX_TASKS],
			    sizeof(state->readers.waits_for[0]), MMREF_RMW, TASK_IDLE,
			    callback_is_due, state);
		head = take_callback(state);
		head->func(head);
	}
}
EXPORT_SYMBOL(rcu_do_batch);

void local_irq_save_at(const struct mmref_site *site)
{
	if (current->world->tlb_broadcast)
		current->host->rcu->read_lock(site);
	else
		quiesce_enter(site, &current->world->irqs_off);
}
EXPORT_SYMBOL(local_irq_save_at);

void local_irq_restore_at(const struct mmref_site *site)
{
	if (current->world->tlb_broadcast)
		current->host->rcu->read_unlock(site);
	else
		quiesce_leave(site, &current->world->irqs_off);
}
EXPORT_SYMBOL(local_irq_restore_at);

void rcu_read_lock_at(const struct mmref_site *site)
{
	current->host->rcu->read_lock(site);
}
EXPORT_SYMBOL(rcu_read_lock_at);

void rcu_read_unlock_at(const struct mmref_site *site)
{
	current->host->rcu->read_unlock(site);
}
EXPORT_SYMBOL(rcu_read_unlock_at);

void synchronize_rcu_at(const struct mmref_site *site)
{
	current->host->rcu->synchronize(site);
}
EXPORT_SYMBOL(synchronize_rcu_at);

void call_rcu_at(const struct mmref_site *site, struct rcu_head *head,
		 void (*func)(struct rcu_head *head))
{
	current->host->rcu->call(site, head, func);
}
EXPORT_SYMBOL(call_rcu_at);

void flush_tlb_at(const struct mmref_site *site)
{
	quiesce_wait(site, &current->world->irqs_off);
}
EXPORT_SYMBOL(flush_tlb_at);
