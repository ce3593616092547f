/* SPDX-License-Identifier: MIT */
#include "explore/path.h"

#include <stdlib.h>

static bool grow(void **array, size_t size)
{
	void *grown = realloc(*array, size);

	if (grown)
		*array = grown;
	return grown;
}

bool path_make_room(struct path *path, size_t depth)
{
	size_t room = path->room ? path->room : 256;

	if (depth <= path->room)
		return true;
	while (room < depth)
		room *= 2;
	if (!grow((void **)&path->untried, room * sizeof(*path->untried)) ||
	    !grow((void **)&path->tasks, room) ||
	    !grow((void **)&path->key, room * sizeof(*path->key)))
		return false;
	path->room = room;
	return true;
}

void path_free(struct path *path)
{
	free(path->untried);
	free(path->tasks);
	free(path->key);
}
