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
	bool write;
	bool cow;			/* a private write: the file maps a copy */
	unsigned int order;		/* 0 for a PTE, or what a PMD maps */
	pmd_t *pmd;
	pte_t orig_pte;
	struct pte_table *table;	/* whose PTL guards pte; NULL before it is allocated */
	pte_t *pte;
	struct page *page;		/* a device-private one that is held for its driver; or NULL */
};

/*
 * struct mmu_gather: pages whose entries are cleared and whose references are
 * dropped after the TLB flush.
 */
struct mmu_gather {
	struct folio *folio[GATHER_MAX];
	unsigned int nr;
	bool cleared;	/* entries were cleared: a flush is due */
	bool keep_cows;	/* anonymous entries stay */
	bool even_cows;	/* they go with pages of their file; for checks */
};

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_file;
}

static inline unsigned long ptrs_per_pte(void)
{
	return 1UL << pmd_order();
}

static inline pmd_t *pmd_offset(struct mm_struct *mm, unsigned long address)
{
	return &mm->pmd[address >> pmd_order()];
}

static inline unsigned long linear_page_index(const struct vm_area_struct *vma,
					      unsigned long address)
{
	return address - vma->vm_start + vma->vm_pgoff;
}

/* mm/mmap.c. Sleep for mmap_lock and i_mmap_rwsem. */
struct mm_struct *mm_alloc(struct world *world);
/* The VMA that holds @address, or NULL. mmap_lock held. */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address);
/*
 * do_mmap() of @pages of @file from @pgoff on, or (@file NULL) of anonymous memory; the
 * VMA, or ERR_PTR(): -ENOMEM without memory or room, or why the file refuses. The address
 * lies @shift pages above where a PMD could map it.
 */
struct vm_area_struct *do_mmap(struct mm_struct *mm, struct file *file, unsigned long pgoff,
			       unsigned long pages, unsigned int flags, unsigned long shift);
void do_munmap(struct mm_struct *mm, struct vm_area_struct *vma);
/* madvise(MADV_DONTNEED) of the whole of @vma; -ENOMEM where it is not mapped any more. */
int madvise_dontneed(struct vm_area_struct *vma);
/* dup_mmap(): a child with the same VMAs; those that have had no anonymous page fault again. */
struct mm_struct *dup_mm(struct mm_struct *mm);
void exit_mmap(struct mm_struct *mm);

/* mm/memory.c. Sleep for the PTL, and in a fault for what the file system takes. */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, bool write);
/*
 * vmf_insert_mixed[_mkwrite](), vmf_insert_page_mkwrite(): map @page for @vmf;
 * with vmf->order, vmf_insert_pfn_pmd() and vmf_insert_folio_pmd().
 */
vm_fault_t vmf_insert_page(struct vm_fault *vmf, struct page *page);
vm_fault_t vmf_insert_pmd(struct vm_fault *vmf, struct page *page);
/* vm_insert_page(): map @page at @address of a VMA that nobody can fault on yet. */
int vm_insert_page(struct vm_area_struct *vma, unsigned long address, struct page *page);
/* As pte_offset_map(), where there is no table yet, too; NULL where memory is short. */
struct pte_table *pte_alloc_map(struct mm_struct *mm, unsigned long address, pte_t **ptep);
/* Where the bytes of the page that @pte names are. */
uint8_t *media_of_pte(pte_t pte);
/* The byte that the page @pfn reads as: the medium outlives the device's driver. */
uint8_t *media_of(unsigned long pfn);
/* The table that @address falls into, or NULL; *@ptep its entry. */
struct pte_table *pte_offset_map(struct mm_struct *mm, unsigned long address, pte_t **ptep);
/* The references @vma's entries in [@start, @end) hold go to @tlb. mmap_lock or i_mmap_rwsem. */
void unmap_page_range(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long start,
		      unsigned long end);
