/* SPDX-License-Identifier: MIT */
#include <mmref/trace.h>

#include <string.h>

/* All sites lie in this section; the linker defines where it starts and ends. */
extern const struct mmref_site __start_mmref_sites[], __stop_mmref_sites[];

const char *mmref_site_function(const struct mmref_site *site)
{
	const char *name = site->func;
	size_t version = *name == 'v' ? strspn(name + 1, "0123456789_") : 0;

	return version > 1 ? name + 1 + version : name;
}

bool mmref_has_function(const char *func)
{
	for (const struct mmref_site *site = __start_mmref_sites; site < __stop_mmref_sites; site++)
		if (!strcmp(mmref_site_function(site), func))
			return true;
	return false;
}
