/* SPDX-License-Identifier: MIT */
#include "check/dump_tables.h"

#include <string.h>

#include "check/introspect.h"
#include <mmref/linux/pmem.h>
#include "world.h"
#include <mmref/linux/dax.h>
#include <mmref/linux/memremap.h>

struct dump {
	const struct world *world;
	void (*visit)(void *cookie, const struct mmref_entry *entry);
	void *cookie;
};

struct mark {
	unsigned long bit;
	const char *word;
};

/* The words for the bits of @value, separated by spaces. */
static void write_marks(char *text, unsigned long value, const struct mark *mark, size_t nr)
{
	*text = '\0';
	for (size_t i = 0; i < nr; i++) {
		if (!(value & mark[i].bit))
			continue;
		if (*text)
			strncat(text, " ", MMREF_MARKS - strlen(text) - 1);
		strncat(text, mark[i].word, MMREF_MARKS - strlen(text) - 1);
	}
}

static void dump_pte(const struct dump *dump, struct mmref_entry *entry, pte_t pte)
{
	static const struct mark marks[] = {
		{ PTE_WRITE, "write" },	    { PTE_DIRTY, "dirty" },
		{ PTE_SPECIAL, "special" }, { PTE_DEVMAP, "devmap" },
		{ PTE_ANON, "anonymous" },  { PTE_PRIVATE, "private" },
		{ PTE_MIGRATION, "migration" },
	};

	if (!pte)
		return;
	entry->device = -1;
	entry->page = pte & PTE_ANON ? -1 : introspect_pfn(dump->world, pte_pfn(pte));
	write_marks(entry->marks, pte, marks, sizeof(marks) / sizeof(marks[0]));
	dump->visit(dump->cookie, entry);
}

static void dump_mm(const struct dump *dump, const struct mm_struct *mm)
{
	unsigned int order = dump->world->pmd_order;
	struct mmref_entry entry = { .owner = mm->id };

	for (unsigned long i = 0; i < MM_PMDS; i++) {
		const struct pte_table *table = pmd_table(mm->pmd[i]);

		entry.index = i << order;
		if (pmd_leaf(mm->pmd[i])) {
			entry.table = MMREF_TABLE_PMD;
			entry.order = order;
			dump_pte(dump, &entry, mm->pmd[i]);
			continue;
		}
		entry.table = MMREF_TABLE_PTE;
		entry.order = 0;
		for (unsigned long j = 0; table && j < 1UL << order; j++, entry.index++)
			dump_pte(dump, &entry, table->pte[j]);
	}
}

static void dump_dax_entry(const struct dump *dump, struct mmref_entry *entry,
			   unsigned long value, uint8_t tags)
{
	static const struct mark marks[] = {
		{ DAX_LOCKED, "locked" },
		{ DAX_ZERO_PAGE, "zero page" },
		{ DAX_EMPTY, "empty" },
		{ DAX_ZAP, "zapped" },
	};
	static const struct mark tag_marks[] = {
		{ PAGECACHE_TAG_DIRTY, "dirty" }, { PAGECACHE_TAG_TOWRITE, "to write" },
	};
	char tagged[MMREF_MARKS];
	bool names_page = !(value & (DAX_ZERO_PAGE | DAX_EMPTY));

	entry->order = value & DAX_PMD ? dump->world->pmd_order : 0;
	entry->page = names_page ? introspect_pfn(dump->world, value >> DAX_SHIFT) : -1;
	write_marks(entry->marks, value, marks, sizeof(marks) / sizeof(marks[0]));
	write_marks(tagged, tags, tag_marks, sizeof(tag_marks) / sizeof(tag_marks[0]));
	if (*tagged && *entry->marks)
		strncat(entry->marks, " ", MMREF_MARKS - strlen(entry->marks) - 1);
	strncat(entry->marks, tagged, MMREF_MARKS - strlen(entry->marks) - 1);
	dump->visit(dump->cookie, entry);
}

static void dump_inode(const struct dump *dump, const struct inode *inode, int device)
{
	const struct address_space *mapping = &inode->i_mapping;
	struct mmref_entry entry = {
		.table = MMREF_TABLE_DAX, .device = device, .owner = inode->i_ino,
	};

	for (; entry.index < inode->max_pages; entry.index++) {
		const void *value = xa_peek(&mapping->i_pages, entry.index);

		if (value)
			dump_dax_entry(dump, &entry, xa_to_value(value),
				       mapping->i_pages.marks[entry.index]);
	}
}

void dump_tables(const struct world *world,
		 void (*visit)(void *cookie, const struct mmref_entry *entry), void *cookie)
{
	const struct dump dump = { world, visit, cookie };

	for (int i = 0; i < MAX_MMS && world->mms[i]; i++)
		dump_mm(&dump, world->mms[i]);
	for (int i = 0; i < MAX_DEVICES; i++) {
		const struct inode *inode;

		if (!world->devices[i])
			continue;
		for (inode = world->devices[i]->sb->s_inodes; inode; inode = inode->i_next)
			dump_inode(&dump, inode, i);
	}
}
