/* SPDX-License-Identifier: MIT */
#include "explore/policy.h"

#include <string.h>

/* --- random numbers --------------------------------------------------------- */

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t draw(struct policy *policy)
{
	uint64_t z = policy->generator += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t draw_below(struct policy *policy, uint64_t bound)
{
	return (unsigned __int128)draw(policy) * bound >> 64;
}

/* One task of @set, each with the same probability. */
static int draw_task(struct policy *policy, unsigned int set)
{
	for (uint64_t skip = draw_below(policy, __builtin_popcount(set)); skip--;)
		set &= set - 1;
	return __builtin_ctz(set);
}

/* --- priorities ----------------------------------------------------------- */

static int highest(const struct policy *policy, unsigned int enabled)
{
	int best = __builtin_ctz(enabled);

	for (enabled &= enabled - 1; enabled; enabled &= enabled - 1) {
		int task = __builtin_ctz(enabled);

		if (policy->priority[task] > policy->priority[best])
			best = task;
	}
	return best;
}

static void draw_priorities(struct policy *policy)
{
	for (int i = 0; i < policy->sim->nr_fibers; i++)
		policy->priority[i] = draw(policy) | UINT64_C(1) << 63;
}

static void pct_begin(struct policy *policy)
{
	draw_priorities(policy);
	for (unsigned int i = 0; i + 1 < policy->depth; i++)
		policy->change_at[i] = 1 + draw_below(policy, policy->profile.length);
}

/* Below all drawn priorities; each change point has a value of its own. */
static void pct_stepped(struct policy *policy, int task)
{
	for (unsigned int i = 0; i + 1 < policy->depth; i++)
		if (policy->change_at[i] == policy->steps)
			policy->priority[task] = i + 1;
}

static bool overlap(const volatile char *start, const volatile char *end,
		    const struct mmref_step *step)
{
	const volatile char *object = step->object;

	return object && start < object + step->size && object < end;
}

/* Does the next step of @fiber race with the step just taken, which announced @step? */
static bool races(const struct mmref_sim *sim, const struct fiber *fiber,
		  const struct mmref_step *step)
{
	const struct mmref_step *pending = &fiber->pending;
	const volatile char *object = step->object;
	bool writes = pending->access != MMREF_READ;

	if ((writes || step->access != MMREF_READ) && overlap(object, object + step->size, pending))
		return true;
	for (unsigned int i = 0; i < sim->nr_touched; i++) {
		const struct access *access = &sim->touched[i];

		if ((writes || access->kind != MMREF_READ) &&
		    overlap(access->start, access->end, pending))
			return true;
	}
	return false;
}

/* New priorities come from the full range: otherwise a task that lost once would lose for ever. */
static void pos_stepped(struct policy *policy, int task, const struct mmref_step *step)
{
	struct mmref_sim *sim = policy->sim;

	for (int i = 0; i < sim->nr_fibers; i++)
		if (i == task || races(sim, sim->fiber[i], step))
			policy->priority[i] = draw(policy) | UINT64_C(1) << 63;
}

/* --- orders of the chosen steps ------------------------------------------- */

static bool is_chosen(const struct policy *policy, const struct mmref_step *step)
{
	return overlap(policy->profile.chosen.start, policy->profile.chosen.end, step);
}

static bool is_over(const struct fiber *fiber)
{
	return fiber->task.done || fiber->task.dead;
}

/* Draw the task to take the next chosen step, in proportion to the chosen steps each has left. */
static void draw_next(struct policy *policy, unsigned int among)
{
	uint64_t sum = 0, at;

	for (unsigned int rest = among; rest; rest &= rest - 1)
		sum += policy->left[__builtin_ctz(rest)];
	policy->next = -1;
	if (!sum)
		return;
	at = draw_below(policy, sum);
	for (unsigned int rest = among; rest; rest &= rest - 1) {
		policy->next = __builtin_ctz(rest);
		if (at < policy->left[policy->next])
			return;
		at -= policy->left[policy->next];
	}
}

static unsigned int all_tasks(const struct policy *policy)
{
	return (1u << policy->sim->nr_fibers) - 1;
}

/* The first run may have taken another path: correct whether @task has a chosen step left. */
static bool correct(struct policy *policy, int task)
{
	const struct fiber *fiber = policy->sim->fiber[task];
	uint32_t before = policy->left[task];

	if (is_over(fiber))
		policy->left[task] = 0;
	else if (!before && is_chosen(policy, &fiber->pending))
		policy->left[task] = 1;
	return policy->left[task] != before;
}

static void surw_begin(struct policy *policy)
{
	memcpy(policy->left, policy->profile.chosen_steps, sizeof(policy->left));
	for (int i = 0; i < policy->sim->nr_fibers; i++)
		correct(policy, i);
	draw_next(policy, all_tasks(policy));
}

static int surw_pick(struct policy *policy, unsigned int enabled)
{
	unsigned int candidates = 0;

	for (unsigned int rest = enabled; rest; rest &= rest - 1) {
		int task = __builtin_ctz(rest);

		if (task == policy->next || !is_chosen(policy, &policy->sim->fiber[task]->pending))
			candidates |= 1u << task;
	}
	if (candidates)
		return draw_task(policy, candidates);
	/* the task drawn waits for one of these */
	draw_next(policy, enabled);
	return policy->next;
}

static void surw_stepped(struct policy *policy, int task, const struct mmref_step *step)
{
	bool chosen = is_chosen(policy, step);

	if (chosen && policy->left[task])
		policy->left[task]--;
	if (correct(policy, task) || chosen)
		draw_next(policy, all_tasks(policy));
}

/* --- a run ---------------------------------------------------------------- */

void policy_begin(struct policy *policy, enum mmref_strategy strategy, uint64_t seed, uint64_t run)
{
	policy->strategy = strategy;
	policy->steps = 0;
	policy->generator = seed;
	policy->generator = draw(policy) + run;
	policy->generator = draw(policy);
	if (strategy == MMREF_PCT)
		pct_begin(policy);
	else if (strategy == MMREF_POS)
		draw_priorities(policy);
	else if (strategy == MMREF_SURW)
		surw_begin(policy);
}

/*
 * A task that retries for ever would starve the others: after this length a run becomes a random
 * walk.
 */
static bool is_long(const struct policy *policy)
{
	return policy->steps > 1024 + 8 * policy->profile.length;
}

int policy_pick(struct policy *policy, unsigned int enabled)
{
	if (policy->strategy == MMREF_RANDOM || is_long(policy))
		return draw_task(policy, enabled);
	if (policy->strategy == MMREF_SURW)
		return surw_pick(policy, enabled);
	return highest(policy, enabled);
}

void policy_stepped(struct policy *policy, int task, const struct mmref_step *step)
{
	policy->steps++;
	if (policy->strategy == MMREF_RANDOM || is_long(policy))
		return;
	if (policy->strategy == MMREF_PCT)
		pct_stepped(policy, task);
	else if (policy->strategy == MMREF_POS)
		pos_stepped(policy, task, step);
	else
		surw_stepped(policy, task, step);
}

/* PCT needs an upper bound of the length; one random walk is not enough for that. */
void policy_ended(struct policy *policy)
{
	if (!is_long(policy) && policy->steps > policy->profile.length)
		policy->profile.length = policy->steps;
}
