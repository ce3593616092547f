/* SPDX-License-Identifier: MIT */
/*
 * Sections that somebody can wait for: RCU and SRCU readers, and stretches with
 * interrupts off.
 *
 * A waiter waits for the tasks that were inside when it came, and for no one
 * else: each carries a bit in the waiter's mask and takes it out on leaving. No
 * count of grace periods is kept, since it would grow for ever.
 */
#ifndef KERNEL_QUIESCE_H
#define KERNEL_QUIESCE_H

#include <mmref/linux/export.h>
#include <mmref/linux/atomic.h>

#define MAX_CALLBACKS	4
#define MAX_WAITERS	(MAX_TASKS + MAX_CALLBACKS)

struct quiesce {
	uint8_t nesting[MAX_TASKS];
	uint32_t waits_for[MAX_WAITERS];	/* tasks by bit; a waiter a task, then callbacks */
};

/* The outermost entry and exit are steps; nested ones nobody can see. */
void quiesce_enter(const struct mmref_site *site, struct quiesce *q) EXPORTED(quiesce_enter);
void quiesce_leave(const struct mmref_site *site, struct quiesce *q) EXPORTED(quiesce_leave);
/* Enter and leave as part of a step announced already. */
void quiesce_join(struct quiesce *q) EXPORTED(quiesce_join);
void quiesce_part(struct quiesce *q) EXPORTED(quiesce_part);
/* Sleep until all that are inside now have left. */
void quiesce_wait(const struct mmref_site *site, struct quiesce *q) EXPORTED(quiesce_wait);
/* The first half of it: note in slot @waiter who is inside. Part of an announced step. */
void quiesce_begin_wait(struct quiesce *q, int waiter) EXPORTED(quiesce_begin_wait);
/* Whom a task that sleeps so has yet to see leave, by task; 0 where it waits for no such. */
uint32_t quiesce_holders(const struct sleep *sleep) EXPORTED(quiesce_holders);

/* SRCU: a domain of its own, so that readers may sleep. */
struct srcu_struct {
	struct quiesce readers;
};

#define srcu_read_lock(srcu)	quiesce_enter(SITE("srcu_read_lock"), &(srcu)->readers)
#define srcu_read_unlock(srcu)	quiesce_leave(SITE("srcu_read_unlock"), &(srcu)->readers)
#define synchronize_srcu(srcu)	quiesce_wait(SITE("synchronize_srcu"), &(srcu)->readers)

#endif
