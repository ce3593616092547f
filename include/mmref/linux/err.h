/* SPDX-License-Identifier: MIT */
/* include/linux/err.h: a negative errno in place of a pointer. */
#ifndef KERNEL_ERR_H
#define KERNEL_ERR_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_ERRNO	4095

static inline void *ERR_PTR(intptr_t error)
{
	return (void *)error;
}

static inline intptr_t PTR_ERR(const void *pointer)
{
	return (intptr_t)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return (uintptr_t)pointer >= (uintptr_t)-MAX_ERRNO;
}

#endif
