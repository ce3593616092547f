/* SPDX-License-Identifier: MIT */
/*
 * 1571c029a2ff, dax: Fix xarray entry association for mixed mappings (v5.2), brought back: the
 * pages change hands where the sizes of the entries differ, and not where the entry is replaced.
 */
#include <mmref/kernel.h>

static void *(dax_insert_entry)(struct xa_state *xas, struct vm_fault *vmf,
				const struct iomap_iter *iter, void *entry, unsigned long pfn,
				unsigned long flags)
{
	struct address_space *mapping = &vmf->vma->vm_file->f_inode->i_mapping;
	void *new_entry = dax_make_entry(pfn, flags);

	(void)iter;
	if (dax_is_zero_entry(entry) && !(flags & DAX_ZERO_PAGE))
		dax_unmap_entry(xas, mapping, entry);

	xas_reset(xas);
	xas_lock_irq(xas);
	if (dax_entry_size(entry) != dax_entry_size(new_entry)) {
		dax_disassociate_entry(entry, mapping, false);
		dax_associate_entry(new_entry, mapping, vmf->vma, vmf->address, false);
	}
	if (dax_is_zero_entry(entry) || dax_is_empty_entry(entry)) {
		dax_lock_entry(xas, new_entry);
		entry = new_entry;
	} else {
		xas_load(xas);
	}
	xas_set_mark(xas, PAGECACHE_TAG_DIRTY);
	xas_unlock_irq(xas);
	return entry;
}

MMREF_RULES_FILE(.name = "mapping-of-a-pmd-is-cleared", .ancestor = &mmref_v6_1,
		 .summary = "1571c029a2ff: a PTE's fault takes the pages from a PMD's entry",
		 .dax_insert_entry = dax_insert_entry);
