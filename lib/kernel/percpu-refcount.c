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

/* __ref_is_percpu(): the only look at the mode that a get or a put takes. */
static bool ref_is_percpu(const struct mmref_site *site, struct percpu_ref *ref)
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
	__atomic_add_fetch(&ref->percpu_count, nr, __ATOMIC_RELAXED);
}

static unsigned long count_add_return(const struct mmref_site *site, struct percpu_ref *ref,
				      unsigned long i, bool observed)
{
	announce(site, &ref->count, sizeof(ref->count), MMREF_RMW, observed);
	reach_counters(site, ref);
	return __atomic_add_fetch(&ref->count.counter, i, __ATOMIC_SEQ_CST);
}

static bool count_inc_not_zero(const struct mmref_site *site, struct percpu_ref *ref)
{
	atomic_long_t *v = &ref->count;
	unsigned long old;

	announce(site, v, sizeof(*v), MMREF_RMW, true);
	reach_counters(site, ref);
	old = PEEK(v->counter);
	do {
		if (!old)
			return false;
	} while (!__atomic_compare_exchange_n(&v->counter, &old, old + 1, false, __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	return true;
}

/* percpu_ref_put_many() in atomic mode: whoever takes it to 0 calls the release. */
static void sub_and_test(const struct mmref_site *site, struct percpu_ref *ref, unsigned long nr)
{
	if (count_add_return(site, ref, -nr, true) == 0)
		ref->release(ref);
}

void percpu_ref_get_many_at(const struct mmref_site *site, struct percpu_ref *ref,
			    unsigned long nr)
{
	rcu_read_lock();
	if (ref_is_percpu(site, ref))
		this_cpu_add(site, ref, nr);
	else
		count_add_return(site, ref, nr, false);
	rcu_read_unlock();
}

void percpu_ref_put_many_at(const struct mmref_site *site, struct percpu_ref *ref,
			    unsigned long nr)
{
	rcu_read_lock();
	if (ref_is_percpu(site, ref))
		this_cpu_add(site, ref, -nr);
	else
		sub_and_test(site, ref, nr);
	rcu_read_unlock();
}

bool percpu_ref_tryget_at(const struct mmref_site *site, struct percpu_ref *ref)
{
	bool got = true;

	rcu_read_lock();
	if (ref_is_percpu(site, ref))
		this_cpu_add(site, ref, 1);
	else
		got = count_inc_not_zero(site, ref);
	rcu_read_unlock();
	return got;
}

bool percpu_ref_tryget_live_rcu_at(const struct mmref_site *site, struct percpu_ref *ref)
{
	uint8_t flags = READ_ONCE_AT(site, ref->percpu_count_ptr);

	if (!flags) {
		this_cpu_add(site, ref, 1);
		return true;
	}
	if (flags & PERCPU_REF_DEAD)
		return false;
	return count_inc_not_zero(site, ref);
}

bool percpu_ref_is_dying_at(const struct mmref_site *site, struct percpu_ref *ref)
{
	return READ_ONCE_AT(site, ref->percpu_count_ptr) & PERCPU_REF_DEAD;
}

void percpu_ref_exit_at(const struct mmref_site *site, struct percpu_ref *ref)
{
	announce(site, ref, sizeof(*ref), MMREF_WRITE, false);
	POKE(ref->exited, true);
}

/* percpu_ref_switch_to_atomic_rcu(): nobody uses the per-CPU counters any more. */
static void switch_to_atomic_rcu(struct rcu_head *rcu)
{
	struct percpu_ref *ref = (struct percpu_ref *)rcu;
	const struct mmref_site *site = SITE("percpu_ref_switch_to_atomic_rcu");
	unsigned long sum;
	long now;

	announce(site, &ref->count, sizeof(ref->count), MMREF_RMW, true);
	reach_counters(site, ref);
	sum = PEEK_SHARED(ref->percpu_count);
	POKE_SHARED(ref->percpu_count, 0);
	now = __atomic_add_fetch(&ref->count.counter, sum - PERCPU_COUNT_BIAS, __ATOMIC_SEQ_CST);
	WARN_ON(now <= 0);	/* "percpu ref <= 0 (%ld) after switching to atomic" */
	sub_and_test(site, ref, 1);
}

void percpu_ref_kill_at(const struct mmref_site *site, struct percpu_ref *ref)
{
	WARN_ON(percpu_ref_is_dying_at(site, ref));
	WRITE_ONCE_AT(site, ref->percpu_count_ptr, PERCPU_REF_ATOMIC | PERCPU_REF_DEAD);
	percpu_ref_get_many_at(site, ref, 1);
	call_rcu(&ref->rcu, switch_to_atomic_rcu);
	percpu_ref_put_many_at(site, ref, 1);
}

unsigned long percpu_ref_sum(const struct percpu_ref *ref)
{
	unsigned long count = PEEK(ref->count.counter);

	return (count & PERCPU_COUNT_BIAS ? count - PERCPU_COUNT_BIAS : count) +
	       PEEK(ref->percpu_count);
}
