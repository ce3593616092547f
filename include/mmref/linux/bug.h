/* SPDX-License-Identifier: MIT */
/*
 * WARN_ON, BUG_ON and the oops. A warning is reported and the run goes on with
 * the damage done; a BUG or an oops kills the task where it stands, with the
 * locks it holds.
 */
#ifndef KERNEL_BUG_H
#define KERNEL_BUG_H

#include <mmref/linux/export.h>
#include <mmref/check.h>
#include <mmref/linux/step.h>

#define WARN_ON_SAYING(condition, words)                                                           \
	({                                                                                         \
		bool warn_ = (condition);                                                          \
		if (warn_)                                                                         \
			kernel_warning(SITE("WARN_ON"), NULL, words);                              \
		warn_;                                                                             \
	})
#define WARN_ON(condition)	WARN_ON_SAYING(condition, #condition)
/* The kernel prints the first only; a model that goes back in time has no first. */
#define WARN_ON_ONCE(condition)	WARN_ON_SAYING(condition, #condition)

void kernel_warning(const struct mmref_site *site, const struct page *page, const char *why)
	EXPORTED(kernel_warning);
void kernel_bug(const struct mmref_site *site, const struct page *page, const char *why)
	EXPORTED(kernel_bug)
	__attribute__((noreturn));
/* An access to @page's memory (or NULL), which is not there: @gone says since when. */
void oops(const struct mmref_site *site, const struct page *page, const char *gone) EXPORTED(oops)
	__attribute__((noreturn));

/* Report @kind without dying; the host ends the run unless it is a warning. */
void violation(enum mmref_violation kind, const struct mmref_site *site, const struct page *page,
	       const char *why) EXPORTED(violation);

/* CONFIG_DEBUG_VM, which distribution kernels leave out. */
bool debug_vm(void) EXPORTED(debug_vm);

#endif
