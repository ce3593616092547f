/* SPDX-License-Identifier: MIT */
/*
 * The rule set: the kernel functions that one kernel, or a proposal, changed.
 *
 * A rule set is a kernel. It states the bodies of the functions that this kernel changed and names
 * the kernel it builds on; functions.def lists all that can be stated. What no rule set states is
 * the same in all kernels and stands in lib/. To try a change of your own, copy a rule set or build
 * on it, replace a function under its own name, and explore:
 *
 *	struct mmref_rules mine = { .name = "mine", .ancestor = &mmref_v7_2 };
 *
 *	mine.dax_busy_page = my_dax_busy_page;
 *
 * Bodies are written against <mmref/kernel.h>. The mmref command takes a rule set from a shared
 * object: <mmref/rules_file.h>.
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

/*
 * A function that a rule set takes from @rules instead of its ancestor: MMREF_TAKEN(mmref_v6_15,
 * insert_page). A list of these ends with { 0 }.
 */
struct mmref_taken {
	const struct mmref_rules *rules;
	size_t offset;
};

#define MMREF_TAKEN(rules, name)	{ &(rules), offsetof(struct mmref_rules, name) }

/* The kernel that a rule set models has no such function, though its ancestor has. */
#define MMREF_GONE			((void *)1)

#define MMREF_BELOW	11

/*
 * A rule set: what one kernel changed. mmref looks each function up in this order:
 *
 *	the function of that name here	MMREF_GONE: this kernel has no such function
 *	->taken				that of another rule set
 *	->ancestor			that of the rule set it builds on, looked up the same way
 *	lib/				the body that all kernels share
 *
 * A call of a function that is found nowhere is a kernel-bug.
 */
struct mmref_rules {
	const char *name;
	const struct mmref_rules *ancestor;	/* the kernel it builds on; or NULL */
	const char *summary;			/* one line */
#define FUNCTION(bodies, returns, name, parameters, ...) returns (*name) parameters;
#include <mmref/functions.def>
	const struct mmref_taken *taken;	/* or NULL */
	const void *below[MMREF_BELOW];		/* an overlay only: the functions it replaced */
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
 * The rule set whose body @rules runs for @function: itself, one that it takes from, or an ancestor. A
 * body that all kernels share belongs to a rule set named "every kernel". NULL: @rules has no such
 * function.
 */
const struct mmref_rules *mmref_rules_body_of(const struct mmref_rules *rules,
					      const struct mmref_function *function);
/* Do @a and @b run the same body for @function? */
bool mmref_rules_share(const struct mmref_rules *a, const struct mmref_rules *b,
		       const struct mmref_function *function);

/* Fill @whole with the name and all functions of @rules, looked up as above. */
void mmref_rules_resolve(struct mmref_rules *whole, const struct mmref_rules *rules);

/* The function @name of @rules, inherited or its own, for another body to call. */
#define MMREF_AS(rules, name)                                                                      \
	((__typeof__(((struct mmref_rules *)0)->name))mmref_rules_function_of(                     \
		&(rules), offsetof(struct mmref_rules, name)))
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
 * The @i-th variant, "v6.1/gup-puts-folios": a rule set with one mistake, built on the one without it.
 * Somebody made the mistake and mended it, or nobody did. NULL past the last. The order is that of
 * their ancestors.
 */
const struct mmref_rules *mmref_rules_variant(size_t i);

/*
 * An overlay replaces the outermost functions of GUP and of put in any rule set: "+arbiter", a page
 * that is held holds its inode. Lay it over a copy of a table, whose name remains yours to give.
 */
#define MMREF_ARBITER	"+arbiter"
void mmref_overlay_arbiter(struct mmref_rules *rules);
/* The @i-th rule set with the overlay, named "v6.1+arbiter"; NULL past the last. */
const struct mmref_rules *mmref_rules_overlaid(size_t i);

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

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
