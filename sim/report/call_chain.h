/* SPDX-License-Identifier: MIT */
/*
 * A call chain: the names of kernel functions, innermost first. A recording writes it
 * as "ext4_wait_dax_page<dax_break_layout<ext4_setattr" and leaves out functions that the
 * compiler inlined.
 */
#ifndef REPORT_CALL_CHAIN_H
#define REPORT_CALL_CHAIN_H

#include <mmref/trace.h>

#define MOST_CALLS	64
#define CALL_NAME	128	/* KSYM_NAME_LEN is 512, but C identifiers stay far below */

struct call_chain {
	unsigned int nr;
	char name[MOST_CALLS][CALL_NAME];
};

/* Append the caller of the last function. Calls beyond MOST_CALLS are dropped. */
void call_chain_add(struct call_chain *chain, const char *name);
/* Read "a<b<c"; an empty text is an empty chain. */
void call_chain_read(struct call_chain *chain, const char *text);
/* The place of @name in @chain, at @from or later, or -1. */
int call_chain_find(const struct call_chain *chain, unsigned int from, const char *name);
/*
 * Reduce the chain of a stopped task to kernel functions: from the function of @site outwards
 * to the operation that a thread called, in the kernel's names. Where @chain has no such
 * function, only the function of @site remains.
 */
void call_chain_keep_kernel(struct call_chain *chain, const struct mmref_site *site);
/* Do the functions that both chains have stand in the same order in both? */
bool call_chain_same_order(const struct call_chain *a, const struct call_chain *b);

#endif
