/* SPDX-License-Identifier: MIT */
/* Rule sets of the user's own, from shared objects: see MMREF_RULES_FILE(). */
#include "cli/cli.h"
#include "sched/guard.h"

#include <mmref/rules_file.h>
#include <mmref/version.h>

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ANCESTORS	64

struct rules_file {
	struct rules_file *next;
	void *handle; /* the same for one file, however it is named */
	struct mmref_rules rules;
};

static struct rules_file *loaded;

bool is_rules_file(const char *name)
{
	size_t length = strlen(name);

	return length > 3 && !strcmp(name + length - 3, ".so");
}

/* Its functions are bound at once: one bound at its first call leaves traces on a fiber's stack. */
static void *open_rules_file(const char *file)
{
	char path[4096];
	void *handle;

	/* Without a slash dlopen() would look where libraries are. */
	if ((size_t)snprintf(path, sizeof(path), "%s%s", strchr(file, '/') ? "" : "./", file) >=
	    sizeof(path)) {
		complain("%s: the name is too long", file);
		return NULL;
	}
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		complain("no rule set: %s", dlerror());
	return handle;
}

/* Was @found built against the list of functions that this command has? Complains if not. */
static bool fits(const struct mmref_rules_file *found, const char *file)
{
	if (found->size == sizeof(struct mmref_rules) &&
	    !strcmp(found->functions, mmref_function_list))
		return true;
	complain("%s: it was built against another list of kernel functions than this mmref has; "
		 "build it again with the headers of version " MMREF_VERSION,
		 file);
	return false;
}

/* --- what a rule set needs ------------------------------------------------------ */

static uintptr_t stated_at(const struct mmref_rules *rules, size_t offset)
{
	return *(const uintptr_t *)((const char *)rules + offset);
}

static int has_code_at(struct dl_phdr_info *object, size_t size, void *address)
{
	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X &&
		    (uintptr_t)address - (object->dlpi_addr + segment->p_vaddr) < segment->p_memsz)
			return 1;
	}
	return 0;
}

/* Does every rule set of mmref's own have @function? Then the rest of the model calls it. */
static bool is_required(const struct mmref_function *function)
{
	for (size_t i = 0; mmref_rules_at(i); i++)
		if (!mmref_rules_has(mmref_rules_at(i), function->offset))
			return false;
	return true;
}

static bool is_function_good(const struct mmref_rules *rules,
			     const struct mmref_function *function, const char *file)
{
	uintptr_t stated = stated_at(rules, function->offset);

	if (stated == (uintptr_t)MMREF_GONE && is_required(function))
		complain("%s: .%s = MMREF_GONE, but every kernel has %s(), and the model calls it; "
			 "give it a body, or leave it to %s", file, function->name, function->name,
			 rules->ancestor->name);
	else if (stated && stated != (uintptr_t)MMREF_GONE &&
		 !dl_iterate_phdr(has_code_at, (void *)stated))
		complain("%s: .%s is no function; give it the address of one, or leave it to %s", file,
			 function->name, rules->ancestor->name);
	else
		return true;
	return false;
}

/* The functions that are taken from other rule sets; the list ends with { 0 }. */
static bool is_taken_good(const struct mmref_rules *rules, const char *file)
{
	const struct mmref_taken *taken = rules->taken;
	const struct mmref_function *function;

	for (; taken && taken->rules; taken++) {
		size_t i = 0;

		while ((function = mmref_function_at(i)) && function->offset != taken->offset)
			i++;
		if (function && mmref_rules_has(taken->rules, taken->offset))
			continue;
		if (function)
			complain("%s: .taken has %s() of %s, which has no such function", file,
				 function->name, taken->rules->name);
		else
			complain("%s: .taken names no function; its entries are MMREF_TAKEN(rules, "
				 "function), and the last is { 0 }", file);
		return false;
	}
	return true;
}

/* It builds, over whatever other rule sets, on one of mmref's own. */
static bool has_base(const struct mmref_rules *rules, const char *file)
{
	const struct mmref_rules *base = rules->ancestor;

	for (int i = 0; i < MOST_ANCESTORS && base; i++, base = base->ancestor)
		if (base->name && mmref_rules_find(base->name) == base)
			return true;
	complain("%s: .ancestor leads to no rule set of mmref's own, such as &mmref_v7_2", file);
	return false;
}

static bool is_whole(const struct mmref_rules *rules, const char *file)
{
	const struct mmref_function *function;
	bool good = true;

	if (!rules || !rules->name || !rules->name[0] || !rules->ancestor)
		complain("%s: MMREF_RULES_FILE() needs .name and .ancestor", file);
	else if (rules->name[strcspn(rules->name, ", \t\n\"")])
		complain("%s: .name \"%s\" has a blank, a comma or a quote, which the command line "
			 "and reports cannot take", file, rules->name);
	else if (mmref_rules_find(rules->name))
		complain("%s: there is a rule set '%s' already; it needs a name of its own", file,
			 rules->name);
	else if (has_base(rules, file) && is_taken_good(rules, file)) {
		for (size_t i = 0; good && (function = mmref_function_at(i)); i++)
			good = is_function_good(rules, function, file);
		return good;
	}
	return false;
}

struct reading {
	const struct mmref_rules_file *found;
	const char *file;
	bool good;
};

static void read_whole(void *arg)
{
	struct reading *reading = arg;

	reading->good = fits(reading->found, reading->file) &&
			is_whole(reading->found->rules, reading->file);
}

/* The file's pointers may lead anywhere. */
static bool is_good(const struct mmref_rules_file *found, const char *file)
{
	struct reading reading = { .found = found, .file = file };
	bool read;

	if (!guard_hold()) {
		complain("no memory to read %s", file);
		return false;
	}
	read = guard_call(read_whole, &reading);
	guard_release();
	if (!read)
		complain("%s: its rule set cannot be read: a pointer in MMREF_RULES_FILE() leads "
			 "nowhere", file);
	return read && reading.good;
}

static const struct mmref_rules *add_rules_file(void *handle, const struct mmref_rules *rules)
{
	struct rules_file *added = malloc(sizeof(*added));

	if (!added) {
		complain("no memory for the rule set '%s'", rules->name);
		return NULL;
	}
	added->handle = handle;
	added->next = loaded;
	added->rules = *rules;
	if (!added->rules.summary)
		added->rules.summary = "";
	loaded = added;
	return &added->rules;
}

const struct mmref_rules *load_rules_file(const char *file)
{
	const struct mmref_rules_file *found;
	void *handle = open_rules_file(file);

	if (!handle)
		return NULL;
	for (const struct rules_file *known = loaded; known; known = known->next)
		if (known->handle == handle)
			return &known->rules;
	found = dlsym(handle, "mmref_rules_file");
	if (!found) {
		complain(
			"%s: it exports no rule set; MMREF_RULES_FILE() of mmref/rules_file.h does that",
			file);
		return NULL;
	}
	return is_good(found, file) ? add_rules_file(handle, found->rules) : NULL;
}
