/* SPDX-License-Identifier: MIT */
#include <mmref/linux/bug.h>

#include "kernel/host.h"
#include "world.h"

bool debug_vm(void)
{
	return current->world->debug_vm;
}
EXPORT_SYMBOL(debug_vm);

void kernel_warning(const struct mmref_site *site, const struct page *page, const char *why)
{
	violation(MMREF_KERNEL_WARNING, site, page, why);
}
EXPORT_SYMBOL(kernel_warning);

/* make_task_dead(): the locks stay held, and whoever waits for them waits for ever. */
static void __attribute__((noreturn)) make_task_dead(void)
{
	POKE(current->dead, true);
	current->host->die(current->host);
}

void kernel_bug(const struct mmref_site *site, const struct page *page, const char *why)
{
	violation(MMREF_KERNEL_BUG, site, page, why);
	make_task_dead();
}
EXPORT_SYMBOL(kernel_bug);

void oops(const struct mmref_site *site, const struct page *page, const char *gone)
{
	violation(MMREF_USE_AFTER_UNPLUG, site, page, gone);
	make_task_dead();
}
EXPORT_SYMBOL(oops);
