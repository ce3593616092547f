/* SPDX-License-Identifier: MIT */
/* Prints the function and the file of each place in the model that takes a step. */
#include <stdio.h>

#include <mmref/trace.h>

extern const struct mmref_site __start_mmref_sites[], __stop_mmref_sites[];

int main(void)
{
	for (const struct mmref_site *site = __start_mmref_sites; site < __stop_mmref_sites; site++)
		printf("%s\t%s\n", mmref_site_function(site), site->file);
	return 0;
}
