/* SPDX-License-Identifier: MIT */
#include "ops/ops.h"

static void tell(const char *name)
{
	if (current->host->operation)
		current->host->operation(current->host, name);
}

bool operation_begin(const char *name)
{
	if (current->operation)
		return false;
	current->operation = name;
	tell(name);
	return true;
}

void operation_end(bool begun)
{
	if (!begun)
		return;
	current->operation = NULL;
	tell(NULL);
}
