/* SPDX-License-Identifier: MIT */
#include "ops/ops.h"

void ops_begin(const char *name)
{
	if (current->host->operation)
		current->host->operation(current->host, name);
}

void ops_end(void)
{
	if (current->host->operation)
		current->host->operation(current->host, NULL);
}
