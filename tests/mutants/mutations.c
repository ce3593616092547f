/* SPDX-License-Identifier: MIT */
#include "mutations.h"

#include "rules/rules.h"

#include <errno.h>
#include <string.h>

/* Whatever a wrong hook is given, most of it is not looked at. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* The rule set that is being made wrong, as it should be. */
static const struct mmref_rules *intact;

static void one_more(struct page *page)
{
	folio_ref_add(page_folio(page), 1, HELD_BY_TRANSIENT);
}

static void one_less(struct page *page, enum mmref_holder held)
{
	folio_ref_sub_return(page_folio(page), 1, held);
}

static struct folio *grab(struct gup *gup, struct page *page, int refs)
{
	struct folio *folio = page_folio(page);

	folio_ref_add(folio, refs, HELD_BY_TRANSIENT);
	gup_complete_pin(gup, folio, refs);
	return folio;
}

/* clang-format off: X(what it returns, the point, its name, arguments, { what it does }) */
#define MUTATED_FUNCTIONS(X)                                                                       \
	X(int, initial_count, one_more, (enum mmref_memory_type type),                             \
	  { return intact->initial_count(type) + 1; })                                             \
	X(int, initial_count, other, (enum mmref_memory_type type),                                \
	  { return !intact->initial_count(type); })                                                \
	X(struct page *, busy, never, (struct page *page, unsigned int order),                     \
	  { return NULL; })                                                                        \
	X(struct page *, busy, always, (struct page *page, unsigned int order),                    \
	  { return page; })                                                                        \
	X(struct page *, busy, first_page_alone, (struct page *page, unsigned int order),          \
	  { return intact->busy(page, 0); })                                                       \
	X(bool, idle, never, (struct page *page), { return false; })                               \
	X(bool, idle, always, (struct page *page), { return true; })                               \
	X(bool, idle_peek, never, (const struct page *page), { return false; })                    \
	X(bool, idle_peek, always, (const struct page *page), { return true; })                    \
	X(const volatile void *, wait_address, other, (struct page *page),                         \
	  { return &page->index; })                                                                \
	X(bool, fault_request, always, (unsigned long pfn), { return true; })                      \
	X(bool, fault_request, never, (unsigned long pfn), { return false; })                      \
	X(bool, fault_request, twice, (unsigned long pfn),                                         \
	  { return intact->fault_request(pfn) && intact->fault_request(pfn); })                    \
	X(void, fault_begin, left_out, (struct folio *folio), { })                                 \
	X(void, fault_begin, twice, (struct folio *folio),                                         \
	  { intact->fault_begin(folio); intact->fault_begin(folio); })                             \
	X(void, fault_end, left_out, (struct folio *folio), { })                                   \
	X(void, fault_end, twice, (struct folio *folio),                                           \
	  { intact->fault_end(folio); intact->fault_end(folio); })                                 \
	X(int, map_admit, always, (struct page *page, unsigned int order), { return 0; })          \
	X(int, map_admit, never, (struct page *page, unsigned int order), { return -EINVAL; })     \
	X(void, map_pte, left_out,                                                                 \
	  (struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write), { })           \
	X(void, map_pte, takes_one_more,                                                           \
	  (struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write),                \
	  { intact->map_pte(vma, ptep, page, write); one_more(page); })                            \
	X(void, map_pte, takes_one_less,                                                           \
	  (struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool write),                \
	  { intact->map_pte(vma, ptep, page, write); one_less(page, HELD_BY_PTE); })               \
	X(int, map_existing, left_out,                                                             \
	  (struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool mkwrite),              \
	  { return 0; })                                                                           \
	X(int, map_existing, fails,                                                                \
	  (struct vm_area_struct *vma, pte_t *ptep, struct page *page, bool mkwrite),              \
	  { return -EFAULT; })                                                                     \
	X(void, map_pmd, left_out,                                                                 \
	  (struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write), { })           \
	X(void, map_pmd, takes_one_more,                                                           \
	  (struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write),                \
	  { intact->map_pmd(vma, pmdp, page, write); one_more(page); })                            \
	X(void, map_pmd, takes_one_less,                                                           \
	  (struct vm_area_struct *vma, pmd_t *pmdp, struct page *page, bool write),                \
	  { intact->map_pmd(vma, pmdp, page, write); one_less(page, HELD_BY_PMD); })               \
	X(struct page *, normal_page, never, (struct vm_area_struct *vma, pte_t pte),              \
	  { return NULL; })                                                                        \
	X(struct page *, normal_page, always, (struct vm_area_struct *vma, pte_t pte),             \
	  { return pte_page(pte); })                                                               \
	X(struct page *, zap_pmd_page, never, (struct vm_area_struct *vma, pmd_t pmd),             \
	  { return NULL; })                                                                        \
	X(struct page *, zap_pmd_page, always, (struct vm_area_struct *vma, pmd_t pmd),            \
	  { return pte_page(pmd); })                                                               \
	X(bool, associate, left_out, (struct address_space *mapping, struct page *page,            \
				      unsigned long index, unsigned int order),                    \
	  { return true; })                                                                        \
	X(bool, associate, refuses, (struct address_space *mapping, struct page *page,             \
				     unsigned long index, unsigned int order),                     \
	  { return false; })                                                                       \
	X(bool, associate, twice, (struct address_space *mapping, struct page *page,               \
				   unsigned long index, unsigned int order),                       \
	  { return intact->associate(mapping, page, index, order) &&                               \
		   intact->associate(mapping, page, index, order); })                              \
	X(void, disassociate, left_out, (struct address_space *mapping, struct page *page,         \
					 unsigned int order, bool trunc), { })                     \
	X(void, disassociate, twice, (struct address_space *mapping, struct page *page,            \
				      unsigned int order, bool trunc),                             \
	  { intact->disassociate(mapping, page, order, trunc);                                     \
	    intact->disassociate(mapping, page, order, trunc); })                                  \
	X(bool, associate_shared, left_out, (struct address_space *mapping, struct page *page,     \
					     unsigned long index, unsigned int order),             \
	  { return true; })                                                                        \
	X(bool, associate_shared, refuses, (struct address_space *mapping, struct page *page,      \
					    unsigned long index, unsigned int order),              \
	  { return false; })                                                                       \
	X(bool, associate_shared, twice, (struct address_space *mapping, struct page *page,        \
					  unsigned long index, unsigned int order),                \
	  { return intact->associate_shared(mapping, page, index, order) &&                        \
		   intact->associate_shared(mapping, page, index, order); })                       \
	X(bool, associate_shared, as_not_shared, (struct address_space *mapping,                   \
						  struct page *page, unsigned long index,          \
						  unsigned int order),                             \
	  { return intact->associate(mapping, page, index, order); })                              \
	X(long, share_peek, never, (const struct page *page), { return -1; })                      \
	X(bool, gup_admit, always, (struct gup *gup, pte_t pte), { return true; })                 \
	X(bool, gup_admit, never, (struct gup *gup, pte_t pte), { return false; })                 \
	X(bool, gup_admit_pmd, always, (struct gup *gup, pmd_t pmd), { return true; })             \
	X(bool, gup_admit_pmd, never, (struct gup *gup, pmd_t pmd), { return false; })             \
	X(struct folio *, gup_grab, never, (struct gup *gup, struct page *page, int refs),         \
	  { return NULL; })                                                                        \
	X(struct folio *, gup_grab, takes_nothing, (struct gup *gup, struct page *page, int refs), \
	  { return page_folio(page); })                                                            \
	X(struct folio *, gup_grab, takes_at_zero, (struct gup *gup, struct page *page, int refs), \
	  { return grab(gup, page, refs); })                                                       \
	X(struct folio *, gup_grab, looks_then_takes,                                              \
	  (struct gup *gup, struct page *page, int refs),                                          \
	  { return folio_ref_count(page_folio(page)) ? grab(gup, page, refs) : NULL; })            \
	X(struct folio *, gup_grab, takes_one_more,                                                \
	  (struct gup *gup, struct page *page, int refs),                                          \
	  { struct folio *folio = intact->gup_grab(gup, page, refs);                               \
	    if (folio) one_more(page);                                                             \
	    return folio; })                                                                       \
	X(bool, gup_grab_leaf, never, (struct gup *gup, pmd_t pmd, struct page *page, int nr),     \
	  { return false; })                                                                       \
	X(bool, gup_grab_leaf, takes_nothing,                                                      \
	  (struct gup *gup, pmd_t pmd, struct page *page, int nr), { return true; })               \
	X(bool, gup_grab_leaf, takes_one_more,                                                     \
	  (struct gup *gup, pmd_t pmd, struct page *page, int nr),                                 \
	  { bool had = intact->gup_grab_leaf(gup, pmd, page, nr);                                  \
	    if (had) one_more(page);                                                               \
	    return had; })                                                                         \
	X(bool, gup_unchanged, always, (const struct gup *gup), { return true; })                  \
	X(bool, gup_unchanged, never, (const struct gup *gup), { return false; })                  \
	X(bool, gup_unchanged, pte_alone, (const struct gup *gup),                                 \
	  { return gup->ptep ? ptep_get(gup->ptep) == gup->pte : intact->gup_unchanged(gup); })    \
	X(bool, gup_unchanged, pmd_alone, (const struct gup *gup),                                 \
	  { return READ_ONCE(*gup->pmdp) == gup->pmd; })                                           \
	X(int, gup_grab_locked, fails, (struct gup *gup, struct page *page), { return -ENOMEM; })  \
	X(int, gup_grab_locked, takes_nothing, (struct gup *gup, struct page *page),               \
	  { return 0; })                                                                           \
	X(int, gup_grab_locked, takes_one_more, (struct gup *gup, struct page *page),              \
	  { int err = intact->gup_grab_locked(gup, page);                                          \
	    if (!err) one_more(page);                                                              \
	    return err; })                                                                         \
	X(bool, gup_fast_allowed, always, (struct gup *gup, struct folio *folio),                  \
	  { return true; })                                                                        \
	X(bool, gup_fast_allowed, never, (struct gup *gup, struct folio *folio),                   \
	  { return false; })                                                                       \
	X(void, gup_finish, left_out, (struct gup *gup), { })                                      \
	X(void, gup_finish, twice, (struct gup *gup),                                              \
	  { intact->gup_finish(gup); intact->gup_finish(gup); })                                   \
	X(void, gup_hold, left_out, (struct inode *inode), { })                                    \
	X(void, gup_hold, twice, (struct inode *inode),                                            \
	  { intact->gup_hold(inode); intact->gup_hold(inode); })                                   \
	X(void, gup_drop, left_out, (struct inode *inode), { })                                    \
	X(void, gup_drop, twice, (struct inode *inode),                                            \
	  { intact->gup_drop(inode); intact->gup_drop(inode); })                                   \
	X(void, put_page, left_out, (struct page *page, int refs, enum mmref_holder held), { })    \
	X(void, put_page, twice, (struct page *page, int refs, enum mmref_holder held),            \
	  { intact->put_page(page, refs, held); intact->put_page(page, refs, held); })             \
	X(void, put_page, without_what_follows,                                                    \
	  (struct page *page, int refs, enum mmref_holder held),                                   \
	  { folio_ref_sub_return(page_folio(page), refs, held); })                                 \
	X(void, put_page, wakes_first, (struct page *page, int refs, enum mmref_holder held),      \
	  { wake_up_var(intact->wait_address(page));                                               \
	    folio_ref_sub_return(page_folio(page), refs, held); })                                 \
	X(void, folio_put, left_out, (struct folio *folio, int refs, enum mmref_holder held), { }) \
	X(void, folio_put, twice, (struct folio *folio, int refs, enum mmref_holder held),         \
	  { intact->folio_put(folio, refs, held); intact->folio_put(folio, refs, held); })         \
	X(void, folio_put, without_what_follows,                                                   \
	  (struct folio *folio, int refs, enum mmref_holder held),                                 \
	  { folio_ref_sub_return(folio, refs, held); })                                            \
	X(void, folio_put, frees_first, (struct folio *folio, int refs, enum mmref_holder held),   \
	  { if (folio_ref_count(folio) == refs) free_zone_device(folio);                           \
	    folio_ref_sub_return(folio, refs, held); })                                            \
	X(void, free, left_out, (struct folio *folio), { })                                        \
	X(void, free, twice, (struct folio *folio),                                                \
	  { intact->free(folio); intact->free(folio); })                                           \
	X(int, break_layout, left_out,                                                             \
	  (struct inode *inode, unsigned long first, unsigned long last), { return 0; })           \
	X(int, break_layout, fails,                                                                \
	  (struct inode *inode, unsigned long first, unsigned long last),                          \
	  { return -ERESTARTSYS; })                                                                \
	X(int, break_layout, looks_once,                                                           \
	  (struct inode *inode, unsigned long first, unsigned long last),                          \
	  { struct page *page = rules()->layout_busy_page(&inode->i_mapping, first, last);         \
	    return page ? dax_wait_page_idle(inode, page) : 0; })                                  \
	X(struct page *, layout_busy_page, left_out,                                               \
	  (struct address_space *mapping, unsigned long first, unsigned long last),                \
	  { return NULL; })                                                                        \
	X(struct page *, layout_busy_page, unmaps_alone,                                           \
	  (struct address_space *mapping, unsigned long first, unsigned long last),                \
	  { intact->layout_busy_page(mapping, first, last); return NULL; })                        \
	X(struct page *, layout_busy_page, scans_then_unmaps,                                      \
	  (struct address_space *mapping, unsigned long first, unsigned long last),                \
	  { struct page *page = dax_scan_layout(mapping, first, last);                             \
	    unmap_mapping_pages(mapping, first, last, false);                                      \
	    return page; })                                                                        \
	X(bool, layout_worth_scanning, always, (struct address_space *mapping), { return true; })  \
	X(bool, layout_worth_scanning, never, (struct address_space *mapping), { return false; })  \
	X(unsigned long, scan_locked_entry, other, (struct xa_state *xas),                         \
	  { return intact->scan_locked_entry == v6_1_skip_locked_entry ?                           \
			   get_unlocked_entry(xas) : 0; })                                         \
	X(void, zap_entry, left_out, (struct xa_state *xas, unsigned long entry), { })             \
	X(void, zap_entry, twice, (struct xa_state *xas, unsigned long entry),                     \
	  { intact->zap_entry(xas, entry); intact->zap_entry(xas, entry); })                       \
	X(void, layout_broken, left_out,                                                           \
	  (struct address_space *mapping, unsigned long first, unsigned long last), { })           \
	X(void, layout_broken, twice,                                                              \
	  (struct address_space *mapping, unsigned long first, unsigned long last),                \
	  { intact->layout_broken(mapping, first, last);                                           \
	    intact->layout_broken(mapping, first, last); })                                        \
	X(void, truncate_finds_entry, left_out, (void), { })                                       \
	X(void, truncate_finds_entry, twice, (void),                                               \
	  { intact->truncate_finds_entry(); intact->truncate_finds_entry(); })                     \
	X(void, truncate_final, left_out, (struct inode *inode), { })                              \
	X(void, truncate_final, twice, (struct inode *inode),                                      \
	  { intact->truncate_final(inode); intact->truncate_final(inode); })                       \
	X(void, evict_begin, left_out, (struct inode *inode), { })                                 \
	X(void, evict_begin, twice, (struct inode *inode),                                         \
	  { intact->evict_begin(inode); intact->evict_begin(inode); })                             \
	X(void, fuse_evict_begin, left_out, (struct inode *inode), { })                            \
	X(void, fuse_evict_begin, twice, (struct inode *inode),                                    \
	  { intact->fuse_evict_begin(inode); intact->fuse_evict_begin(inode); })                   \
	X(unsigned long, pgmap_references, one_more, (const struct dev_pagemap *pgmap),            \
	  { return intact->pgmap_references(pgmap) + 1; })                                         \
	X(unsigned long, pgmap_references, none, (const struct dev_pagemap *pgmap), { return 0; }) \
	X(void, pgmap_teardown, left_out, (struct dev_pagemap *pgmap), { })                        \
	X(void, pgmap_teardown, waits_last, (struct dev_pagemap *pgmap),                           \
	  { pageunmap_range(pgmap);                                                                \
	    wait_for_completion(&pgmap->done);                                                     \
	    percpu_ref_exit(&pgmap->ref); })                                                       \
	X(void, bdev_dead, left_out, (struct super_block *sb), { })                                \
	X(void, bdev_dead, twice, (struct super_block *sb),                                        \
	  { intact->bdev_dead(sb); intact->bdev_dead(sb); })                                       \
	X(bool, device_page_init, left_out, (struct page *page), { return true; })                 \
	X(bool, device_page_init, refuses, (struct page *page), { return false; })                 \
	X(bool, device_page_init, takes_one_more, (struct page *page),                             \
	  { bool had = intact->device_page_init(page);                                             \
	    if (had) one_more(page);                                                               \
	    return had; })                                                                         \
	X(unsigned int, swap_in_private, fails, (struct vm_fault *vmf, struct page *page),         \
	  { spin_unlock(&vmf->table->ptl); return VM_FAULT_SIGBUS; })                              \
	X(unsigned int, swap_in_private, holds_nothing, (struct vm_fault *vmf, struct page *page), \
	  { spin_unlock(&vmf->table->ptl);                                                         \
	    return READ_ONCE(page->pgmap)->ops->migrate_to_ram(vmf, page); })                      \
	X(void, p2pmem_page_begin, left_out, (struct page *page, bool begin), { })                 \
	X(void, p2pmem_page_begin, never_undone, (struct page *page, bool begin),                  \
	  { if (begin) intact->p2pmem_page_begin(page, begin); })

