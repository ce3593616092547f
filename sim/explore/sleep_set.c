/* SPDX-License-Identifier: MIT */
#include "explore/sleep_set.h"

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

static struct sleep_frame *top(const struct sleep_set *sleep)
{
	return &sleep->frame[sleep->depth - 1];
}

bool sleep_set_push(struct sleep_set *sleep)
{
	struct sleep_frame *frame;

	if (!grow((void **)&sleep->frame, &sleep->room, sleep->depth + 1, sizeof(*frame)))
		return false;
	frame = &sleep->frame[sleep->depth++];
	frame->known = 0;
	frame->asleep = 0;
	frame->taken = 0;
	frame->finished = 0;
	frame->accesses = sleep->nr_accesses;
	return true;
}

static bool is_dependent(const struct sleep_set *sleep, struct access_slice a,
			 struct access_slice b)
{
	return accesses_dependent(&sleep->access[a.first], a.nr, &sleep->access[b.first], b.nr,
				  false);
}

bool sleep_set_push_after(struct sleep_set *sleep, int task)
{
	const struct sleep_frame *from;
	struct sleep_frame *to;

	if (!sleep_set_push(sleep))
		return false;
	to = top(sleep);
	from = to - 1;
	for (unsigned int left = from->finished | from->taken; left; left &= left - 1) {
		int other = __builtin_ctz(left);

		if (is_dependent(sleep, from->step[task], from->step[other]))
			continue;
		to->asleep |= 1u << other;
		to->step[other] = from->step[other];
	}
	to->known = to->asleep;
	to->finished = to->asleep & from->finished;
	return true;
}

void sleep_set_pop(struct sleep_set *sleep)
{
	sleep->nr_accesses = top(sleep)->accesses;
	sleep->depth--;
}

bool sleep_set_record(struct sleep_set *sleep, int task, const struct access_set *set)
{
	size_t wanted = sleep->nr_accesses + set->nr;
	struct sleep_frame *frame = top(sleep);

	if (!grow((void **)&sleep->access, &sleep->access_room, wanted, sizeof(struct access)))
		return false;
	for (unsigned int i = 0; i < set->nr; i++)
		sleep->access[sleep->nr_accesses + i] = set->access[i];
	frame->step[task] = (struct access_slice){ .first = sleep->nr_accesses, .nr = set->nr };
	frame->known |= 1u << task;
	sleep->nr_accesses = wanted;
	return true;
}

void sleep_set_add(struct sleep_set *sleep, int task, bool finished)
{
	struct sleep_frame *frame = top(sleep);
	uint16_t bit = frame->known & 1u << task;

	frame->taken |= bit;
	if (finished)
		frame->finished |= bit;
}

unsigned int sleep_set_tasks(const struct sleep_set *sleep)
{
	return top(sleep)->asleep | top(sleep)->taken;
}

unsigned int sleep_set_finished(const struct sleep_set *sleep)
{
	return top(sleep)->finished;
}

void sleep_set_free(struct sleep_set *sleep)
{
	free(sleep->frame);
	free(sleep->access);
}
