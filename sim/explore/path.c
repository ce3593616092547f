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

/* ->room, the number of chains, is a power of 2. */
static size_t *chain_of(const struct path *path, struct fingerprint fp)
{
	return &path->chain[fp.low & (path->room - 1)];
}

static void link_state(struct path *path, size_t i)
{
	size_t *chain = chain_of(path, path->fp[i]);

	path->below[i] = *chain;
	*chain = i + 1;
}

void path_link(struct path *path)
{
	if (path->room)
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
	    !grow((void **)&path->ctx, room * sizeof(*path->ctx)) ||
	    !grow((void **)&path->fp, room * sizeof(*path->fp)) ||
	    !grow((void **)&path->below, room * sizeof(*path->below)) ||
	    !grow((void **)&path->chain, room * sizeof(*path->chain)))
		return false;
	path->room = room;
	path_link(path);
	return true;
}

bool path_push(struct path *path, struct fingerprint fp, unsigned int untried,
	       struct sched_ctx ctx)
{
	if (!path_make_room(path, path->depth + 1))
		return false;
	path->untried[path->depth] = untried;
	path->tasks[path->depth] = 0;
	path->ctx[path->depth] = ctx;
	path->fp[path->depth] = fp;
	link_state(path, path->depth++);
	return true;
}

/* The last state of the path is also the head of its chain. */
void path_pop(struct path *path)
{
	path->depth--;
	*chain_of(path, path->fp[path->depth]) = path->below[path->depth];
}

bool path_has(const struct path *path, struct fingerprint fp)
{
	size_t i = path->room ? *chain_of(path, fp) : 0;

	while (i && !fingerprint_equal(path->fp[i - 1], fp))
		i = path->below[i - 1];
	return i;
}

void path_free(struct path *path)
{
	free(path->untried);
	free(path->tasks);
	free(path->ctx);
	free(path->fp);
	free(path->below);
	free(path->chain);
}
