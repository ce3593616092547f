/* SPDX-License-Identifier: MIT */
/*
 * The bodies that all kernels share, those of functions.def that are ALIKE. Included by the files in
 * lib that define them; a rule set that replaces one includes <mmref/kernel.h> alone.
 */
#ifndef RULES_COMMON_H
#define RULES_COMMON_H

#include <mmref/kernel.h>

#define ALIKE(returns, name, parameters)	returns (name) parameters;
#define DIFFERS(returns, name, parameters)
#define FUNCTION(bodies, returns, name, parameters, ...)	bodies(returns, name, parameters)
#include <mmref/functions.def>
#undef ALIKE
#undef DIFFERS

/*
 * A table of operations, such as super_operations, holds pointers: call_evict(inode) runs the body
 * of evict() that the present rule set has.
 */
#define FUNCTION(bodies, returns, name, parameters, ...)	returns call_##name parameters;
#include <mmref/functions.def>

#endif
