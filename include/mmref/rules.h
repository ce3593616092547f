/* SPDX-License-Identifier: MIT */
/*
 * The rule set: the points at which two kernels count device pages differently.
 *
 * The walks (fault, zap, GUP, truncate, evict, unbind) and their locks are
 * written once, in lib/mm, lib/fs and lib/drivers, and call into this table
 * where kernels differ. A rule set is a whole table; a later kernel takes over
 * the functions of an earlier one by naming them. To try a rule of your own,
 * copy a table, replace one function, and explore:
 *
 *	struct mmref_rules mine = mmref_v7_2;
 *
 *	mine.name = "no wake-up on the last put";
 *	mine.free = NULL;
 *
 * The mmref command takes such a table from a shared object: see MMREF_RULES_FILE().
 *
 * A hook that may be NULL says so; NULL means that this kernel does nothing
 * there. Hooks run inside the model: what other tasks can see of them is a step,
 * so they use the model's own operations, declared at the end.
 */
#ifndef MMREF_RULES_H
#define MMREF_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mmref/linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct gup;

typedef uint64_t mmref_pte;

/* MEMORY_DEVICE_*, include/linux/memremap.h */
enum mmref_memory_type {
	MEMORY_DEVICE_PRIVATE = 1,
	MEMORY_DEVICE_COHERENT,
	MEMORY_DEVICE_FS_DAX,
	MEMORY_DEVICE_GENERIC,
	MEMORY_DEVICE_PCI_P2PDMA,
};

/* Who holds a reference to a page. */
enum mmref_holder {
	HELD_BY_BASE,		/* the count that a free page starts with */
	HELD_BY_PTE,
	HELD_BY_PMD,
	HELD_BY_DAX_ENTRY,
	HELD_BY_GET,		/* FOLL_GET and its like, until put_page() */
	HELD_BY_PIN,		/* FOLL_PIN, until unpin_user_page() */
	HELD_BY_GATHER,		/* queued in an mmu_gather, dropped after the flush */
	HELD_BY_TRANSIENT,	/* a fault's or a GUP walk's own, gone when it returns */
	MMREF_NR_HOLDERS,
};

/* "PTE", "DAX entry" */
const char *mmref_holder_name(enum mmref_holder holder);

/* Every point of the table, in its order. */
#define MMREF_RULE_POINTS(X)                                                                       \
	X(punch_writes_back) X(fallocate_breaks_first)                                             \
	X(read_finds_shared) X(clone_looks_again)                                                  \
	X(gup_admit) X(gup_admit_pmd) X(gup_grab) X(gup_grab_leaf) X(gup_grab_locked)              \
	X(gup_unchanged) X(gup_keeps_leaf) X(gup_fast_allowed) X(gup_finish)                       \
	X(gup_hold) X(gup_drop)                                                                    \
	X(io_uring_takes_files) X(exit_takes_uring_lock)                                           \
	X(put_page) X(folio_put) X(free)                                                           \
	X(break_layout) X(evict_begin)                                                             \
	X(fuse_breaks_all) X(fuse_evict_begin)

enum mmref_rule_point {
#define X(point) MMREF_POINT_##point,
	MMREF_RULE_POINTS(X)
#undef X
	MMREF_NR_POINTS,
};

/* Fills a point of a table, and notes the name of what fills it for mmref_rules_function(). */
#define MMREF_RULE(point, value) .point = value, .function[MMREF_POINT_##point] = #value

