/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: mm_struct, its VMAs, and what can be done to them.
 *
 * Addresses are counted in pages. The list of VMAs changes under mmap_lock held
 * for writing; a mapping's list of VMAs under its i_mmap_rwsem. Page tables are
 * allocated by the first fault, and taken out by munmap().
 */
#ifndef MM_MM_H
#define MM_MM_H

#include <mmref/linux/export.h>
#include <mmref/linux/seqlock.h>
#include <mmref/linux/pgtable.h>

#define MM_PMDS		16
#define GATHER_MAX	32

struct file;

enum {
	VM_FAULT_SIGBUS = 1,
	VM_FAULT_NOPAGE = 2,
	VM_FAULT_OOM = 4,
	VM_FAULT_FALLBACK = 8,		/* no PMD here: try a PTE */
	VM_FAULT_DONE_COW = 16,		/* a private copy is mapped */
	VM_FAULT_ERROR = VM_FAULT_SIGBUS | VM_FAULT_OOM,
};

enum vm_flags {
	VM_WRITE = 1,
	VM_SHARED = 2,
	VM_MIXEDMAP = 4,	/* pages were inserted by its driver: fork copies them */
	VM_FSDAX = 8,		/* vma_is_fsdax(): of a file that is DAX and no device node */
};

/* Who may map an anonymous page: the VMAs of processes forked from one another, oldest first. */
struct anon_vma {
	struct rw_semaphore rwsem;
	struct vm_area_struct *first;
};

struct vm_area_struct {
	struct mm_struct *vm_mm;
	struct vm_area_struct *vm_next;		/* in the mm, by address */
	struct vm_area_struct *i_mmap_next;	/* in the file's mapping */
	struct file *vm_file;			/* NULL of anonymous memory */
	struct anon_vma *anon_rmap;		/* of anonymous memory alone; see mm/anon_rmap.c */
	struct vm_area_struct *anon_next;
	unsigned long vm_start;			/* pages */
	unsigned long vm_end;
	unsigned long vm_pgoff;
	unsigned int vm_flags;
	bool anon_vma;				/* it has had anonymous pages: fork copies it */
};

struct mm_struct {
	struct rw_semaphore mmap_lock;
	spinlock_t page_table_lock;
	seqcount_t write_protect_seq;		/* fork is write-protecting private entries */
	uint8_t id;
	struct vm_area_struct *mmap;
	bool sigbus;				/* BUS_MCEERR_AO was sent to whoever has it */
	pmd_t pmd[MM_PMDS];
};

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;
	unsigned long pgoff;
	bool write;			/* FAULT_FLAG_WRITE */
	unsigned int order;		/* 0 for a PTE, or what a PMD maps */
	pmd_t *pmd;
	pte_t orig_pte;
	struct pte_table *table;	/* whose PTL guards pte; NULL before it is allocated */
	pte_t *pte;
	struct page *page;		/* what @orig_pte maps */
	pte_t cow_page;			/* the name of an anonymous page for a private write; or 0 */
};

enum fault_flag {
	FAULT_FLAG_WRITE = 1,
};

/*
 * struct mmu_gather: pages whose entries are cleared and whose references are
 * dropped after the TLB flush.
 */
struct mmu_gather {
	struct folio *folio[GATHER_MAX];
	struct page *delayed_rmap[GATHER_MAX];	/* its entry is gone, its mapcount is not */
	unsigned int nr;
	unsigned int nr_delayed;
	bool cleared;			/* entries were cleared: a flush is due */
};

/* What a zap leaves alone; NULL stands for nothing. */
struct zap_details {
	bool skip_cows;			/* private copies */
};

/* What insert_pmd() maps. */
struct folio_or_pfn {
	struct folio *folio;
	unsigned long pfn;
	bool is_folio;
};

/* A walk of page_vma_mapped_walk(): what maps [@pfn, @pfn + @nr_pages) in @vma. */
struct page_vma_mapped_walk {
	unsigned long pfn;
	unsigned long nr_pages;
	pgoff_t pgoff;			/* of @pfn in the file */
	struct vm_area_struct *vma;
	unsigned long address;		/* where the walk is */
	pmd_t *pmd;			/* what it has found there: a PTE, or, @pte NULL, this PMD */
	pte_t *pte;
	spinlock_t *ptl;		/* held between two calls; or NULL */
};

