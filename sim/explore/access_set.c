/* SPDX-License-Identifier: MIT */
#include "explore/access_set.h"

#include <string.h>

void access_set_add(struct access_set *set, const volatile void *object, size_t size,
		    enum mmref_access kind)
{
	set->access[set->nr++] = (struct access){
		.start = object,
		.end = (const volatile char *)object + size,
		.kind = kind,
	};
}

/* Most objects are counters and pointers; a memcpy() of constant size is fast for them. */
static uint64_t value(const struct access *access)
{
	const void *start = (const void *)access->start;
	size_t size = access->end - access->start;
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

void access_set_begin(struct access_set *set, const struct mmref_sim *sim, int task)
{
	const struct mmref_step *step = &sim->fiber[task]->pending;

	set->nr = 0;
	access_set_add(set, step->object, step->size, step->access);
	set->may_fail = step->access == MMREF_RMW && step->observed &&
			step->size <= sizeof(set->before);
	if (set->may_fail || step->access == MMREF_ADD)
		set->before = value(&set->access[0]);
}

/* An update that changed nothing, as a failed compare-and-swap, counts as a read. */
void access_set_end(struct access_set *set, const struct mmref_sim *sim)
{
	if (set->may_fail || set->access[0].kind == MMREF_ADD)
		set->after = value(&set->access[0]);
	if (set->may_fail && set->before == set->after)
		set->access[0].kind = MMREF_READ;
	for (unsigned int i = 0; i < sim->nr_touched; i++)
		set->access[set->nr++] = sim->touched[i];
}