/* Replaces a point of a table that is a copy of another, and notes the new name. */
#define MMREF_REPLACE(rules, point, value)                                                         \
	((rules)->point = (value), (rules)->function[MMREF_POINT_##point] = #value)

/*
 * A function that a rule set takes from @rules, which is not its base; a list of these ends with
 * { 0 }: MMREF_TAKEN(mmref_v6_15, insert_page).
 */
struct mmref_taken {
	const struct mmref_rules *rules;
	size_t offset;
};

#define MMREF_TAKEN(rules, name)	{ &(rules), offsetof(struct mmref_rules, name) }

/* The kernel that a rule set models has no such function, though its base has. */
#define MMREF_GONE			((void *)1)

struct mmref_rules {
	const char *name;
	const struct mmref_rules *ancestor;	/* whose functions it mostly names; or NULL */
	const char *summary;			/* one line */

	/*
	 * The kernel functions of functions.def: NULL where it is that of the base. What is
	 * taken from another rule set than the base stands in ->taken.
	 */
#define FUNCTION(bodies, returns, name, parameters, ...) returns (*name) parameters;
#include <mmref/functions.def>
	const struct mmref_taken *taken;

	/* --- a page at rest ------------------------------------------------- */

	/* --- fault ---------------------------------------------------------- */


	/* --- fallocate ------------------------------------------------------ */

	/* Before a hole is punched, what is dirty of it is written back, a PMD as a whole. */
	bool punch_writes_back;
	/* ext4 breaks the layout before it looks whether what goes lies within the file at all. */
	bool fallocate_breaks_first;
	/* --- extents that several files share --------------------------------- */

	/* A read of such an extent is told so; where not, only a write is, of the copy it makes. */
	bool read_finds_shared;
	/*
	 * A clone that found a page of the second file busy looks at that page once more,
	 * and where it is idle by then at no other.
	 */
	bool clone_looks_again;

	/* --- get_user_pages ------------------------------------------------- */

	/* May the walk take the page behind @pte? Called before any reference is held. */
	bool (*gup_admit)(struct gup *gup, mmref_pte pte);
	/*
	 * The same of a leaf PMD under the page_table_lock, where a refusal is -EFAULT; without
	 * the lock gup_grab_leaf asks.
	 */
	bool (*gup_admit_pmd)(struct gup *gup, mmref_pte pmd);
	/* Take it @refs times without the lock: the folio, or NULL if its count is 0. */
	struct folio *(*gup_grab)(struct gup *gup, struct page *page, int refs);
	/*
	 * Take @nr pages behind a PMD so, as one folio, which is gup->leaf then, or page by page;
	 * false, and none is held, where one cannot be had.
	 */
	bool (*gup_grab_leaf)(struct gup *gup, mmref_pte pmd, struct page *page, int nr);
	/* What was taken is held: are PMD and PTE what they were when the page was found? */
	bool (*gup_unchanged)(const struct gup *gup);
	/* Where that fails, or the PMD has changed since, what was taken counts as had all the same. */
	bool gup_keeps_leaf;
	/* Take it under the page table lock: 0 or -errno. */
	int (*gup_grab_locked)(struct gup *gup, struct page *page);
	/*
	 * Held, and the entry unchanged: may @folio be had without the lock? Not asked of a leaf
	 * that was taken page by page. May be NULL.
	 */
	bool (*gup_fast_allowed)(struct gup *gup, struct folio *folio);
	/* The walk without locks leaves a table of PTEs, or the other ends. May be NULL. */
	void (*gup_finish)(struct gup *gup);
	/*
	 * Of the inode that a VMA maps: before the walk, for each page that it will give out,
	 * and once that page was put. Both or neither; NULL: a page held holds no inode.
	 */
	void (*gup_hold)(struct inode *inode);
	void (*gup_drop)(struct inode *inode);

	/* io_uring registers buffers that lie in files. */
	bool io_uring_takes_files;
	/* An exit takes the lock that io_uring holds over an unregister. */
	bool exit_takes_uring_lock;

	/* --- put and free --------------------------------------------------- */

	/* put_page() and gup_put_folio(): @refs of the count go, which were @held. */
	void (*put_page)(struct page *page, int refs, enum mmref_holder held);
	/* folio_put(), and what is put through it. */
	void (*folio_put)(struct folio *folio, int refs, enum mmref_holder held);
	/* The count has reached 0. May be NULL. */
	void (*free)(struct folio *folio);

	/* --- break layouts, truncate, eviction ------------------------------ */

	/*
	 * Until no page of [@first, @last] is busy, and then remove the entries or not. The
	 * invalidate_lock is held. 0 or -ERESTARTSYS.
	 */
	int (*break_layout)(struct inode *inode, unsigned long first, unsigned long last);
	/* What ext4's and xfs's own evict_inode() begins with. May be NULL. */
	void (*evict_begin)(struct inode *inode);
	/* A truncate of fuse breaks the layout of the whole file; where not, of its first page. */
	bool fuse_breaks_all;
	/* What fuse's evict_inode() begins with. May be NULL. */
	void (*fuse_evict_begin)(struct inode *inode);

	/* What MMREF_RULE() noted; a point filled without it has no name. */
	const char *function[MMREF_NR_POINTS];
};

extern const struct mmref_rules mmref_v6_1;
extern const struct mmref_rules mmref_v6_12;
extern const struct mmref_rules mmref_williams_2022_v2;
extern const struct mmref_rules mmref_williams_2022;
extern const struct mmref_rules mmref_gunthorpe_2022;
extern const struct mmref_rules mmref_popple_2023;
extern const struct mmref_rules mmref_v6_15;
extern const struct mmref_rules mmref_v7_2;

/* An entry of functions.def. */
struct mmref_function {
	const char *name;
	const char *returns, *parameters;	/* in C */
	const char *file;			/* of the kernel */
	const char *locks, *references;
	bool alike;				/* one body does for all kernels */
	size_t offset;				/* in struct mmref_rules */
};

/* The @i-th kernel function of the list; NULL past the last. */
const struct mmref_function *mmref_function_at(size_t i);
/* The entry of @name, or NULL. */
const struct mmref_function *mmref_function_find(const char *name);

/*
 * Whose body @rules runs for @function: the rule set that states it, be it an ancestor. Its name is
 * "every kernel" for a body that all kernels share. NULL: @rules has no such function.
 */
const struct mmref_rules *mmref_rules_body_of(const struct mmref_rules *rules,
					      const struct mmref_function *function);
/* Do @a and @b run the same body for @function? */
bool mmref_rules_share(const struct mmref_rules *a, const struct mmref_rules *b,
		       const struct mmref_function *function);

/* Fill @whole with @rules and, where that has no function of its own, what it builds on. */
void mmref_rules_resolve(struct mmref_rules *whole, const struct mmref_rules *rules);

/* The function @name as @rules has it, be it inherited; to be called by another body. */
#define MMREF_AS(rules, name)                                                                      \
	((__typeof__((rules).name))mmref_rules_function_of(&(rules),                               \
							   offsetof(struct mmref_rules, name)))
const void *mmref_rules_function_of(const struct mmref_rules *rules, size_t offset);

/* Does the kernel that @rules models have the function @name? */
#define MMREF_HAS(rules, name)                                                                     \
	mmref_rules_has(&(rules), offsetof(struct mmref_rules, name))
bool mmref_rules_has(const struct mmref_rules *rules, size_t offset);

/*
 * The rule set named @name ("v6.1", or its other name "old"; "v6.1+arbiter"; the variant
 * "v6.1/gup-puts-folios"), or NULL.
 */
const struct mmref_rules *mmref_rules_find(const char *name);

/* The @i-th rule set; NULL past the last. Each stands behind those it learned from. */
const struct mmref_rules *mmref_rules_at(size_t i);

/*
 * The @i-th variant, "v6.1/gup-puts-folios": its ancestor but for the points of one mistake,
 * which was made in a posting or a kernel and mended since, or which nobody must make. NULL
 * past the last. They stand in the order of their ancestors.
 */
const struct mmref_rules *mmref_rules_variant(size_t i);

/*
 * An overlay, which replaces a few points of any rule set: "+arbiter", whoever holds pages
 * holds their inode. Lay it over a copy of a table, whose name remains yours to give.
 */
#define MMREF_ARBITER	"+arbiter"
void mmref_overlay_arbiter(struct mmref_rules *rules);
/* The @i-th rule set with the overlay, named "v6.1+arbiter"; NULL past the last. */
const struct mmref_rules *mmref_rules_overlaid(size_t i);

/*
 * The points of the table: the name of the @i-th hook (NULL past the last), and
 * the name of what @rules has there ("insert_pfn", "-" for nothing).
 */
const char *mmref_rules_point(size_t i);
const char *mmref_rules_function(const struct mmref_rules *rules, size_t i);
/* Do @a and @b have the very same there? Two functions may share a name and differ. */
bool mmref_rules_same(const struct mmref_rules *a, const struct mmref_rules *b, size_t i);

/*
 * Memory of a rule set's own: @size zeroed bytes of the world, at most MMREF_RULE_STATE, at an address
 * that any type is aligned to. Each world has one such block, the same for all tasks; it is restored
 * with the state, and can be used from the first memremap_pages() on, as the scene is set. Accesses that
 * other tasks can see are steps: READ_ONCE(), atomics. A larger @size is a kernel-bug.
 *
 *	struct mine { int key; } *mine = mmref_rule_state(sizeof(*mine));
 */
#define MMREF_RULE_STATE	256
void *mmref_rule_state(size_t size);

/* --- what a hook may do: each is one step, and may let other tasks run --- */

/* folio_ref_count() */
int mmref_folio_ref_count(struct folio *folio);
/* folio_ref_inc(): not looked at, and not refused at 0. */
void mmref_folio_ref_inc(struct folio *folio, enum mmref_holder held);
/* folio_get(): as folio_ref_inc(), a VM_BUG_ON at 0. */
void mmref_folio_get(struct folio *folio, enum mmref_holder held);
/* folio_put() of the rule set the world runs under. */
void mmref_folio_put(struct folio *folio, enum mmref_holder held);
/* wake_up_var() */
void mmref_wake_up_var(const volatile void *address);
/* page_folio() */
struct folio *mmref_page_folio(struct page *page);
/* put_dev_pagemap() of the pgmap that @folio belongs to. */
void mmref_put_dev_pagemap(struct folio *folio);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
