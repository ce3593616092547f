/* SPDX-License-Identifier: MIT */
/*
 * Which functions of the model a rule file outside of the tree may call. EXPORT_SYMBOL() in lib/ gives
 * a function a second, public name, mmref_kernel_*, and EXPORTED() in its declaration leads the
 * rule file to it: the plain names of the kernel stay free for whoever links the library.
 */
#ifndef MMREF_LINUX_EXPORT_H
#define MMREF_LINUX_EXPORT_H

#ifdef MMREF_INSIDE
#define EXPORTED(name)
#if defined(__clang__)
#define MMREF_COPY_ATTRIBUTES(name)
#else
#define MMREF_COPY_ATTRIBUTES(name)	copy(name),
#endif
#define EXPORT_SYMBOL(name)                                                                        \
	extern __typeof__(name) mmref_kernel_##name __attribute__((                                \
		MMREF_COPY_ATTRIBUTES(name) alias(#name), visibility("default")))
#else
#define EXPORTED(name)	__asm__("mmref_kernel_" #name)
#endif

#endif
