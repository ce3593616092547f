/* SPDX-License-Identifier: MIT */
/* Errors of the operations that set the scene, and the way out of one that would never return. */
#ifndef OPS_SCENE_H
#define OPS_SCENE_H

#include <setjmp.h>
#include <stdbool.h>

struct task;

/*
 * The scene of a simulation is set on the stack of the using program: an operation that would sleep
 * for ever there, or that dies in an oops, is abandoned by a jump back to where it began.
 */
struct set_up {
	const struct task *task;	/* that sets it */
	jmp_buf end;			/* valid while ->in_call */
	bool in_call;
	const char *operation;		/* the last that began */
	bool broken;			/* an operation was abandoned; later ones are refused */
	char error[256];		/* of the last call that failed; "" where none did */
};

/* The scene that the calling thread sets; NULL where it sets none. */
extern _Thread_local struct set_up *setting_up;

/* The scene that the caller sets; NULL in a thread of the program. */
struct set_up *scene_of_caller(void);
/* Keep @format as what mmref_error() says. @scene NULL: the scene of the caller, if it sets one. */
void scene_fails(struct set_up *scene, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* May the operation go on? False, a second time, where the scene has abandoned it. */
#define scene_allows(scene)	(!(scene) || (!(scene)->broken && scene_enter(scene)))
#define scene_enter(scene)	((scene)->in_call = true, !setjmp((scene)->end))

#endif
