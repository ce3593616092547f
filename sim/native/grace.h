/* SPDX-License-Identifier: MIT */
/*
 * liburcu, behind a door of its own: it and the model each have a struct
 * rcu_head. Nothing of the model is known here.
 *
 * A thread that reads registers first. Callbacks run in liburcu's one thread for
 * them, in the order they came.
 */
#ifndef NATIVE_GRACE_H
#define NATIVE_GRACE_H

#include <stdbool.h>

void grace_register(void);
void grace_unregister(void);
void grace_read_lock(void);
void grace_read_unlock(void);
/* Not inside a read section. */
void grace_synchronize(void);
/*
 * @func(@context, @arg) after a grace period. What is kept until then is taken by
 * mallocx() with @mallocx_flags; false where there is none.
 */
bool grace_call(int mallocx_flags, void (*func)(void *context, void *arg), void *context,
		void *arg);

#endif
