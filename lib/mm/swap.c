/* SPDX-License-Identifier: MIT */
#include <mmref/kernel.h>

void put_page(struct page *page, enum mmref_holder held)
{
	rules()->put_page(page, 1, held);
}

void folio_put(struct folio *folio, enum mmref_holder held)
{
	rules()->folio_put(folio, 1, held);
}

void free_zone_device(struct folio *folio)
{
	if (rules()->free)
		rules()->free(folio);
}
