/* SPDX-License-Identifier: MIT */
/* The types that the arguments of kernel functions are made of. Offsets and sizes of files are pages. */
#ifndef MMREF_LINUX_TYPES_H
#define MMREF_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_space;
struct block_device;
struct dax_device;
struct dax_holder_operations;
struct dev_pagemap;
struct dmirror_device;
struct file;
struct folio;
struct folio_or_pfn;
struct inode;
struct iomap;
struct iomap_iter;
struct iomap_ops;
struct migrate_vma;
struct mm_struct;
struct mmu_gather;
struct p2pdma_device;
struct page;
struct page_vma_mapped_walk;
struct rmap_walk_control;
struct percpu_ref;
struct pmem_device;
struct super_block;
struct vm_area_struct;
struct vm_fault;
struct xa_state;
struct zap_details;

typedef uint64_t pte_t;
typedef uint64_t pmd_t;
typedef unsigned int vm_fault_t;
typedef unsigned long pgoff_t;

#endif