/* mm/anon.c. An anonymous page that nobody maps yet, by its name in entries; 0: no room. */
pte_t alloc_anon_page(void);
/* One that was never mapped is given back. */
void free_anon_page(pte_t name);
/* One that reads as @byte, for @vmf: the entry that maps it; 0: no room. */
pte_t new_anon_pte(struct vm_fault *vmf, uint8_t byte);
/* finish_fault() of a private copy that reads as @byte, where nothing is mapped yet. */
vm_fault_t finish_cow_fault(struct vm_fault *vmf, uint8_t byte);
vm_fault_t do_anonymous_page(struct vm_fault *vmf);
bool wp_can_reuse_anon_folio(struct page *page);
/* mm/huge_memory.c. zap_huge_pmd(): false where another has made it no leaf meanwhile. */
bool zap_huge_pmd(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmdp);
/* Of a file: the PMD is cleared, and PTEs come back by faults. The first looks at it unlocked. */
void split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmdp);
void __split_huge_pmd(struct vm_area_struct *vma, pmd_t *pmdp);
/*
 * Unmap @nr pages of @mapping from @start on from every mm; @even_cows: private copies too.
 * Sleeps for i_mmap_rwsem.
 */
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows);
/* copy_page_range(): the entries of @vma go to its twin in the child, write-protected. */
void copy_page_range(struct vm_area_struct *twin, struct vm_area_struct *vma);

/* mm/mmu_gather.c */
void tlb_remove_folio(struct mmu_gather *tlb, struct folio *folio);
/* tlb_flush_mmu_tlbonly(): wait for the walkers with interrupts off. */
void tlb_flush_only(struct mmu_gather *tlb);
void tlb_finish_mmu(struct mmu_gather *tlb);

/*
 * mm/anon_rmap.c. anon_vma_link(): @vma comes to the VMAs that may map the same anonymous
 * pages (of @parent; NULL: a new lot); false where memory is short.
 */
bool anon_vma_link(struct vm_area_struct *vma, const struct vm_area_struct *parent);
void anon_vma_unlink(struct vm_area_struct *vma);
/* page_add_new_anon_rmap(): the first mapping of @folio, at @address of @vma. */
void folio_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address);
/*
 * try_to_migrate(): each entry that maps the page @name becomes a migration entry.
 * remove_migration_ptes(): each migration entry of @from maps @to.
 */
void try_to_migrate(pte_t name);
void remove_migration_ptes(pte_t from, pte_t to);
/* One entry; PTL held. *@ptep maps a device page or an anonymous one. */
void set_migration_entry(pte_t *ptep);

/* mm/rmap.c: write-protect what of @vma maps @nr_pages from @pfn on, which are at @pgoff of the file. */
int pfn_mkclean_range(unsigned long pfn, unsigned long nr_pages, pgoff_t pgoff,
		      struct vm_area_struct *vma);

/* Each VMA of @mapping that maps any of [@first, @last]. i_mmap_rwsem held. */
#define vma_interval_tree_foreach(vma, mapping, first, last)                                       \
	for (vma = (mapping)->i_mmap; vma; vma = vma->i_mmap_next)                                 \
		if (vma_maps_range(vma, first, last))

static inline bool vma_maps_range(const struct vm_area_struct *vma, pgoff_t first, pgoff_t last)
{
	return vma->vm_pgoff <= last && first < vma->vm_pgoff + (vma->vm_end - vma->vm_start);
}

/* mm/swap.c */
void put_page(struct page *page, enum mmref_holder held);
void folio_put(struct folio *folio, enum mmref_holder held);
/* __folio_put(): the count of a zone device folio has reached 0. */
void free_zone_device(struct folio *folio);

/*
 * A user access to @address, which @vma was mapped over. 0, or -EFAULT for
 * SIGSEGV, -EIO for SIGBUS. *@value is the byte read or to be written. Faults as
 * often as it takes.
 */
int user_access(struct vm_area_struct *vma, unsigned long address, bool write, uint8_t *value);

#endif
