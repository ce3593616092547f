/* SPDX-License-Identifier: MIT */
#include "cli/stack_names.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stack_names {
	Dwfl *dwfl;
};

static char *debug_info_path;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.debuginfo_path = &debug_info_path,
};

struct stack_names *stack_names_open(void)
{
	struct stack_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->dwfl = dwfl_begin(&callbacks);
	if (names->dwfl && !dwfl_linux_proc_report(names->dwfl, getpid()) &&
	    !dwfl_report_end(names->dwfl, NULL, NULL))
		return names;
	stack_names_close(names);
	return NULL;
}

void stack_names_close(struct stack_names *names)
{
	if (!names)
		return;
	dwfl_end(names->dwfl);
	free(names);
}

bool stack_names_has_inlined(struct stack_names *names)
{
	Dwarf_Addr here = (Dwarf_Addr)(uintptr_t)stack_names_has_inlined;
	Dwfl_Module *module = dwfl_addrmodule(names->dwfl, here);
	Dwarf_Addr bias;

	return module && dwfl_module_getdwarf(module, &bias);
}

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;

	return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

/* The function that contains @pc, and before it those inlined there. False: none is known. */
static bool add_from_debug_info(Dwfl_Module *module, Dwarf_Addr pc, struct call_chain *chain)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = dwfl_module_addrdie(module, pc, &bias);
	Dwarf_Die *scope = NULL, *enclosing = NULL;
	bool found = false;
	int nr = 0;

	if (unit && dwarf_getscopes(unit, pc - bias, &scope) > 0)
		nr = dwarf_getscopes_die(&scope[0], &enclosing);
	for (int i = 0; i < nr && !found; i++) {
		int tag = dwarf_tag(&enclosing[i]);
		const char *name;

		if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine)
			continue;
		name = name_of(&enclosing[i]);
		if (name)
			call_chain_add(chain, name);
		found = tag == DW_TAG_subprogram;
	}
	free(enclosing);
	free(scope);
	return found;
}

/* A compiler calls the parts of f() f.part.0, f.constprop.0, f.cold. */
static void add_from_symbols(Dwfl_Module *module, Dwarf_Addr pc, struct call_chain *chain)
{
	const char *symbol = dwfl_module_addrname(module, pc);
	char name[CALL_NAME];

	if (!symbol)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(symbol, "."), symbol);
	call_chain_add(chain, name);
}

void stack_names_add(void *cookie, const struct mmref_stack *stack, struct call_chain *chain)
{
	struct stack_names *names = cookie;

	for (unsigned int i = 0; i < stack->depth; i++) {
		Dwfl_Module *module = dwfl_addrmodule(names->dwfl, stack->pc[i]);

		if (module && !add_from_debug_info(module, stack->pc[i], chain))
			add_from_symbols(module, stack->pc[i], chain);
	}
}
