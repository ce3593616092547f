/* SPDX-License-Identifier: MIT */
#include "explore/path.h"

#include <stdlib.h>
#include <string.h>

static bool grow(void **array, size_t size)
{
	void *grown = realloc(*array, size);

	if (grown)
		*array = grown;
	return grown;
}

/* As many chains as there is room for states, which is a power of 2. */
static size_t *chain_of(const struct path *path, struct state_key key)
{
	return &path->chain[key.low & (path->room - 1)];
}

static void link_state(struct path *path, size_t i)
{
	size_t *chain = chain_of(path, path->key[i]);

	path->below[i] = *chain;
	*chain = i + 1;
}

void path_link(struct path *path)
{
	memset(path->chain, 0, path->room * sizeof(*path->chain));
	for (size_t i = 0; i < path->depth; i++)
		link_state(path, i);
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
	    !grow((void **)&path->turn, room * sizeof(*path->turn)) ||
	    !grow((void **)&path->key, room * sizeof(*path->key)) ||
	    !grow((void **)&path->below, room * sizeof(*path->below)) ||
	    !grow((void **)&path->chain, room * sizeof(*path->chain)))
		return false;
	path->room = room;
	path_link(path);
	return true;
}

bool path_push(struct path *path, struct state_key key, unsigned int untried, struct turn turn)
{
	if (!path_make_room(path, path->depth + 1))
		return false;
	path->untried[path->depth] = untried;
	path->tasks[path->depth] = 0;
	path->turn[path->depth] = turn;
	path->key[path->depth] = key;
	link_state(path, path->depth++);
	return true;
}

/* What is at the end of the path is at the end of its chain, too. */
void path_pop(struct path *path)
{
	path->depth--;
	*chain_of(path, path->key[path->depth]) = path->below[path->depth];
}

static bool same(struct state_key a, struct state_key b)
{
	return a.low == b.low && a.high == b.high;
}

bool path_has(const struct path *path, struct state_key key)
{
	size_t i = path->room ? *chain_of(path, key) : 0;

	while (i && !same(path->key[i - 1], key))
		i = path->below[i - 1];
	return i;
}

void path_free(struct path *path)
{
	free(path->untried);
	free(path->tasks);
	free(path->turn);
	free(path->key);
	free(path->below);
	free(path->chain);
}
