/* SPDX-License-Identifier: MIT */
/*
 * RCU. The host may bring its own; the model's is made of quiescent sections
 * and a kernel thread that runs the callbacks in the order they were queued.
 */
#ifndef KERNEL_RCU_H
#define KERNEL_RCU_H

#include <mmref/linux/export.h>
#include <mmref/linux/srcu.h>

struct rcu_head {
	void (*func)(struct rcu_head *head);
};

struct rcu_state {
	struct quiesce readers;
	struct rcu_head *callbacks[MAX_CALLBACKS];	/* first in, first run */
};

/* The model's own, for hosts that bring none. */
extern const struct rcu_flavour modelled_rcu;

/* The body of the kernel thread behind modelled_rcu. */
void rcu_do_batch(void *unused) EXPORTED(rcu_do_batch);

void rcu_read_lock_at(const struct mmref_site *site) EXPORTED(rcu_read_lock_at);
void rcu_read_unlock_at(const struct mmref_site *site) EXPORTED(rcu_read_unlock_at);
/* Sleeps until all that read now have left. */
void synchronize_rcu_at(const struct mmref_site *site) EXPORTED(synchronize_rcu_at);
void call_rcu_at(const struct mmref_site *site, struct rcu_head *head,
		 void (*func)(struct rcu_head *head)) EXPORTED(call_rcu_at);

#define rcu_read_lock()		rcu_read_lock_at(SITE("rcu_read_lock"))
#define rcu_read_unlock()	rcu_read_unlock_at(SITE("rcu_read_unlock"))
#define synchronize_rcu()	synchronize_rcu_at(SITE("synchronize_rcu"))
#define call_rcu(head, func)	call_rcu_at(SITE("call_rcu"), head, func)

/*
 * Interrupts off: a TLB shootdown sends an interrupt to every CPU and waits until each has
 * taken it. A user access counts as one too, for an instruction under way is finished before
 * the interrupt is taken. Where shootdowns are broadcast in hardware, as on arm64, no walker is
 * waited for; interrupts that are off are a section of RCU, and no more.
 */
void local_irq_save_at(const struct mmref_site *site) EXPORTED(local_irq_save_at);
void local_irq_restore_at(const struct mmref_site *site) EXPORTED(local_irq_restore_at);

#define local_irq_save()	local_irq_save_at(SITE("local_irq_save"))
#define local_irq_restore()	local_irq_restore_at(SITE("local_irq_restore"))
/* The shootdown: sleeps until every walker with interrupts off now has turned them on. */
void flush_tlb_at(const struct mmref_site *site) EXPORTED(flush_tlb_at);
#define flush_tlb()		flush_tlb_at(SITE("flush_tlb"))

#endif
