/* SPDX-License-Identifier: MIT */
/*
 * Calls of kernel functions go through the table of the rule set that the world runs under.
 *
 * Each name is a macro for that call: dax_busy_page(entry) runs the body that the present rule set
 * has. A definition puts the name in parentheses, and so escapes the macro:
 *
 *	static struct page *(dax_busy_page)(void *entry)
 *	{
 *		...
 *	}
 *
 * Made by cmake/dispatch.sh from functions.def.
 */
#ifndef MMREF_LINUX_DISPATCH_H
#define MMREF_LINUX_DISPATCH_H

#include <mmref/linux/sched.h>
#include <mmref/rules.h>

/* The first 1, 2, 3... of the arguments: a holder that was left out follows them. */
#define MMREF_FIRST_1(a, ...)			a
#define MMREF_FIRST_2(a, b, ...)		a, b
#define MMREF_FIRST_3(a, b, c, ...)		a, b, c
#define MMREF_FIRST_4(a, b, c, d, ...)		a, b, c, d

#define truncate_folio_batch_exceptionals(...) \
	(mmref_running()->truncate_folio_batch_exceptionals(__VA_ARGS__))
#define vm_normal_page(...) \
	(mmref_running()->vm_normal_page(__VA_ARGS__))

#endif
