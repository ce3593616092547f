/* SPDX-License-Identifier: MIT */
#include "explore/statics.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "explore/entered.h"

#define LARGEST		((size_t)1 << 20)

struct seeker {
	struct statics *statics;
	uintptr_t function;
};

static bool is_in(const struct dl_phdr_info *object, const ElfW(Phdr) *segment, uintptr_t address)
{
	return address - (object->dlpi_addr + segment->p_vaddr) < segment->p_memsz;
}

static bool has(const struct dl_phdr_info *object, uintptr_t address)
{
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_LOAD &&
		    is_in(object, &object->dlpi_phdr[i], address))
			return true;
	return false;
}

/* The loader has made the beginning of the writable segment read-only. */
static size_t read_only_part(const struct dl_phdr_info *object, const ElfW(Phdr) *segment)
{
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *relro = &object->dlpi_phdr[i];

		if (relro->p_type == PT_GNU_RELRO && relro->p_vaddr == segment->p_vaddr)
			return relro->p_memsz < segment->p_memsz ? relro->p_memsz : segment->p_memsz;
	}
	return 0;
}

static void add_area(struct statics *statics, const char *start, size_t size)
{
	struct static_area *area = &statics->area[statics->nr];

	if (statics->nr == MAX_STATICS || !size || size > LARGEST)
		return;
	*area = (struct static_area){ .start = start, .size = size, .before = malloc(size) };
	if (!area->before)
		return;
	memcpy(area->before, start, size);
	statics->nr++;
}

static bool is_known(const struct statics *statics, const char *start)
{
	for (unsigned int i = 0; i < statics->nr; i++)
		if (statics->area[i].start == start)
			return true;
	return false;
}

static int add_object(struct dl_phdr_info *object, size_t size, void *arg)
{
	struct seeker *seeker = arg;

	(void)size;
	if (!has(object, seeker->function))
		return 0;
	if (has(object, (uintptr_t)add_object))
		return 1;	/* mmref's own, or a program that mmref is linked into */
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		size_t skip = read_only_part(object, segment);
		const char *start = (const char *)object->dlpi_addr + segment->p_vaddr + skip;

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_W &&
		    !is_known(seeker->statics, start))
			add_area(seeker->statics, start, segment->p_memsz - skip);
	}
	return 1;
}

void statics_begin(struct statics *statics, const struct mmref_sim *sim)
{
	const struct mmref_function *function;

	statics->nr = 0;
	for (size_t i = 0; sim->foreign_rules && (function = mmref_function_at(i)); i++) {
		struct seeker seeker = { .statics = statics };

		if (!entered_is_foreign(sim, function))
			continue;
		memcpy(&seeker.function, (const char *)&sim->rules + function->offset,
		       sizeof(seeker.function));
		dl_iterate_phdr(add_object, &seeker);
	}
}

bool statics_changed(const struct statics *statics)
{
	for (unsigned int i = 0; i < statics->nr; i++)
		if (memcmp(statics->area[i].start, statics->area[i].before, statics->area[i].size))
			return true;
	return false;
}

void statics_end(struct statics *statics)
{
	while (statics->nr)
		free(statics->area[--statics->nr].before);
}
