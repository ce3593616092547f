/* SPDX-License-Identifier: MIT */
/* The types that the arguments of kernel functions are made of. Offsets and sizes of files are pages. */
#ifndef MMREF_LINUX_TYPES_H
#define MMREF_LINUX_TYPES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_space;
struct block_device;
struct dax_device;
struct dax_holder_operations;
struct dev_pagemap;
struct dmirror_device;
struct exceptional_entry_key;
struct file;
struct folio;
struct follow_page_context;
struct folio_or_pfn;
struct inode;
struct io_imu_folio_data;
struct io_mapped_ubuf;
struct io_ring_ctx;
struct iomap;
struct iomap_iter;
struct iomap_ops;
struct list_head;
struct iov_iter;
struct kiocb;
struct migrate_vma;
struct mm_struct;
struct mmu_gather;
struct p2pdma_device;
struct page;
struct pipe_buffer;
struct pipe_inode_info;
struct page_vma_mapped_walk;
struct rmap_walk_control;
struct percpu_ref;
struct pmem_device;
struct super_block;
struct vm_area_struct;
struct vm_fault;
struct wait_queue;
struct xa_state;
struct zap_details;

typedef uint64_t pte_t;
typedef uint64_t pmd_t;
typedef unsigned int vm_fault_t;
typedef unsigned long pgoff_t;
typedef unsigned long dax_entry_t;
typedef struct wait_queue wait_queue_head_t;

/* Who is woken of those that wait for a DAX entry. */
enum dax_wake_mode {
	WAKE_ALL,
	WAKE_NEXT,
};

#define swap(a, b)                                                                                 \
	do {                                                                                       \
		__typeof__(a) swapped_ = (a);                                                      \
		(a) = (b);                                                                         \
		(b) = swapped_;                                                                    \
	} while (0)

#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))

#endif
