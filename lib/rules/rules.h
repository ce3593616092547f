/* SPDX-License-Identifier: MIT */
/* What a rule file stands on. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <mmref/rules.h>

#include "fs/dax.h"
#include "kernel/bug.h"
#include "mm/gup.h"
#include "mm/memremap.h"
#include "mm/mm.h"

/* What a later kernel kept, under the name of the kernel it comes from. */
struct page *v6_1_vm_normal_page(struct vm_area_struct *vma, pte_t pte);
int v6_1_try_grab_page(struct gup *gup, struct page *page);
unsigned long v6_1_pfn_len(const struct dev_pagemap *pgmap);

#endif
