/* SPDX-License-Identifier: MIT */
/*
 * The step: every access that another task can see passes through announce()
 * or sleep_until() before it is made.
 *
 * Both end with the look that the MMU takes: an access to memory that is no
 * longer there (the memmap of a removed device, a percpu area that was freed)
 * kills the task, as the oops would.
 */
#ifndef KERNEL_STEP_H
#define KERNEL_STEP_H

#include <mmref/linux/export.h>
#include <mmref/linux/sched.h>

/*
 * A site of the line this stands on. The verb is what a report calls the step.
 * All sites lie in a section of their own, so that they can be listed.
 */
#define SITE(verb_)                                                                                \
	({                                                                                         \
		static const struct mmref_site site_ __attribute__((section("mmref_sites"))) = {   \
			.file = __FILE__, .func = __func__, .verb = verb_, .line = __LINE__,       \
		};                                                                                 \
		&site_;                                                                            \
	})

/* About to access @size bytes at @object; @observed: the task acts on what it finds. */
void announce(const struct mmref_site *site, const volatile void *object, size_t size,
	      enum mmref_access access, bool observed) EXPORTED(announce);

/* About to add to @counter, and to act on the sum where it is at most @acts. */
void announce_add(const struct mmref_site *site, const volatile int *counter, int acts)
	EXPORTED(announce_add);

/*
 * Sleep until @ready(@arg) holds, and then be about to access @object. Real
 * threads may lose the race between waking and the access that follows, so the
 * caller checks again without a step of its own.
 */
void sleep_until(const struct mmref_site *site, const volatile void *object, size_t size,
		 enum mmref_access access, enum sleep_state state,
		 bool (*ready)(const void *arg), const void *arg) EXPORTED(sleep_until);

/* The step under way reads or writes @object as well, as a check does that looks at more. */
void step_touches(const volatile void *object, size_t size, enum mmref_access access)
	EXPORTED(step_touches);

/*
 * From steps_off() to steps_on() the current task announces no step: what it does belongs to the
 * step that it announced last. For memory that no other task can reach yet. It must not sleep.
 */
static inline void steps_off(void)
{
	current->steps_off = true;
}

static inline void steps_on(void)
{
	current->steps_off = false;
}

/* Something at @object changed that a sleeper may be waiting for. */
void wake_sleepers(const volatile void *object) EXPORTED(wake_sleepers);

#endif
