/* SPDX-License-Identifier: MIT */
/* The names that fs/dax.c and drivers/dax/device.c still call. */
#include <mmref/kernel.h>

#include "world.h"

/* Does the rule set have vmf_insert_page_mkwrite(), which 6.1 has not? */
static bool inserts_pages(void)
{
	return (const void *)mmref_running()->vmf_insert_page_mkwrite !=
	       mmref_rules_function_of(&mmref_v6_1,
				       offsetof(struct mmref_rules, vmf_insert_page_mkwrite));
}

vm_fault_t vmf_insert_page(struct vm_fault *vmf, struct page *page)
{
	if (inserts_pages())
		return vmf_insert_page_mkwrite(vmf, page, vmf->write);
	if (vmf->write)
		return vmf_insert_mixed_mkwrite(vmf->vma, vmf->address, page_to_pfn(page));
	return vmf_insert_mixed(vmf->vma, vmf->address, page_to_pfn(page));
}

vm_fault_t vmf_insert_pmd(struct vm_fault *vmf, struct page *page)
{
	if (inserts_pages())
		return vmf_insert_folio_pmd(vmf, page_folio(page), vmf->write);
	return vmf_insert_pfn_pmd(vmf, page_to_pfn(page), vmf->write);
}

vm_fault_t finish_cow_fault(struct vm_fault *vmf, uint8_t byte)
{
	vm_fault_t fault;

	POKE(*media_of_pte(vmf->cow_page), byte);
	fault = finish_fault(vmf);
	return fault ? fault : VM_FAULT_DONE_COW;
}
