/* SPDX-License-Identifier: MIT */
/* Rule sets of the user's own, from shared objects: see MMREF_RULES_FILE(). */
#include "cli/cli.h"

#include <mmref/rules_file.h>
#include <mmref/version.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_whole(const struct mmref_rules *rules, const char *file)
{
	if (!rules->name || !rules->name[0] || !rules->ancestor)
		complain("%s: MMREF_RULES_FILE() needs .name and .ancestor", file);
	else if (mmref_rules_find(rules->name))
		complain("%s: there is a rule set '%s' already; it needs a name of its own", file,
			 rules->name);
	else
		return true;
	return false;
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
	return fits(found, file) && is_whole(found->rules, file) ?
		       add_rules_file(handle, found->rules) :
		       NULL;
}
