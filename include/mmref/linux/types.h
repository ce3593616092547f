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
struct follow_page_context;
struct inode;
struct io_imu_folio_data;
struct io_mapped_ubuf;
struct io_ring_ctx;
struct iomap;
struct iomap_iter;
struct iomap_ops;
struct list_head;
struct migrate_vma;
struct mm_struct;
struct mmu_gather;
struct p2pdma_device;
struct page;
struct pipe_buffer;
struct pipe_inode_info;
struct percpu_ref;
struct pmem_device;
struct super_block;
struct vm_area_struct;
struct vm_fault;
struct xa_state;

typedef uint64_t pte_t;
typedef uint64_t pmd_t;
typedef unsigned int vm_fault_t;
typedef unsigned long pgoff_t;

#endif
