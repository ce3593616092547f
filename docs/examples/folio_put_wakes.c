/* SPDX-License-Identifier: MIT */
/*
 * A rule set of one's own: what if folio_put() of v6.1 had woken the truncate that waits for a page,
 * as put_page() does? Build it, and compare it with v6.1:
 *
 *	cc -shared -fPIC $(pkg-config --cflags mmref) folio_put_wakes.c -o folio_put_wakes.so
 *	mmref run --all --rules ./folio_put_wakes.so
 */
#include <mmref/kernel.h>

static void (folio_put)(struct folio *folio, enum mmref_holder held)
{
	MMREF_AS(mmref_v6_1, folio_put)(folio, held);
	wake_up_var(&folio->page._refcount);
}

MMREF_RULES_FILE(.name = "folio-put-wakes", .ancestor = &mmref_v6_1,
		 .summary = "as v6.1; folio_put() wakes a truncate that waits",
		 .folio_put = folio_put);
