/* SPDX-License-Identifier: MIT */
/*
 * The version of mmref, for the preprocessor and at run time.
 *
 *	major	changes with the binary interface: programs must be built again
 *	minor	adds functions, commands or scenario words (in 0.x it may remove some, too)
 *	patch	mends
 *
 * CMakeLists.txt reads the three numbers from here; nothing else states them.
 */
#ifndef MMREF_VERSION_H
#define MMREF_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define MMREF_VERSION_MAJOR 0
#define MMREF_VERSION_MINOR 1
#define MMREF_VERSION_PATCH 0

#define MMREF_VERSION_TEXT_(major, minor, patch) #major "." #minor "." #patch
#define MMREF_VERSION_TEXT(major, minor, patch) MMREF_VERSION_TEXT_(major, minor, patch)
/* "0.1.0": of the headers that a program was compiled with. */
#define MMREF_VERSION                                                                              \
	MMREF_VERSION_TEXT(MMREF_VERSION_MAJOR, MMREF_VERSION_MINOR, MMREF_VERSION_PATCH)

/* "0.1.0": of the library that the program runs with. Never NULL; not to be freed. */
const char *mmref_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
