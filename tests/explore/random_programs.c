/* SPDX-License-Identifier: MIT */
#include "random_programs.h"

#include <mmref/kernel.h>
#include <mmref/linux/pmem.h>
#include <mmref/linux/bug.h>
#include <mmref/linux/percpu-refcount.h>
#include <mmref/linux/wait.h>
#include <mmref/linux/mm.h>

#define MAX_OPS		4
#define MAX_THREADS	3
#define WORDS		2

enum op {
	OP_INC,
	OP_COPY,		/* word[1] = word[0] + 1, in two steps */
	OP_CMPXCHG,
	OP_CRITICAL,		/* a racy increment under the lock */
	OP_TWO_LOCKS,		/* lock, then the other; the order is the argument's */
	OP_WRITER,
	OP_WAIT,		/* until word[0] is not 0 */
	OP_SET_AND_WAKE,
	OP_SET_AND_FORGET,	/* to wake */
	OP_COMPLETE,
	OP_WAIT_COMPLETION,
	OP_READ_SECTION,
	OP_SYNCHRONIZE,
	OP_CALL_RCU,
	OP_IRQS_OFF,
	OP_FLUSH,
	OP_GET_PUT,
	OP_GET,
	OP_PUT,
	OP_TRY_GET_PUT,
	OP_EXCLUSIVE,
	OP_EXCLUSIVE_WAKE,
	NR_OPS,
};

struct shared {
	atomic_t word[WORDS];
	spinlock_t lock[2];
	struct rw_semaphore sem;
	struct completion done;
	struct rcu_head head[MAX_THREADS * MAX_OPS];
	struct wait_queue queue;
	struct page *page;
};

struct part {
	struct shared *shared;
	uint8_t op[MAX_OPS];
	uint8_t argument[MAX_OPS];
	int nr, first_head;
};

static bool word_is_set(const void *arg)
{
	return atomic_read((const atomic_t *)arg);
}

static void racy_increment(atomic_t *word)
{
	int value = READ_ONCE(word->counter);

	WRITE_ONCE(word->counter, value + 1);
}

static void callback(struct rcu_head *head)
{
	(void)head;
	violation(MMREF_KERNEL_WARNING, SITE("callback"), NULL, "a callback ran");
}

static void do_op(struct shared *s, enum op op, int argument, struct rcu_head *head)
{
	atomic_t *word = &s->word[argument];
	struct folio *folio = (struct folio *)s->page;

	switch (op) {
	case OP_INC:
		atomic_inc(word);
		break;
	case OP_COPY:
		WRITE_ONCE(s->word[!argument].counter, READ_ONCE(word->counter) + 1);
		break;
	case OP_CMPXCHG:
		if (atomic_cmpxchg(word, 0, 2))
			atomic_dec(word);
		break;
	case OP_CRITICAL:
		spin_lock(&s->lock[0]);
		racy_increment(word);
		spin_unlock(&s->lock[0]);
		break;
	case OP_TWO_LOCKS:
		spin_lock(&s->lock[argument]);
		spin_lock(&s->lock[!argument]);
		spin_unlock(&s->lock[!argument]);
		spin_unlock(&s->lock[argument]);
		break;
	case OP_WRITER:
		if (argument) {
			down_write(&s->sem);
			racy_increment(&s->word[0]);
			up_write(&s->sem);
		} else {
			down_read(&s->sem);
			(void)READ_ONCE(s->word[0].counter);
			up_read(&s->sem);
		}
		break;
	case OP_WAIT:
		___wait_var_event(word, word_is_set, word, TASK_UNINTERRUPTIBLE, NULL, NULL);
		break;
	case OP_SET_AND_WAKE:
		atomic_set(word, 1);
		wake_up_var(word);
		break;
	case OP_SET_AND_FORGET:
		atomic_set(word, 1);
		break;
	case OP_COMPLETE:
		complete(&s->done);
		break;
	case OP_WAIT_COMPLETION:
		wait_for_completion(&s->done);
		break;
	case OP_READ_SECTION:
		rcu_read_lock();
		(void)READ_ONCE(word->counter);
		rcu_read_unlock();
		break;
	case OP_SYNCHRONIZE:
		atomic_inc(word);
		synchronize_rcu();
		break;
	case OP_CALL_RCU:
		if (argument)
			call_rcu(head, callback);
		break;
	case OP_IRQS_OFF:
		local_irq_save();
		(void)READ_ONCE(word->counter);
		local_irq_restore();
		break;
	case OP_FLUSH:
		atomic_inc(word);
		flush_tlb();
		break;
	case OP_GET_PUT:
		folio_ref_inc(folio, HELD_BY_GET);
		folio_put(folio, HELD_BY_GET);
		break;
	case OP_GET:
		folio_get(folio, HELD_BY_GET);
		break;
	case OP_PUT:
		folio_put(folio, HELD_BY_GET);
		break;
	case OP_TRY_GET_PUT:
		if (folio_ref_add_unless_zero(folio, 1, HELD_BY_TRANSIENT))
			put_page(s->page, HELD_BY_TRANSIENT);
		break;
	case OP_EXCLUSIVE:
		spin_lock(&s->lock[0]);
		prepare_to_wait_exclusive(&s->queue, word);
		spin_unlock(&s->lock[0]);
		schedule();
		finish_wait(&s->queue);
		break;
	case OP_EXCLUSIVE_WAKE:
		spin_lock(&s->lock[0]);
		__wake_up(&s->queue, argument ? 0 : 1, &s->word[0]);
		spin_unlock(&s->lock[0]);
		break;
	case NR_OPS:
		break;
	}
}

