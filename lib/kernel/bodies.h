/* SPDX-License-Identifier: MIT */
/*
 * Declares the bodies that all kernels share, those of functions.def that are ALIKE. The files in
 * lib that define them include it; a rule set that replaces one includes <mmref/kernel.h> alone.
 */
#ifndef KERNEL_BODIES_H
#define KERNEL_BODIES_H

#include <mmref/kernel.h>

#define ALIKE(returns, name, parameters)	returns (name) parameters;
#define DIFFERS(returns, name, parameters)
#define FUNCTION(bodies, returns, name, parameters, ...)	bodies(returns, name, parameters)
#include <mmref/functions.def>
#undef ALIKE
#undef DIFFERS

/*
 * For tables of pointers, such as file_operations: call_evict(inode) runs the body of evict() in the
 * present rule set.
 */
#define FUNCTION(bodies, returns, name, parameters, ...)	returns call_##name parameters;
#include <mmref/functions.def>

#endif
