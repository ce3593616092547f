/* SPDX-License-Identifier: MIT */
/*
 * A rule set in a shared object of one's own, for `mmref run --rules ./mine.so`:
 *
 *	#include <mmref/kernel.h>
 *
 *	static struct page *(dax_busy_page)(void *entry)
 *	{
 *		...
 *	}
 *
 *	MMREF_RULES_FILE(.name = "mine", .ancestor = &mmref_v7_2, .summary = "...",
 *			 .dax_busy_page = dax_busy_page);
 *
 * Build it with -shared -fPIC and link it with nothing: the command provides what these headers
 * declare. The command refuses a file that was built against another list of functions.
 */
#ifndef MMREF_RULES_FILE_H
#define MMREF_RULES_FILE_H

#include <mmref/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Members never change, so that a file built against another version is recognized. */
struct mmref_rules_file {
	const char *functions;	/* the declarations of functions.def */
	size_t size;		/* of struct mmref_rules */
	const struct mmref_rules *rules;
};

static const char mmref_function_list[] __attribute__((unused)) =
#define FUNCTION(bodies, returns, name, parameters, ...)	#returns " " #name #parameters "\n"
#include <mmref/functions.def>
	;

extern const struct mmref_rules_file mmref_rules_file __attribute__((visibility("default")));

#define MMREF_RULES_FILE(...)                                                                      \
	static const struct mmref_rules mmref_rules_of_file = { __VA_ARGS__ };                     \
	const struct mmref_rules_file mmref_rules_file = {                                         \
		mmref_function_list, sizeof(struct mmref_rules), &mmref_rules_of_file              \
	}

#ifdef __cplusplus
}
#endif

#endif
