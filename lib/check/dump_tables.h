/* SPDX-License-Identifier: MIT */
/* All page tables and DAX entries of a world. */
#ifndef CHECK_DUMP_TABLES_H
#define CHECK_DUMP_TABLES_H

#include <mmref/introspect.h>

struct world;

/* Call @visit for each entry that is not empty: the page tables first, by mm, then the files. */
void dump_tables(const struct world *world,
		 void (*visit)(void *cookie, const struct mmref_entry *entry), void *cookie);

#endif
