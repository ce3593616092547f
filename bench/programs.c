/* SPDX-License-Identifier: MIT */
#include "programs.h"

#include <string.h>

#include <mmref/linux/atomic.h>

struct counted {
	atomic_t pte, ref, freed, done;
	int rounds;
};

/*
 * Out of line, as values that are dead on a stack tell equal states apart: what a
 * function has left behind is gone when it returns.
 */
static bool __attribute__((noinline)) tryget(atomic_t *ref)
{
	int old = atomic_read(ref);

	for (;;) {
		int seen;

		if (!old)
			return false;
		seen = atomic_cmpxchg(ref, old, old + 1);
		if (seen == old)
			return true;
		old = seen;
	}
}

static void __attribute__((noinline)) put(struct counted *c, atomic_t *last)
{
	if (!atomic_dec_and_test(&c->ref))
		return;
	atomic_set(last, 1);
	wake_sleepers(last);
}

/* False at the end of the reader. */
static bool __attribute__((noinline)) gup_once(struct counted *c)
{
	int pte = atomic_read(&c->pte);

	if (!pte || !tryget(&c->ref))
		return false;
	if (atomic_read(&c->pte) != pte) {
		put(c, &c->freed);
		return false;
	}
	mmref_assert(!atomic_read(&c->freed));
	put(c, &c->freed);
	return true;
}

static void gup_reader(void *arg)
{
	struct counted *c = arg;

	for (int k = 0; k < c->rounds; k++)
		if (!gup_once(c))
			return;
}

static void gup_zap(void *arg)
{
	struct counted *c = arg;

	atomic_set(&c->pte, 0);
	put(c, &c->freed);
}

static bool __attribute__((noinline)) ref_once(struct counted *c)
{
	if (!tryget(&c->ref))
		return false;
	mmref_assert(!atomic_read(&c->freed));
	put(c, &c->done);
	return true;
}

static void ref_worker(void *arg)
{
	struct counted *c = arg;

	for (int k = 0; k < c->rounds; k++)
		if (!ref_once(c))
			return;
}

static bool is_done(const void *arg)
{
	return PEEK(((const struct counted *)arg)->done.counter);
}

static void ref_unplug(void *arg)
{
	struct counted *c = arg;

	put(c, &c->done);
	sleep_until(SITE("wait"), &c->done, sizeof(c->done), MMREF_READ, TASK_UNINTERRUPTIBLE,
		    is_done, c);
	atomic_set(&c->freed, 1);
}

static void get_and_put(void *arg)
{
	struct counted *c = arg;

	for (int k = 0; k < c->rounds; k++) {
		atomic_inc(&c->ref);
		put(c, &c->freed);
	}
}

struct mmref_sim *counted_program(const char *name, int threads, int rounds, size_t world)
{
	bool gup = !strcmp(name, "gup"), pure = !strcmp(name, "pure");
	struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);
	struct counted *c;

	if (!sim || (world && !mmref_alloc(sim, world)))
		return NULL;
	c = mmref_alloc(sim, sizeof(*c));
	if (!c)
		return NULL;
	c->pte.counter = 1;
	c->ref.counter = 1;
	c->rounds = rounds;
	for (int i = 0; pure && i < threads; i++)
		mmref_thread(sim, "user", get_and_put, c);
	if (pure)
		return sim;
	for (int i = 0; i < threads - 1; i++)
		mmref_thread(sim, "worker", gup ? gup_reader : ref_worker, c);
	mmref_thread(sim, "last", gup ? gup_zap : ref_unplug, c);
	return sim;
}
