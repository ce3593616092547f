/* SPDX-License-Identifier: MIT */
/*
 * percpu_ref, lib/percpu-refcount.c.
 *
 *	percpu mode: gets and puts go to the CPU's own counter; nobody looks for 0
 *	atomic mode: they go to ->count, and the put that reaches 0 calls ->release
 *
 * Killing sets DEAD and ATOMIC at once, but the switch takes effect after a
 * grace period: the per-CPU counts are added to ->count then, and not before
 * can ->release be called. The per-CPU counters are one here; only their sum
 * is ever read.
 */
#ifndef KERNEL_PERCPU_REF_H
#define KERNEL_PERCPU_REF_H

#include <mmref/linux/export.h>
#include <mmref/linux/rcupdate.h>

#define PERCPU_COUNT_BIAS	(1UL << 63)

enum {
	PERCPU_REF_ATOMIC = 1,
	PERCPU_REF_DEAD = 2,
};

struct percpu_ref {
	struct rcu_head rcu;		/* first: the callback finds its ref by it */
	unsigned long percpu_count;
	atomic_long_t count;
	uint8_t percpu_count_ptr;	/* the two flag bits of the kernel's pointer */
	bool exited;			/* its counters are freed */
	void (*release)(struct percpu_ref *ref);
};

/* Percpu mode with one reference, the initial one. Precedes the run: no step. */
void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
	EXPORTED(percpu_ref_init);

/* Takes effect after a grace period; ->release is called when the last reference is put. */
void (percpu_ref_kill_and_confirm)(const struct mmref_site *site, struct percpu_ref *ref)
	EXPORTED(percpu_ref_kill_and_confirm);
void (percpu_ref_get_many)(const struct mmref_site *site, struct percpu_ref *ref,
			   unsigned long nr)
	EXPORTED(percpu_ref_get_many);
void (percpu_ref_put_many)(const struct mmref_site *site, struct percpu_ref *ref,
			   unsigned long nr)
	EXPORTED(percpu_ref_put_many);
/* Succeeds on a dying ref as long as its count is not 0. */
bool (percpu_ref_tryget_many)(const struct mmref_site *site, struct percpu_ref *ref,
			      unsigned long nr)
	EXPORTED(percpu_ref_tryget_many);
/* Fails once DEAD is seen; it may still succeed within the grace period of kill. Under RCU. */
bool (percpu_ref_tryget_live_rcu)(const struct mmref_site *site, struct percpu_ref *ref)
	EXPORTED(percpu_ref_tryget_live_rcu);
/* The same, and RCU is taken for it. */
bool (percpu_ref_tryget_live)(const struct mmref_site *site, struct percpu_ref *ref)
	EXPORTED(percpu_ref_tryget_live);
bool (percpu_ref_is_dying)(const struct mmref_site *site, struct percpu_ref *ref)
	EXPORTED(percpu_ref_is_dying);
/* The counters are freed: from here on a get or a put that reaches them is an oops. */
void (percpu_ref_exit)(const struct mmref_site *site, struct percpu_ref *ref)
	EXPORTED(percpu_ref_exit);

#define percpu_ref_kill(ref)                                                                       \
	(percpu_ref_kill_and_confirm)(SITE("percpu_ref_kill"), ref)
#define percpu_ref_get(ref)		(percpu_ref_get_many)(SITE("percpu_ref_get"), ref, 1)
#define percpu_ref_get_many(ref, nr)	(percpu_ref_get_many)(SITE("percpu_ref_get_many"), ref, nr)
#define percpu_ref_put(ref)		(percpu_ref_put_many)(SITE("percpu_ref_put"), ref, 1)
#define percpu_ref_put_many(ref, nr)	(percpu_ref_put_many)(SITE("percpu_ref_put_many"), ref, nr)
#define percpu_ref_tryget(ref)		(percpu_ref_tryget_many)(SITE("percpu_ref_tryget"), ref, 1)
#define percpu_ref_tryget_many(ref, nr)                                                            \
	(percpu_ref_tryget_many)(SITE("percpu_ref_tryget_many"), ref, nr)
#define percpu_ref_tryget_live(ref)                                                                \
	(percpu_ref_tryget_live)(SITE("percpu_ref_tryget_live"), ref)
#define percpu_ref_is_dying(ref)	(percpu_ref_is_dying)(SITE("percpu_ref_is_dying"), ref)
#define percpu_ref_exit(ref)		(percpu_ref_exit)(SITE("percpu_ref_exit"), ref)
#define percpu_ref_tryget_live_rcu(ref)                                                            \
	(percpu_ref_tryget_live_rcu)(SITE("percpu_ref_tryget_live_rcu"), ref)

/* The references held now, whatever the mode; for checks and reports, no step. */
unsigned long percpu_ref_sum(const struct percpu_ref *ref) EXPORTED(percpu_ref_sum);

#endif
