/* SPDX-License-Identifier: MIT */
/*
 * Atomics and the marked plain accesses: one step each.
 *
 * The names and what they return are the kernel's. The exploring host runs them
 * one after another, so the order of the program is the order of memory; on
 * real threads they are as strong as on x86.
 */
#ifndef KERNEL_ATOMIC_H
#define KERNEL_ATOMIC_H

#include <mmref/linux/step.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	unsigned long counter;
} atomic_long_t;

#define READ_ONCE_AT(site, x)                                                                      \
	({                                                                                         \
		announce(site, &(x), sizeof(x), MMREF_READ, true);                                 \
		__atomic_load_n(&(x), __ATOMIC_ACQUIRE);                                           \
	})
/* @value is found before the write is announced: it may take steps of its own. */
#define WRITE_ONCE_AT(site, x, value)                                                              \
	({                                                                                         \
		__typeof__(x) value_ = (value);                                                    \
		announce(site, &(x), sizeof(x), MMREF_WRITE, false);                               \
		__atomic_store_n(&(x), value_, __ATOMIC_RELEASE);                                  \
	})
/* cmpxchg() of any word; gives what was found there. */
#define CMPXCHG_AT(site, ptr, old, new)                                                            \
	({                                                                                         \
		__typeof__(*(ptr)) old_ = (old);                                                   \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, true);                              \
		__atomic_compare_exchange_n(ptr, &old_, new, false, __ATOMIC_SEQ_CST,              \
					    __ATOMIC_SEQ_CST);                                     \
		old_;                                                                              \
	})
/* set_bit(), clear_bit() and their like: a read-modify-write whose result nobody looks at. */
#define ATOMIC_OR_AT(site, ptr, mask)                                                              \
	({                                                                                         \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, false);                             \
		__atomic_or_fetch(ptr, mask, __ATOMIC_SEQ_CST);                                    \
	})
#define ATOMIC_AND_AT(site, ptr, mask)                                                             \
	({                                                                                         \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, false);                             \
		__atomic_and_fetch(ptr, mask, __ATOMIC_SEQ_CST);                                   \
	})
/* xchg() of any word; gives what was there. */
#define XCHG_AT(site, ptr, new)                                                                    \
	({                                                                                         \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, true);                              \
		POKE_XCHG(*(ptr), new);                                                            \
	})
/* fetch_or() and fetch_and(); each gives what was there. */
#define FETCH_OR_AT(site, ptr, bits)                                                               \
	({                                                                                         \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, false);                             \
		__atomic_fetch_or(ptr, bits, __ATOMIC_SEQ_CST);                                    \
	})
#define FETCH_AND_AT(site, ptr, bits)                                                              \
	({                                                                                         \
		announce(site, ptr, sizeof(*(ptr)), MMREF_RMW, false);                             \
		__atomic_fetch_and(ptr, bits, __ATOMIC_SEQ_CST);                                   \
	})
#define READ_ONCE(x)		READ_ONCE_AT(SITE("read " #x), x)
#define WRITE_ONCE(x, value)	WRITE_ONCE_AT(SITE("write " #x), x, value)
#define cmpxchg(ptr, old, new)	CMPXCHG_AT(SITE("cmpxchg " #ptr), ptr, old, new)
#define xchg(ptr, new)		XCHG_AT(SITE("xchg " #ptr), ptr, new)

