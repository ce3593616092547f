/* SPDX-License-Identifier: MIT */
#include <mmref/linux/srcu.h>

void quiesce_join(struct quiesce *q)
{
	uint8_t *nesting = &q->nesting[current->id];

	if (POKE_ADD_RETURN(*nesting, 1) == 1)
		step_touches(nesting, sizeof(*nesting), MMREF_WRITE);
	leave_mark();
}
EXPORT_SYMBOL(quiesce_join);

void quiesce_part(struct quiesce *q)
{
	uint8_t *nesting = &q->nesting[current->id];
	uint32_t mine = 1u << current->id;

	take_mark();
	if (POKE_ADD_RETURN(*nesting, -1))
		return;
	step_touches(nesting, sizeof(*nesting), MMREF_WRITE);
	for (int i = 0; i < MAX_WAITERS; i++) {
		if (!(PEEK_MB(q->waits_for[i]) & mine))
			continue;
		POKE_AND(q->waits_for[i], ~mine);
		wake_sleepers(&q->waits_for[i]);
	}
}
EXPORT_SYMBOL(quiesce_part);

void quiesce_enter(const struct mmref_site *site, struct quiesce *q)
{
	uint8_t *nesting = &q->nesting[current->id];

	if (!*nesting)
		announce(site, nesting, sizeof(*nesting), MMREF_WRITE, false);
	quiesce_join(q);
}
EXPORT_SYMBOL(quiesce_enter);

void quiesce_leave(const struct mmref_site *site, struct quiesce *q)
{
	uint8_t *nesting = &q->nesting[current->id];

	if (*nesting == 1)
		announce(site, nesting, sizeof(*nesting), MMREF_WRITE, false);
	quiesce_part(q);
}
EXPORT_SYMBOL(quiesce_leave);

/*
 * Ask everyone, then excuse those that are outside. A task that leaves in
 * between takes its bit out itself, and one that enters was asked for nothing.
 */
void quiesce_begin_wait(struct quiesce *q, int waiter)
{
	POKE_MB(q->waits_for[waiter], (1u << MAX_TASKS) - 1);
	for (int i = 0; i < MAX_TASKS; i++)
		if (i == current->id || !PEEK_MB(q->nesting[i]))
			POKE_AND(q->waits_for[waiter], ~(1u << i));
}
EXPORT_SYMBOL(quiesce_begin_wait);

static bool all_left(const void *arg)
{
	return PEEK(*(const uint32_t *)arg) == 0;
}

void quiesce_wait(const struct mmref_site *site, struct quiesce *q)
{
	uint32_t *waits_for = &q->waits_for[current->id];

	announce(site, q, sizeof(*q), MMREF_RMW, true);
	quiesce_begin_wait(q, current->id);
	if (all_left(waits_for))
		return;
	leave_mark();
	sleep_until(site, waits_for, sizeof(*waits_for), MMREF_READ, TASK_UNINTERRUPTIBLE,
		    all_left, waits_for);
	take_mark();
}
EXPORT_SYMBOL(quiesce_wait);

uint32_t quiesce_holders(const struct sleep *sleep)
{
	return sleep->ready == all_left ? PEEK(*(const uint32_t *)sleep->arg) : 0;
}
EXPORT_SYMBOL(quiesce_holders);
