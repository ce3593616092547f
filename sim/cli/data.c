/* SPDX-License-Identifier: MIT */
/* Where the scenarios and recordings are that come with mmref, and scenarios by name. */
#include "cli/cli.h"
#include "cli/data.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OVERRIDE "MMREF_DATA"

/* The real path of @folder/@name, or false if there is no such folder. */
static bool is_folder(char *path, const char *folder, const char *name)
{
	char joined[DATA_PATH];
	struct stat status;

	if ((size_t)snprintf(joined, sizeof(joined), "%s/%s", folder, name) >= sizeof(joined))
		return false;
	return !stat(joined, &status) && S_ISDIR(status.st_mode) && realpath(joined, path);
}

/* ../share/@name of the folder that this program stands in, in a build as when installed. */
static bool beside_program(char *path, const char *name)
{
	char program[DATA_PATH];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (length < 0)
		return false;
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (!slash || slash - program + sizeof("/../share") > sizeof(program))
		return false;
	strcpy(slash, "/../share");
	return is_folder(path, program, name);
}

bool doc_folder(char *path)
{
	return beside_program(path, "doc/mmref") || is_folder(path, MMREF_DOC_DIR, "");
}

bool data_folder(char *path, const char *name)
{
	const char *override = getenv(OVERRIDE);
	char inside[64];

	if (override)
		return is_folder(path, override, name);
	snprintf(inside, sizeof(inside), "mmref/%s", name);
	return beside_program(path, inside) || is_folder(path, MMREF_DATA_DIR, name);
}

bool need_data_folder(char *path, const char *name)
{
	const char *override = getenv(OVERRIDE);

	if (data_folder(path, name))
		return true;
	if (override)
		complain(OVERRIDE " is '%s', which has no folder '%s'; unset it, or give it the "
			 "path of an installed share/mmref", override, name);
	else
		complain("no folder '%s' in ../share/mmref beside this program or in "
			 MMREF_DATA_DIR "; install mmref whole, or set " OVERRIDE
			 " to its share/mmref", name);
	return false;
}

bool is_script_name(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && !strcmp(name + length - 4, ".lua");
}

void visit_catalogue(bool (*visit)(void *cookie, const char *name, const char *path), void *cookie)
{
	char folder[DATA_PATH];
	char *roots[] = { folder, NULL };
	char name[NAME_MAX + 1];
	bool go_on = true;
	FTSENT *entry;
	FTS *tree;

	if (!data_folder(folder, DATA_SCENARIOS))
		return;
	tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	while (tree && go_on && (entry = fts_read(tree))) {
		if (entry->fts_level < 1)
			continue;
		if (entry->fts_info == FTS_D) {
			go_on = visit(cookie, entry->fts_name, entry->fts_path);
		} else if (entry->fts_info == FTS_F && is_script_name(entry->fts_name)) {
			snprintf(name, sizeof(name), "%.*s", (int)entry->fts_namelen - 4,
				 entry->fts_name);
			go_on = visit(cookie, name, entry->fts_path);
		}
	}
	if (tree)
		fts_close(tree);
}

struct wanted {
	const char *name;
	char *path;
	bool found;
};

static bool compare_name(void *cookie, const char *name, const char *path)
{
	struct wanted *wanted = cookie;

	wanted->found = !strcmp(name, wanted->name);
	if (wanted->found)
		snprintf(wanted->path, DATA_PATH, "%s", path);
	return !wanted->found;
}

const char *find_scenario(const char *argument, char *path)
{
	struct wanted wanted = { .name = argument, .path = path };

	if (access(argument, F_OK) && errno == ENOENT && !strchr(argument, '/'))
		visit_catalogue(compare_name, &wanted);
	return wanted.found ? path : argument;
}