static void do_part(const struct part *part, int at)
{
	do_op(part->shared, part->op[at], part->argument[at],
	      &part->shared->head[part->first_head + at]);
}

static void body(void *arg)
{
	const struct part *part = arg;

	for (int i = 0; i < part->nr; i++)
		do_part(part, i);
}

/* Out of line, and asked each time: kept on a stack, the number would tell the threads apart. */
static int __attribute__((noinline)) own_number(void)
{
	__asm__ volatile("" : : : "memory");
	return current->id;
}

/* The first operation, and then one that depends on who it is. */
static void body_by_number(void *arg)
{
	const struct part *part = arg;

	do_part(part, 0);
	do_part(part, 1 + own_number() % (MAX_OPS - 1));
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct shared *random_world(struct mmref_sim *sim)
{
	struct shared *shared = mmref_alloc(sim, sizeof(*shared));

	shared->page = pmem_new(sim->world, 1, MEMORY_DEVICE_FS_DAX, &ext4_fs_type)->pgmap->memmap;
	return shared;
}

static void draw_ops(struct part *part, int first, int end, uint64_t *state)
{
	for (int i = first; i < end; i++) {
		part->op[i] = next(state) % NR_OPS;
		part->argument[i] = next(state) % WORDS;
	}
}

static struct part *random_part(struct mmref_sim *sim, struct shared *shared, int most,
				uint64_t *state)
{
	struct part *part = mmref_alloc(sim, sizeof(*part));

	part->shared = shared;
	part->first_head = sim->nr_threads * MAX_OPS;
	part->nr = 1 + next(state) % most;
	draw_ops(part, 0, part->nr, state);
	return part;
}

static struct mmref_sim *sim_under_either(uint64_t *state)
{
	return mmref_sim_new(next(state) % 2 ? &mmref_v7_2 : &mmref_v6_1);
}

struct mmref_sim *random_program(uint64_t seed)
{
	static const char *const names[MAX_THREADS] = { "a", "b", "c" };
	uint64_t state = seed;
	struct mmref_sim *sim = sim_under_either(&state);
	int threads = 2 + next(&state) % 2;
	struct shared *shared;

	if (!sim)
		return NULL;
	shared = random_world(sim);
	for (int t = 0; t < threads; t++)
		mmref_thread(sim, names[t], body,
			     random_part(sim, shared, threads == 2 ? MAX_OPS - 1 : 2, &state));
	return sim;
}

static struct mmref_sim *twins_that_do(void (*what)(void *arg), uint64_t seed)
{
	uint64_t state = seed;
	struct mmref_sim *sim = sim_under_either(&state);
	int twins = 2 + next(&state) % 2;
	struct shared *shared;
	struct part *part;

	if (!sim)
		return NULL;
	shared = random_world(sim);
	part = random_part(sim, shared, twins == 2 ? 3 : 2, &state);
	draw_ops(part, part->nr, MAX_OPS, &state);
	for (int i = 0; i < MAX_OPS; i++)
		if (part->op[i] == OP_CALL_RCU)
			part->op[i] = OP_INC;	/* they would share its head */
	for (int t = 0; t < twins; t++)
		mmref_thread(sim, "twin", what, part);
	if (twins == 2)
		mmref_thread(sim, "other", body, random_part(sim, shared, 2, &state));
	return sim;
}

struct mmref_sim *random_twins(uint64_t seed)
{
	return twins_that_do(body, seed);
}

struct mmref_sim *random_false_twins(uint64_t seed)
{
	return twins_that_do(body_by_number, seed);
}
