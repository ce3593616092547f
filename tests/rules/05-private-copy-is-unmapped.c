/* SPDX-License-Identifier: MIT */
/*
 * d75996dd022b, dax: dax_layout_busy_page() should not unmap cow pages (v5.3), brought back:
 * fallocate() unmaps the private copies of the whole file.
 */
#include <mmref/kernel.h>

static struct page *(dax_layout_busy_page)(struct address_space *mapping)
{
	unmap_mapping_pages(mapping, 0, ULONG_MAX, true);
	return dax_layout_busy_page_range(mapping, 0, ULONG_MAX);
}

MMREF_RULES_FILE(.name = "private-copy-is-unmapped", .ancestor = &mmref_v6_1,
		 .summary = "d75996dd022b: a break of the layout unmaps private copies",
		 .dax_layout_busy_page = dax_layout_busy_page);