/* A walk of rmap_walk_anon(): @rmap_one is called of each entry, under its PTL; false ends it. */
struct rmap_walk_control {
	const void *arg;
	bool (*rmap_one)(struct vm_area_struct *vma, pte_t *pte, const void *arg);
};

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_file;
}

/* Shared by its writers or not at all: a write makes a private copy. */
static inline bool is_cow_mapping(unsigned int vm_flags)
{
	return !(vm_flags & VM_SHARED);
}

static inline unsigned long ptrs_per_pte(void)
{
	return 1UL << pmd_order();
}

static inline pmd_t *pmd_offset(struct mm_struct *mm, unsigned long address)
{
	return &mm->pmd[address >> pmd_order()];
}

/* What an entry of @vma may do: a driver that inserts its pages waits for no fault to write to them. */
static inline pte_t vm_page_prot(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & VM_MIXEDMAP) && (vma->vm_flags & VM_WRITE) ? PTE_WRITE : 0;
}

/* Where the PMD of @address ends, or @end. */
static inline unsigned long pmd_addr_end(unsigned long address, unsigned long end)
{
	unsigned long boundary = (address | (ptrs_per_pte() - 1)) + 1;

	return boundary < end ? boundary : end;
}

static inline unsigned long linear_page_index(const struct vm_area_struct *vma,
					      unsigned long address)
{
	return address - vma->vm_start + vma->vm_pgoff;
}

/* mm/mmap.c */
struct mm_struct *mm_alloc(struct world *world) EXPORTED(mm_alloc);
/* The VMA that holds @address, or NULL. mmap_lock held. */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address) EXPORTED(vma_lookup);
/* A VMA that no mm has yet, and which has no reference to @file; NULL: no memory. */
struct vm_area_struct *vm_area_alloc(struct file *file, pgoff_t pgoff, unsigned int flags)
	EXPORTED(vm_area_alloc);
/* The lowest gap where a PMD starts, or @shift above: where it stands in the list; NULL: none. */
struct vm_area_struct **thp_get_unmapped_area(struct mm_struct *mm, unsigned long pages,
					      unsigned long shift, unsigned long *start)
	EXPORTED(thp_get_unmapped_area);
/* The VMA comes to its mm, and to its file. mmap_lock held for writing. */
void vma_link(struct vm_area_struct *vma, struct vm_area_struct **link) EXPORTED(vma_link);

/* kernel/fork.c. dup_mmap(): a child with the same VMAs. */
struct mm_struct *dup_mm(struct mm_struct *oldmm) EXPORTED(dup_mm);

/* mm/memory.c */
/* The table that @address falls into, or NULL; *@ptep its entry. */
struct pte_table *pte_offset_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
	EXPORTED(pte_offset_map);
/* The same where there is no table yet, too; NULL where memory is short. */
/* A table of PTEs for the empty @pmd; false where memory is short. */
bool __pte_alloc(struct mm_struct *mm, pmd_t *pmd) EXPORTED(__pte_alloc);
struct pte_table *pte_alloc_map(struct mm_struct *mm, unsigned long address, pte_t **ptep)
	EXPORTED(pte_alloc_map);
/* The same with its PTL held: *@ptl. Of a fault, or of a VMA that is being made. */
pte_t *get_locked_pte(struct mm_struct *mm, unsigned long address, spinlock_t **ptl)
	EXPORTED(get_locked_pte);
/* Where the bytes of the page that @pte names are. */
uint8_t *media_of_pte(pte_t pte) EXPORTED(media_of_pte);
/* The byte that the page @pfn reads as: the medium outlives the device's driver. */
uint8_t *media_of(unsigned long pfn) EXPORTED(media_of);
/* Does a zap with @details leave @folio alone? */
bool should_zap_cows(const struct zap_details *details) EXPORTED(should_zap_cows);
bool should_zap_folio(const struct zap_details *details, struct folio *folio)
	EXPORTED(should_zap_folio);
