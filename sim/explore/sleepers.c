/* SPDX-License-Identifier: MIT */
#include "explore/sleepers.h"

#include <stdlib.h>
#include <string.h>

static bool grow(void **array, size_t *room, size_t wanted, size_t size)
{
	size_t more = *room ? *room : 256;
	void *grown;

	if (wanted <= *room)
		return true;
	while (more < wanted)
		more *= 2;
	grown = realloc(*array, more * size);
	if (!grown)
		return false;
	*array = grown;
	*room = more;
	return true;
}

static struct rest *top(const struct sleepers *sleepers)
{
	return &sleepers->rest[sleepers->depth - 1];
}

bool sleepers_push(struct sleepers *sleepers)
{
	struct rest *rest;

	if (!grow((void **)&sleepers->rest, &sleepers->room, sleepers->depth + 1, sizeof(*rest)))
		return false;
	rest = &sleepers->rest[sleepers->depth++];
	rest->known = 0;
	rest->asleep = 0;
	rest->taken = 0;
	rest->finished = 0;
	rest->touches = sleepers->touches;
	return true;
}

static bool disturbs(const struct sleepers *sleepers, struct nap step, struct nap nap)
{
	return touches_depend(&sleepers->touch[step.first], step.nr, &sleepers->touch[nap.first],
			      nap.nr, false);
}

bool sleepers_follow(struct sleepers *sleepers, int task)
{
	const struct rest *from;
	struct rest *to;

	if (!sleepers_push(sleepers))
		return false;
	to = top(sleepers);
	from = to - 1;
	for (unsigned int rest = from->finished | from->taken; rest; rest &= rest - 1) {
		int other = __builtin_ctz(rest);

		if (disturbs(sleepers, from->nap[task], from->nap[other]))
			continue;
		to->asleep |= 1u << other;
		to->nap[other] = from->nap[other];
	}
	to->known = to->asleep;
	to->finished = to->asleep & from->finished;
	return true;
}

void sleepers_pop(struct sleepers *sleepers)
{
	sleepers->touches = top(sleepers)->touches;
	sleepers->depth--;
}

bool sleepers_tell(struct sleepers *sleepers, int task, const struct effect *effect)
{
	size_t wanted = sleepers->touches + effect->nr;
	struct rest *rest = top(sleepers);

	if (!grow((void **)&sleepers->touch, &sleepers->touch_room, wanted, sizeof(struct touch)))
		return false;
	for (unsigned int i = 0; i < effect->nr; i++)
		sleepers->touch[sleepers->touches + i] = effect->touch[i];
	rest->nap[task] = (struct nap){ .first = sleepers->touches, .nr = effect->nr };
	rest->known |= 1u << task;
	sleepers->touches = wanted;
	return true;
}

void sleepers_add(struct sleepers *sleepers, int task, bool finished)
{
	struct rest *rest = top(sleepers);
	uint16_t bit = rest->known & 1u << task;

	rest->taken |= bit;
	if (finished)
		rest->finished |= bit;
}

unsigned int sleepers_asleep(const struct sleepers *sleepers)
{
	return top(sleepers)->asleep | top(sleepers)->taken;
}

unsigned int sleepers_finished(const struct sleepers *sleepers)
{
	return top(sleepers)->finished;
}

void sleepers_free(struct sleepers *sleepers)
{
	free(sleepers->rest);
	free(sleepers->touch);
}
