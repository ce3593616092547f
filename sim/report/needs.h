/* SPDX-License-Identifier: MIT */
/* What the reports ask of the explorer beyond <mmref/explore.h>. */
#ifndef REPORT_NEEDS_H
#define REPORT_NEEDS_H

#include <mmref/explore.h>

/*
 * Let the threads run one after another, in the order they were added: each
 * until its body returns or it sleeps with nobody awake to wake it. One that was
 * left asleep goes on, before any later thread begins, as soon as it can; the
 * model's own kernel threads run whenever no thread can. @observer is told as
 * mmref_replay() tells it. A violation that would end a replay ends this run.
 * The number of steps taken.
 */
size_t mmref_run_in_order(struct mmref_sim *sim, const struct mmref_observer *observer);

/*
 * The index for mmref_sim_page() of the device page that @object belongs to: it
 * lies in the page's struct page, or is a page table entry that names the page.
 * -1 where it is neither, and for NULL.
 */
int mmref_sim_page_of(struct mmref_sim *sim, const volatile void *object);

/* Is a step of the model, a warning or an oops written in a function named @func? */
bool mmref_has_function(const char *func);

/*
 * End the exploration of @sim that is under way, which is then bounded by
 * "interrupted"; one begun later ends at once. May be called from a signal handler.
 */
void mmref_interrupt(struct mmref_sim *sim);

#endif