/* A look at the world by a predicate, a check or a report: no step. */
#define PEEK(x)		__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
/* A change that belongs to the step announced before it, or precedes the run. */
#define POKE(x, value)	__atomic_store_n(&(x), (value), __ATOMIC_RELEASE)
/* The same with smp_mb(): a store, and a load after it, of which real threads see the first first. */
#define PEEK_MB(x)		__atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define POKE_MB(x, value)	__atomic_store_n(&(x), (value), __ATOMIC_SEQ_CST)
/* Changes of the same kind that give the old value, or the new one. */
#define POKE_XCHG(x, value)	__atomic_exchange_n(&(x), (value), __ATOMIC_SEQ_CST)
#define POKE_ADD_RETURN(x, i)	__atomic_add_fetch(&(x), (i), __ATOMIC_SEQ_CST)
/* True where @x was *@old, and is @new now; else *@old is what it was. */
#define POKE_TRY_CMPXCHG(x, old, new)                                                              \
	__atomic_compare_exchange_n(&(x), old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

/* Read-modify-write that belongs to the step announced before it; each gives what was there. */
#define POKE_OR(x, bits)	__atomic_fetch_or(&(x), bits, __ATOMIC_SEQ_CST)
#define POKE_AND(x, bits)	__atomic_fetch_and(&(x), bits, __ATOMIC_SEQ_CST)

/*
 * The same within a step announced already, of what others come to at steps that do not
 * announce the same: without the lock that the step takes, or under another one.
 */
#define PEEK_SHARED(x)                                                                             \
	({                                                                                         \
		step_touches(&(x), sizeof(x), MMREF_READ);                                         \
		PEEK(x);                                                                           \
	})
#define POKE_SHARED(x, value)                                                                      \
	({                                                                                         \
		step_touches(&(x), sizeof(x), MMREF_WRITE);                                        \
		POKE(x, value);                                                                    \
	})

static inline int atomic_read_at(const struct mmref_site *site, const atomic_t *v)
{
	announce(site, v, sizeof(*v), MMREF_READ, true);
	return PEEK(v->counter);
}

static inline void atomic_set_at(const struct mmref_site *site, atomic_t *v, int value)
{
	announce(site, v, sizeof(*v), MMREF_WRITE, false);
	POKE(v->counter, value);
}

/* The result is not looked at: two of these can change places. */
static inline void atomic_add_at(const struct mmref_site *site, atomic_t *v, int i)
{
	announce_add(site, &v->counter, MMREF_NEVER_ACTS);
	__atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

/* The result is asked for being 0, and for nothing else. */
static inline bool atomic_sub_and_test_at(const struct mmref_site *site, atomic_t *v, int i)
{
	announce_add(site, &v->counter, 0);
	return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST) == 0;
}

static inline int atomic_add_return_at(const struct mmref_site *site, atomic_t *v, int i)
{
	announce(site, v, sizeof(*v), MMREF_RMW, true);
	return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST);
}

/* Add @i unless the value is @u; true if it was added. */
static inline bool atomic_add_unless_at(const struct mmref_site *site, atomic_t *v, int i, int u)
{
	int old;

	announce(site, v, sizeof(*v), MMREF_RMW, true);
	old = PEEK(v->counter);
	do {
		if (old == u)
			return false;
	} while (!__atomic_compare_exchange_n(&v->counter, &old, old + i, false,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return true;
}

static inline int atomic_cmpxchg_at(const struct mmref_site *site, atomic_t *v, int old, int to)
{
	announce(site, v, sizeof(*v), MMREF_RMW, true);
	__atomic_compare_exchange_n(&v->counter, &old, to, false, __ATOMIC_SEQ_CST,
				    __ATOMIC_SEQ_CST);
	return old;
}

#define atomic_read(v)			atomic_read_at(SITE("atomic_read"), v)
#define atomic_set(v, i)		atomic_set_at(SITE("atomic_set"), v, i)
#define atomic_inc(v)			atomic_add_at(SITE("atomic_inc"), v, 1)
#define atomic_dec(v)			atomic_add_at(SITE("atomic_dec"), v, -1)
#define atomic_add(i, v)		atomic_add_at(SITE("atomic_add"), v, i)
#define atomic_sub(i, v)		atomic_add_at(SITE("atomic_sub"), v, -(i))
#define atomic_inc_return(v)		atomic_add_return_at(SITE("atomic_inc_return"), v, 1)
#define atomic_dec_and_test(v)		atomic_sub_and_test_at(SITE("atomic_dec_and_test"), v, 1)
#define atomic_cmpxchg(v, old, new)	atomic_cmpxchg_at(SITE("atomic_cmpxchg"), v, old, new)

#endif
