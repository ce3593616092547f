/* SPDX-License-Identifier: MIT */
/*
 * The world: one machine, its memory, its devices, its file systems and its
 * processes. Everything the model can change lives in one block of memory that
 * starts with this struct, so that a state is saved by copying it and pointers
 * stay valid when it is copied back.
 *
 *	[ struct world | set-up objects, pages, ledgers | objects made during the run ]
 *
 * The struct has a page to itself: who looks for what has changed then passes it over
 * as long as nothing but objects has.
 */
#ifndef WORLD_H
#define WORLD_H

#include <mmref/rules.h>

#include <mmref/linux/srcu.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/sched.h>
#include <mmref/linux/wait.h>

#define WORLD_OBJECTS	4096	/* bytes from the start of the block to the first of them */
#define MAX_AREAS	8
#define MAX_DEVICES	4
#define MAX_ANON	16
#define MAX_MMS		8

struct address_space;
struct dmirror_device;
struct p2pdma_device;
struct pmem_device;

/* A stretch of kernel memory that can be unmapped: the memmap of a device. */
struct memory_area {
	const void *start;
	const void *end;
	const char *gone;	/* what took it away; NULL while it is there */
};

/* What there is of the struct page of an anonymous page: its lock, and who maps it where. */
struct anon_page {
	unsigned long flags;
	struct address_space *mapping;
	unsigned long index;
};

struct world {
	const struct mmref_rules *rules;	/* struct world_head begins here */
	uint8_t pmd_order;		/* PTEs in a table, as a power of two */
	int devmap_managed;		/* see <mmref/linux/jump_label.h> */
	size_t size;		/* bytes of the block */
	size_t used;		/* of them in use */

	bool debug_vm;		/* CONFIG_DEBUG_VM */
	bool tlb_broadcast;	/* a shootdown interrupts no CPU */

	struct task *tasks[MAX_TASKS];
	struct quiesce irqs_off;
	struct rcu_state rcu;
	struct srcu_struct dax_srcu;
	struct wait_queue dax_waiters;	/* for locked DAX entries, by their place */
	uint8_t zero_byte;		/* what a hole reads as */
	struct page *zero_page;		/* reserved from boot, and not counted by who maps it */
	struct page *huge_zero_folio;	/* from the first PMD that maps a hole */
	struct wait_queue folio_waiters;	/* for locked pages, by their flags */
	uint8_t anon_page[MAX_ANON];	/* what anonymous pages read as; they have no counts here */
	struct anon_page anon[MAX_ANON];	/* the same pages */
	uint16_t anon_used;		/* a bit each */
	spinlock_t var_queues[32];	/* see wait.c; between real threads, never a step */

	struct memory_area areas[MAX_AREAS];
	struct dev_pagemap *pgmaps[MAX_DEVICES];	/* all there ever were; by device */
	struct dev_pagemap *pgmap_array[MAX_DEVICES];	/* what get_dev_pagemap() finds */
	/* a device of any kind has a slot, and stands in one of these */
	struct pmem_device *devices[MAX_DEVICES];
	struct dmirror_device *mirrors[MAX_DEVICES];
	struct p2pdma_device *p2pdma[MAX_DEVICES];
	struct mm_struct *mms[MAX_MMS];
	_Alignas(16) unsigned char rule_state[MMREF_RULE_STATE];	/* mmref_rule_state() */
};

_Static_assert(offsetof(struct world, rules) == offsetof(struct world_head, rules) &&
	       offsetof(struct world, pmd_order) == offsetof(struct world_head, pmd_order) &&
	       offsetof(struct world, devmap_managed) ==
			offsetof(struct world_head, devmap_managed),
	       "the headers of the kernel API look into the world by struct world_head");

/* Lay out an empty world in the @size zeroed bytes at @memory. */
struct world *world_init(void *memory, size_t size, const struct mmref_rules *rules);

/* @size zeroed bytes of the world; they live as long as it does. NULL when it is full. */
void *world_alloc(struct world *world, size_t size);

#define world_new(world, type)	((type *)world_alloc(world, sizeof(type)))

/* The first slot that no device has, or -1. */
int world_free_slot(const struct world *world);

/* mm_get_huge_zero_folio(): made when it is first asked for; NULL when the world is full. */
struct page *world_huge_zero_folio(struct world *world);

/* The area that holds @address, if it is gone; NULL while it is present. */
const struct memory_area *world_absent_area(const struct world *world,
					    const volatile void *address);
/* Declare [@start, @end) as memory that can go away; present at first. */
void world_add_area(struct world *world, const void *start, const void *end);
/* It goes away, or (@gone NULL) comes back. */
void world_set_area(struct world *world, const void *start, const char *gone);

/* The struct page that @address lies in, or NULL; present or not. */
const struct page *world_page_at(const struct world *world, const volatile void *address);

#endif
