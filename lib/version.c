/* SPDX-License-Identifier: MIT */
#include <mmref/version.h>

const char *mmref_version(void)
{
	return MMREF_VERSION;
}
