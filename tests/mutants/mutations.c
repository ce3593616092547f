/* SPDX-License-Identifier: MIT */
#include "mutations.h"

#include <errno.h>
#include <string.h>

#include <mmref/kernel.h>

/* Of what a wrong function is given it looks at nothing. */
#pragma GCC diagnostic ignored "-Wunused-parameter"
/* Where the type is another, the cast stands in a function that is not used. */
#pragma GCC diagnostic ignored "-Wcast-function-type"

/* The rule set that is being made wrong, as it should be: resolved. */
static struct mmref_rules intact;

#define IS(returns, type)	_Generic((returns *)0, type *: true, default: false)
#define FAILURE(returns)                                                                           \
	_Generic((returns *)0, int *: -ENOMEM, long *: -ENOMEM, vm_fault_t *: VM_FAULT_SIGBUS,     \
		 default: 0)

#define FUNCTION(bodies, returns, name, parameters, arguments, ...)                                \
	static returns left_out_##name parameters                                                  \
	{                                                                                          \
		return (returns)0;                                                                 \
	}                                                                                          \
	static returns fails_##name parameters                                                     \
	{                                                                                          \
		return (returns)FAILURE(returns);                                                  \
	}                                                                                          \
	static returns negated_##name parameters                                                   \
	{                                                                                          \
		return (returns)(uintptr_t)!((bool (*) parameters)intact.name)arguments;           \
	}                                                                                          \
	static returns twice_##name parameters                                                     \
	{                                                                                          \
		(void)(intact.name) arguments;                                                     \
		return (intact.name) arguments;                                                    \
	}
#include <mmref/functions.def>

static void one_more(struct folio *folio)
{
	folio_ref_add(folio, 1, HELD_BY_TRANSIENT);
}

static void one_less(struct folio *folio, enum mmref_holder held)
{
	folio_ref_sub_return(folio, 1, held);
}

static bool page_is_idle(const void *page)
{
	return dax_page_is_idle((struct page *)(uintptr_t)page);
}

/* clang-format off: X(what it returns, the function, its name, parameters, { what it does }) */
#define BY_HAND(X)                                                                                 \
	X(struct folio *, try_get_folio, takes_one_more, (struct page *page, int refs),            \
	  { struct folio *folio = (intact.try_get_folio)(page, refs);                                \
	    if (folio) one_more(folio);                                                            \
	    return folio; })                                                                       \
	X(struct folio *, try_get_folio, takes_nothing, (struct page *page, int refs),             \
	  { return page_folio(page); })                                                            \
	X(struct folio *, try_get_folio, takes_at_zero, (struct page *page, int refs),             \
	  { folio_ref_add(page_folio(page), refs, HELD_BY_TRANSIENT);                              \
	    return page_folio(page); })                                                            \
	X(struct folio *, try_get_folio, looks_then_takes, (struct page *page, int refs),          \
	  { struct folio *folio = page_folio(page);                                                \
	    if (!folio_ref_count(folio)) return NULL;                                              \
	    folio_ref_add(folio, refs, HELD_BY_TRANSIENT);                                         \
	    return folio; })                                                                       \
	X(int, insert_page_into_pte_locked, takes_one_more,                                        \
	  (struct vm_area_struct *vma, pte_t *pte, unsigned long addr, struct page *page,          \
	   bool mkwrite),                                                                          \
	  { int err = (intact.insert_page_into_pte_locked)(vma, pte, addr, page, mkwrite);           \
	    if (!err) one_more(page_folio(page));                                                  \
	    return err; })                                                                         \
	X(int, insert_page_into_pte_locked, takes_one_less,                                        \
	  (struct vm_area_struct *vma, pte_t *pte, unsigned long addr, struct page *page,          \
	   bool mkwrite),                                                                          \
	  { int err = (intact.insert_page_into_pte_locked)(vma, pte, addr, page, mkwrite);           \
	    if (!err) one_less(page_folio(page), HELD_BY_PTE);                                     \
	    return err; })                                                                         \
	X(vm_fault_t, vmf_insert_folio_pmd, takes_one_more,                                        \
	  (struct vm_fault *vmf, struct folio *folio, bool write),                                 \
	  { one_more(folio);                                                                       \
	    return (intact.vmf_insert_folio_pmd)(vmf, folio, write); })                              \
	X(vm_fault_t, vmf_insert_folio_pmd, takes_one_less,                                        \
	  (struct vm_fault *vmf, struct folio *folio, bool write),                                 \
	  { vm_fault_t ret = (intact.vmf_insert_folio_pmd)(vmf, folio, write);                       \
	    one_less(folio, HELD_BY_PMD);                                                          \
	    return ret; })                                                                         \
	X(void, put_page, without_what_follows, (struct page *page, enum mmref_holder held),       \
	  { one_less(page_folio(page), held); })                                                   \
	X(void, folio_put, without_what_follows, (struct folio *folio, enum mmref_holder held),    \
	  { one_less(folio, held); })                                                              \
	X(void, folio_put, frees_first, (struct folio *folio, enum mmref_holder held),             \
	  { if (folio_ref_count(folio) == 1) __folio_put(folio);                                   \
	    one_less(folio, held); })                                                              \
	X(void, dax_associate_entry, twice,                                                        \
	  (void *entry, struct address_space *mapping, struct vm_area_struct *vma,                 \
	   unsigned long address, bool shared),                                                    \
	  { (intact.dax_associate_entry)(entry, mapping, vma, address, shared);                      \
	    (intact.dax_associate_entry)(entry, mapping, vma, address, shared); })                   \
	X(void, dax_disassociate_entry, twice,                                                     \
	  (void *entry, struct address_space *mapping, bool trunc),                                \
	  { (intact.dax_disassociate_entry)(entry, mapping, trunc);                                  \
	    (intact.dax_disassociate_entry)(entry, mapping, trunc); })                               \
	X(struct page *, dax_busy_page, always, (void *entry),                                     \
	  { return dax_names_page(entry) ? &dax_to_folio(entry)->page : NULL; })                   \
	X(struct page *, dax_layout_busy_page_range, unmaps_alone,                                 \
	  (struct address_space *mapping, pgoff_t start, pgoff_t end),                             \
	  { (intact.dax_layout_busy_page_range)(mapping, start, end);                                \
	    return NULL; })                                                                        \
	X(int, wait_page_idle, waits_elsewhere,                                                    \
	  (struct page *page, void (*cb)(struct inode *), struct inode *inode),                    \
	  { return ___wait_var_event(&page->index, page_is_idle, page, TASK_INTERRUPTIBLE, cb,     \
				     inode); })                                                    \
	X(void, wait_page_idle_uninterruptible, waits_elsewhere,                                   \
	  (struct page *page, struct inode *inode),                                                \
	  { ___wait_var_event(&page->index, page_is_idle, page, TASK_UNINTERRUPTIBLE, NULL,        \
			      inode); })                                                           \
	X(void, dax_wake_entry, wakes_one,                                                         \
	  (struct xa_state *xas, void *entry, enum dax_wake_mode mode),                            \
	  { (intact.dax_wake_entry)(xas, entry, WAKE_NEXT); })                                       \
	X(void, memunmap_pages, unmaps_first, (struct dev_pagemap *pgmap),                         \
	  { pageunmap_range(pgmap);                                                                \
	    (intact.memunmap_pages)(pgmap); })

