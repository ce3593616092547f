/* SPDX-License-Identifier: MIT */
#include <mmref/linux/percpu-refcount.h>

#include <mmref/linux/bug.h>

void percpu_ref_init(struct percpu_ref *ref, void (*release)(struct percpu_ref *ref))
{
	*ref = (struct percpu_ref){
		.count = { PERCPU_COUNT_BIAS + 1 },
		.release = release,
	};
}
EXPORT_SYMBOL(percpu_ref_init);

/* The only look at the mode that a get or a put takes. */
static bool __ref_is_percpu(const struct mmref_site *site, struct percpu_ref *ref)
{
	return !READ_ONCE_AT(site, ref->percpu_count_ptr);
}

/* Announced already: are there counters to be reached? */
static void reach_counters(const struct mmref_site *site, const struct percpu_ref *ref)
{
	if (PEEK(ref->exited))
		kernel_bug(site, NULL, "a percpu_ref is counted after percpu_ref_exit()");
}

static void this_cpu_add(const struct mmref_site *site, struct percpu_ref *ref, unsigned long nr)
{
	announce(site, &ref->percpu_count, sizeof(ref->percpu_count), MMREF_RMW, false);
	reach_counters(site, ref);
	POKE_ADD_RETURN(ref->percpu_count, nr);
}

static unsigned long atomic_long_add_return(const struct mmref_site *site, struct percpu_ref *ref,
				      unsigned long i, bool observed)
{
	announce(site, &ref->count, sizeof(ref->count), MMREF_RMW, observed);
	reach_counters(site, ref);
	return POKE_ADD_RETURN(ref->count.counter, i);
}

static bool atomic_long_add_unless(const struct mmref_site *site, struct percpu_ref *ref,
					unsigned long i)
{
	atomic_long_t *v = &ref->count;
	unsigned long old;

	announce(site, v, sizeof(*v), MMREF_RMW, true);
	reach_counters(site, ref);
	old = PEEK(v->counter);
	do {
		if (!old)
			return false;
	} while (!POKE_TRY_CMPXCHG(v->counter, &old, old + i));
	return true;
}

/* A put in atomic mode: the one that takes the count to 0 calls the release. */
static void atomic_long_sub_and_test(const struct mmref_site *site, struct percpu_ref *ref, unsigned long nr)
{
	if (atomic_long_add_return(site, ref, -nr, true) == 0)
		ref->release(ref);
}

void (percpu_ref_get_many)(const struct mmref_site *site, struct percpu_ref *ref,
			   unsigned long nr)
{
	rcu_read_lock();
	if (__ref_is_percpu(site, ref))
		this_cpu_add(site, ref, nr);
	else
		atomic_long_add_return(site, ref, nr, false);
	rcu_read_unlock();
}
EXPORT_SYMBOL(percpu_ref_get_many);

void (percpu_ref_put_many)(const struct mmref_site *site, struct percpu_ref *ref,
			   unsigned long nr)
{
	rcu_read_lock();
	if (__ref_is_percpu(site, ref))
		this_cpu_add(site, ref, -nr);
	else
		atomic_long_sub_and_test(site, ref, nr);
	rcu_read_unlock();
}
EXPORT_SYMBOL(percpu_ref_put_many);

bool (percpu_ref_tryget_many)(const struct mmref_site *site, struct percpu_ref *ref,
			      unsigned long nr)
{
	bool got = true;

	rcu_read_lock();
	if (__ref_is_percpu(site, ref))
		this_cpu_add(site, ref, nr);
	else
		got = atomic_long_add_unless(site, ref, nr);
	rcu_read_unlock();
	return got;
}
EXPORT_SYMBOL(percpu_ref_tryget_many);

bool (percpu_ref_tryget_live_rcu)(const struct mmref_site *site, struct percpu_ref *ref)
{
	uint8_t flags = READ_ONCE_AT(site, ref->percpu_count_ptr);

	if (!flags) {
		this_cpu_add(site, ref, 1);
		return true;
	}
	if (flags & PERCPU_REF_DEAD)
		return false;
	return atomic_long_add_unless(site, ref, 1);
}
EXPORT_SYMBOL(percpu_ref_tryget_live_rcu);

bool (percpu_ref_is_dying)(const struct mmref_site *site, struct percpu_ref *ref)
{
	return READ_ONCE_AT(site, ref->percpu_count_ptr) & PERCPU_REF_DEAD;
}
EXPORT_SYMBOL(percpu_ref_is_dying);

/* percpu_ref_tryget_live(), include/linux/percpu-refcount.h */
bool (percpu_ref_tryget_live)(const struct mmref_site *site, struct percpu_ref *ref)
{
	bool got;

	rcu_read_lock();
	got = (percpu_ref_tryget_live_rcu)(site, ref);
	rcu_read_unlock();
	return got;
}
EXPORT_SYMBOL(percpu_ref_tryget_live);

void (percpu_ref_exit)(const struct mmref_site *site, struct percpu_ref *ref)
{
	announce(site, ref, sizeof(*ref), MMREF_WRITE, false);
	POKE(ref->exited, true);
}
EXPORT_SYMBOL(percpu_ref_exit);

/* Nobody uses the per-CPU counters any more. */
static void percpu_ref_switch_to_atomic_rcu(struct rcu_head *rcu)
{
	struct percpu_ref *ref = (struct percpu_ref *)rcu;
	const struct mmref_site *site = SITE("percpu_ref_switch_to_atomic_rcu");
	unsigned long sum;
	long now;

	announce(site, &ref->count, sizeof(ref->count), MMREF_RMW, true);
	reach_counters(site, ref);
	sum = PEEK_SHARED(ref->percpu_count);
	POKE_SHARED(ref->percpu_count, 0);
	now = POKE_ADD_RETURN(ref->count.counter, sum - PERCPU_COUNT_BIAS);
	WARN_ON(now <= 0);	/* "percpu ref <= 0 (%ld) after switching to atomic" */
	atomic_long_sub_and_test(site, ref, 1);
}

void (percpu_ref_kill_and_confirm)(const struct mmref_site *site, struct percpu_ref *ref)
{
	WARN_ON((percpu_ref_is_dying)(site, ref));
	WRITE_ONCE_AT(site, ref->percpu_count_ptr, PERCPU_REF_ATOMIC | PERCPU_REF_DEAD);
	(percpu_ref_get_many)(site, ref, 1);
	call_rcu(&ref->rcu, percpu_ref_switch_to_atomic_rcu);
	(percpu_ref_put_many)(site, ref, 1);
}
EXPORT_SYMBOL(percpu_ref_kill_and_confirm);

unsigned long percpu_ref_sum(const struct percpu_ref *ref)
{
	unsigned long count = PEEK(ref->count.counter);

	return (count & PERCPU_COUNT_BIAS ? count - PERCPU_COUNT_BIAS : count) +
	       PEEK(ref->percpu_count);
}
EXPORT_SYMBOL(percpu_ref_sum);
