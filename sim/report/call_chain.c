/* SPDX-License-Identifier: MIT */
#include "report/call_chain.h"

#include <stdio.h>
#include <string.h>

static void add(struct call_chain *chain, const char *name, size_t length)
{
	if (chain->nr < MOST_CALLS)
		snprintf(chain->name[chain->nr++], CALL_NAME, "%.*s", (int)length, name);
}

void call_chain_add(struct call_chain *chain, const char *name)
{
	add(chain, name, strlen(name));
}

void call_chain_read(struct call_chain *chain, const char *text)
{
	chain->nr = 0;
	while (*text) {
		size_t length = strcspn(text, "<");

		add(chain, text, length);
		text += length;
		text += *text == '<';
	}
}

int call_chain_find(const struct call_chain *chain, unsigned int from, const char *name)
{
	for (unsigned int i = from; i < chain->nr; i++)
		if (!strcmp(chain->name[i], name))
			return (int)i;
	return -1;
}

/* v6_1_insert_pfn is the insert_pfn() of v6.1. */
static const char *kernel_name(const char *func)
{
	const struct mmref_site site = { .func = func };

	return mmref_site_function(&site);
}

/* A compiler may move a part of a function out of line: two frames with one name. */
static bool is_last(const struct call_chain *chain, const char *name)
{
	return chain->nr && !strcmp(chain->name[chain->nr - 1], name);
}

void call_chain_keep_kernel(struct call_chain *chain, const struct mmref_site *site)
{
	const struct call_chain all = *chain;
	int first = call_chain_find(&all, 0, site->func);

	chain->nr = 0;
	if (first < 0) {
		call_chain_add(chain, kernel_name(site->func));
		return;
	}
	for (unsigned int i = (unsigned int)first; i < all.nr; i++) {
		const char *name = kernel_name(all.name[i]);

		if (!strncmp(name, "mmref_", strlen("mmref_")))
			return;
		if (!is_last(chain, name))
			call_chain_add(chain, name);
	}
}

bool call_chain_same_order(const struct call_chain *a, const struct call_chain *b)
{
	unsigned int from = 0;

	for (unsigned int i = 0; i < a->nr; i++) {
		int place;

		if (call_chain_find(b, 0, a->name[i]) < 0)
			continue;
		place = call_chain_find(b, from, a->name[i]);
		if (place < 0)
			return false;
		from = (unsigned int)place;
	}
	return true;
}