#define X(returns, function, name, parameters, ...)                                                \
	static returns name##_##function##_by_hand parameters __VA_ARGS__
BY_HAND(X)
#undef X
/* clang-format on */

/* Does the list say that the function itself takes or puts references, and not one that it calls? */
#define BEGINS(text, with)	(!__builtin_strncmp(text, with, sizeof(with) - 1))
#define COUNTS(references)                                                                         \
	((BEGINS(references, "takes ") && !BEGINS(references, "takes those")) ||                   \
	 (BEGINS(references, "puts ") && !BEGINS(references, "puts those")) ||                     \
	 BEGINS(references, "pins ") || BEGINS(references, "gets ") ||                             \
	 BEGINS(references, "one ") || BEGINS(references, "counts ") ||                            \
	 BEGINS(references, "none is left") || BEGINS(references, "none are left"))

const struct mutation mutations[] = {
#define MUTATION(made, function, name)                                                             \
	{ NUMBER_OF_##function, #function, #name, offsetof(struct mmref_rules, function),          \
	  (made) ? (void (*)(void))name##_##function : NULL },
#define FUNCTION(bodies, returns, name, parameters, arguments, file, locks, references)            \
	MUTATION(true, name, left_out)                                                             \
	MUTATION(IS(returns, int) || IS(returns, long) || IS(returns, vm_fault_t), name, fails)    \
	MUTATION(IS(returns, bool), name, negated)                                                 \
	MUTATION(COUNTS(references), name, twice)
#include <mmref/functions.def>
#define X(returns, function, name, ...)                                                            \
	{ NUMBER_OF_##function, #function, #name, offsetof(struct mmref_rules, function),          \
	  (void (*)(void))name##_##function##_by_hand },
	BY_HAND(X)
#undef X
};
const size_t nr_mutations = sizeof(mutations) / sizeof(mutations[0]);

void mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation)
{
	mmref_rules_resolve(&intact, rules);
	*mutant = *rules;
	memcpy((char *)mutant + mutation->offset, &mutation->body, sizeof(mutation->body));
}