/* The same of the present entry @pte, which maps @folio, or NULL. */
bool should_zap_pte(const struct zap_details *details, pte_t pte, struct folio *folio)
	EXPORTED(should_zap_pte);
/* pte_unmap_same(), and pte_same() under the lock: false, and it is dropped, where it changed. */
bool pte_unmap_same(struct vm_fault *vmf) EXPORTED(pte_unmap_same);

/* mm/page_alloc.c. An anonymous page that nobody maps yet, by its name in entries; 0: no room. */
pte_t alloc_anon_page(void) EXPORTED(alloc_anon_page);
/* One that is not mapped is given back. */
void free_anon_page(pte_t name) EXPORTED(free_anon_page);

/* mm/huge_memory.c */
/* A leaf that stands there already is at most made writable. page_table_lock held. */
void insert_pmd_again(pmd_t *pmd, unsigned long pfn, bool write) EXPORTED(insert_pmd_again);
/* __pmd_trans_huge_lock(): the page_table_lock where @pmd is a leaf; or NULL, and no lock. */
spinlock_t *pmd_trans_huge_lock(pmd_t *pmd, struct vm_area_struct *vma)
	EXPORTED(pmd_trans_huge_lock);
/* The page of a PMD of a file is told what its entry said: PG_dirty and PG_referenced. */
void folio_mark_zapped(struct folio *folio, pmd_t pmd) EXPORTED(folio_mark_zapped);
/* vma_is_dax() */
bool vma_is_dax(const struct vm_area_struct *vma) EXPORTED(vma_is_dax);

/* mm/mmu_gather.c */
/* __tlb_remove_folio_pages(): true: it is full. With @delay_rmap its mapcount waits as well. */
bool tlb_remove_page(struct mmu_gather *tlb, struct folio *folio, struct page *page,
		     bool delay_rmap) EXPORTED(tlb_remove_page);
/* The folio of a PMD, whose reference is the gather's from here on. No lock is held. */
void tlb_remove_page_size(struct mmu_gather *tlb, struct folio *folio)
	EXPORTED(tlb_remove_page_size);
/* An entry was cleared. */
static inline void tlb_remove_tlb_entry(struct mmu_gather *tlb)
{
	tlb->cleared = true;
}
/* tlb_flush_mmu_tlbonly(): wait for the walkers with interrupts off. */
void tlb_flush_mmu_tlbonly(struct mmu_gather *tlb) EXPORTED(tlb_flush_mmu_tlbonly);

/* mm/rmap.c. @vma comes to a new anon_vma, or to that of @pvma; false where memory is short. */
bool anon_vma_prepare(struct vm_area_struct *vma) EXPORTED(anon_vma_prepare);
bool anon_vma_fork(struct vm_area_struct *vma, struct vm_area_struct *pvma) EXPORTED(anon_vma_fork);
void unlink_anon_vmas(struct vm_area_struct *vma) EXPORTED(unlink_anon_vmas);
/* One entry becomes a migration entry; PTL held. *@pte maps a device page or an anonymous one. */
void set_migration_entry(pte_t *pte) EXPORTED(set_migration_entry);

/* Each VMA of @mapping that maps any of [@first, @last]. i_mmap_rwsem held. */
#define vma_interval_tree_foreach(vma, mapping, first, last)                                       \
	for (vma = (mapping)->i_mmap; vma; vma = vma->i_mmap_next)                                 \
		if (vma_maps_range(vma, first, last))

static inline bool vma_maps_range(const struct vm_area_struct *vma, pgoff_t first, pgoff_t last)
{
	return vma->vm_pgoff <= last && first < vma->vm_pgoff + (vma->vm_end - vma->vm_start);
}

/*
 * arch/x86/mm/fault.c. A user access to @address, which @vma was mapped over. 0, or -EFAULT for
 * SIGSEGV, -EIO for SIGBUS. *@value is the byte read or to be written. Faults as
 * often as it takes.
 */
int user_access(struct vm_area_struct *vma, unsigned long address, bool write, uint8_t *value)
	EXPORTED(user_access);

#endif
