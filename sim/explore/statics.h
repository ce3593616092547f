/* SPDX-License-Identifier: MIT */
/*
 * The static variables of a rule file. A function that writes to one may lead elsewhere when it is
 * called again, and nobody takes the write back. It need not: a counter that is only printed does not.
 */
#ifndef EXPLORE_STATICS_H
#define EXPLORE_STATICS_H

#include "sched/sim.h"

#define MAX_STATICS	8

/* The writable memory of the shared objects that the rule set's functions lie in. */
struct statics {
	unsigned int nr;
	struct static_area {
		const char *start;
		size_t size;
		char *before;
	} area[MAX_STATICS];
};

/* As it is now. Objects of more than a MiB are left out. */
void statics_begin(struct statics *statics, const struct mmref_sim *sim);
bool statics_changed(const struct statics *statics);
void statics_end(struct statics *statics);

#endif
