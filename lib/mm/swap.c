/* SPDX-License-Identifier: MIT */
/* mm/swap.c and include/linux/mm.h: putting a reference. */
#include <mmref/kernel.h>

#include "kernel/bodies.h"

void (folio_put)(struct folio *folio, enum mmref_holder held)
{
	if (folio_ref_sub_return(folio, 1, held) == 0)
		__folio_put(folio);
}

void (folio_put_refs)(struct folio *folio, int refs, enum mmref_holder held)
{
	if (folio_ref_sub_return(folio, refs, held) == 0)
		__folio_put(folio);
}