#define MUTATED_BOOLS(X)                                                                           \
	X(read_fault_dirties) X(punch_writes_back) X(dax_lock_over_insert) X(read_finds_shared)    \
	X(cow_write_invalidates) X(clone_looks_again) X(gup_keeps_leaf) X(io_uring_takes_files)    \
	X(exit_takes_uring_lock) X(kill_dax_pre_remove) X(fault_locks_page) X(p2pmem_mmap)         \
	X(fuse_breaks_all) X(put_dax_clears_ops_first) X(fallocate_breaks_first)

#define X(type, point, name, parameters, ...) static type point##_##name parameters __VA_ARGS__
MUTATED_FUNCTIONS(X)
#undef X
/* clang-format on */

const struct mutation mutations[] = {
#define X(type, point, name, parameters, ...)                                                      \
	{ #point, #name, offsetof(struct mmref_rules, point), (void (*)(void))point##_##name },
	MUTATED_FUNCTIONS(X)
#undef X
#define X(point) { #point, "other", offsetof(struct mmref_rules, point), NULL },
	MUTATED_BOOLS(X)
#undef X
};
const size_t nr_mutations = sizeof(mutations) / sizeof(mutations[0]);

bool mutate(struct mmref_rules *mutant, const struct mmref_rules *rules,
	    const struct mutation *mutation)
{
	static const char nothing[sizeof(mutation->function)];
	char *point = (char *)mutant + mutation->offset;

	intact = rules;
	*mutant = *rules;
	if (!mutation->function) {
		*(bool *)point = !*(bool *)point;
		return true;
	}
	if (!memcmp(point, nothing, sizeof(nothing)))
		return false;
	memcpy(point, &mutation->function, sizeof(mutation->function));
	return true;
}
