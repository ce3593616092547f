/* SPDX-License-Identifier: MIT */
#include "explore/path_keys.h"

#include <stdlib.h>

/* As many chains as there is room for entries, which is a power of 2. */
static size_t *chain_of(const struct path_keys *keys, struct state_key key)
{
	return &keys->chain[key.low & (keys->room - 1)];
}

static void link_entry(struct path_keys *keys, size_t i)
{
	size_t *chain = chain_of(keys, keys->entry[i].key);

	keys->entry[i].below = *chain;
	*chain = i + 1;
}

static bool make_room(struct path_keys *keys)
{
	size_t room = keys->room ? keys->room * 2 : 256;
	struct path_key *entry = realloc(keys->entry, room * sizeof(*entry));
	size_t *chain = calloc(room, sizeof(*chain));

	if (entry)
		keys->entry = entry;
	if (!entry || !chain) {
		free(chain);
		return false;
	}
	free(keys->chain);
	keys->chain = chain;
	keys->room = room;
	for (size_t i = 0; i < keys->nr; i++)
		link_entry(keys, i);
	return true;
}

bool path_keys_push(struct path_keys *keys, struct state_key key)
{
	if (keys->nr == keys->room && !make_room(keys))
		return false;
	keys->entry[keys->nr].key = key;
	link_entry(keys, keys->nr++);
	return true;
}

/* What is at the end of the path is at the end of its chain, too. */
void path_keys_pop(struct path_keys *keys)
{
	const struct path_key *top = &keys->entry[--keys->nr];

	*chain_of(keys, top->key) = top->below;
}

bool path_keys_have(const struct path_keys *keys, struct state_key key)
{
	size_t i = keys->room ? *chain_of(keys, key) : 0;

	while (i && (keys->entry[i - 1].key.low != key.low ||
		     keys->entry[i - 1].key.high != key.high))
		i = keys->entry[i - 1].below;
	return i;
}

void path_keys_free(struct path_keys *keys)
{
	free(keys->entry);
	free(keys->chain);
}
