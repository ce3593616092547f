/* SPDX-License-Identifier: MIT */
#include <mmref/trace.h>

#include <string.h>

/* All sites lie in this section; the linker defines where it starts and ends. */
extern const struct mmref_site __start_mmref_sites[], __stop_mmref_sites[];

/* The length of the rule set's name before that of its function: "v6_15_", "williams_2022_". */
static size_t rules_prefix(const char *name)
{
	size_t author = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	size_t number = strspn(name + author, "0123456789_");

	if (author == 1 && *name == 'v' && number > 1)
		return author + number;
	return author && number == strlen("_2022_") ? author + number : 0;
}

const char *mmref_site_function(const struct mmref_site *site)
{
	return site->func + rules_prefix(site->func);
}

bool mmref_has_function(const char *func)
{
	for (const struct mmref_site *site = __start_mmref_sites; site < __stop_mmref_sites; site++)
		if (!strcmp(mmref_site_function(site), func))
			return true;
	return false;
}
