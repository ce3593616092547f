/* SPDX-License-Identifier: MIT */
/*
 * A rule set of one's own: what if folio_put() of v6.1 had woken whoever truncates, as
 * put_page() does? Build it, and hold it against v6.1:
 *
 *	cc -shared -fPIC $(pkg-config --cflags mmref) folio_put_wakes.c -o folio_put_wakes.so
 *	mmref run --all --rules ./folio_put_wakes.so
 */
#include <mmref/rules.h>

static void folio_put_wakes(struct folio *folio, int refs, enum mmref_holder held)
{
	mmref_v6_1.folio_put(folio, refs, held);
	/* A struct folio begins with its struct page. */
	mmref_wake_up_var(mmref_v6_1.wait_address((struct page *)folio));
}

static void vary(struct mmref_rules *rules)
{
	MMREF_REPLACE(rules, folio_put, folio_put_wakes);
}

MMREF_RULES_FILE(.name = "folio-put-wakes", .of = &mmref_v6_1, .vary = vary,
		 .summary = "as v6.1; folio_put() wakes who waits for the page");
