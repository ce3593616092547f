/* SPDX-License-Identifier: MIT */
/*
 * What is installed with the command:
 *
 *	share/mmref/scenarios		the catalogue: scenarios that 'mmref run' explores
 *	share/mmref/kernel		recorded scenarios; kernel/recorded what kernels did
 *	share/doc/mmref			README.md, docs/
 *
 * $MMREF_DATA, if set, is used instead of share/mmref. Else ../share beside the program, which a
 * build has as links to the source tree; else the folders that the build was configured for.
 */
#ifndef CLI_DATA_H
#define CLI_DATA_H

#include <limits.h>
#include <stdbool.h>

#define DATA_PATH	PATH_MAX	/* bytes of each @path below */
#define DATA_SCENARIOS	"scenarios"
#define DATA_KERNEL	"kernel"

/* Does @name end in .lua, with something before it? */
bool is_script_name(const char *name);
/* The real path of the folder @name of share/mmref; false if it is missing. */
bool data_folder(char *path, const char *name);
/* The same; false after a message. */
bool need_data_folder(char *path, const char *name);
/* The folder of README.md and docs/; false if it is not installed. */
bool doc_folder(char *path);
/* Call @visit for each scenario and folder of the catalogue, until it returns false. */
void visit_catalogue(bool (*visit)(void *cookie, const char *name, const char *path), void *cookie);
/* @argument; or if that is no file, and a name in the catalogue, the path there, put in @path. */
const char *find_scenario(const char *argument, char *path);

#endif
