/* SPDX-License-Identifier: MIT */
#include "explore/effect.h"

#include <string.h>

void effect_touch(struct effect *effect, const volatile void *object, size_t size,
		  enum mmref_access access)
{
	effect->touch[effect->nr++] = (struct touch){
		.start = object,
		.end = (const volatile char *)object + size,
		.access = access,
	};
}

/* Counters and pointers have a size that is known here, and are most of what there is. */
static uint64_t value(const struct touch *touch)
{
	const void *start = (const void *)touch->start;
	size_t size = touch->end - touch->start;
	uint64_t value = 0;
	uint32_t half;

	if (size == sizeof(half)) {
		memcpy(&half, start, sizeof(half));
		return half;
	}
	if (size == sizeof(value))
		memcpy(&value, start, sizeof(value));
	else if (size < sizeof(value))
		memcpy(&value, start, size);
	return value;
}

void effect_begin(struct effect *effect, const struct mmref_sim *sim, int task)
{
	const struct mmref_step *step = &sim->fiber[task]->pending;

	effect->nr = 0;
	effect_touch(effect, step->object, step->size, step->access);
	effect->may_fail = step->access == MMREF_RMW && step->observed &&
			   step->size <= sizeof(effect->before);
	if (effect->may_fail || step->access == MMREF_ADD)
		effect->before = value(&effect->touch[0]);
}

/* An attempt that changed nothing, as a compare-and-swap that failed, has only read. */
void effect_end(struct effect *effect, const struct mmref_sim *sim)
{
	if (effect->may_fail || effect->touch[0].access == MMREF_ADD)
		effect->after = value(&effect->touch[0]);
	if (effect->may_fail && effect->before == effect->after)
		effect->touch[0].access = MMREF_READ;
	for (unsigned int i = 0; i < sim->nr_touched; i++)
		effect->touch[effect->nr++] = sim->touched[i];
}
