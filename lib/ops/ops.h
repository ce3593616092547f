/* SPDX-License-Identifier: MIT */
/* The objects that users name: what stands behind the handles of mmref/ops.h. */
#ifndef OPS_OPS_H
#define OPS_OPS_H

#include <mmref/ops.h>

#include "drivers/device_private.h"
#include "drivers/p2pdma.h"
#include "drivers/pmem.h"
#include "fs/fs.h"
#include "mm/gup.h"
#include "mm/mm.h"

#define HOLD_MAX	16
#define PIPE_BUFFERS	16

/* Each begins with its lock and its pgmap, whose type says which it is. */
struct mmref_device {
	union {
		struct pmem_device pmem;
		struct dmirror_device mirror;
		struct p2pdma_device p2pdma;
	};
};

/* A path: it names an inode until it is unlinked, and may be open. */
struct mmref_file {
	struct inode *inode;
	struct file *open;
	bool linked;
};

struct mmref_process {
	struct mm_struct *mm;
	struct mutex uring_lock;	/* of its io_uring, if it has one */
};

struct mmref_map {
	struct mmref_process *process;
	struct vm_area_struct *vma;
};

/* Pages held, and the inode of the map that they were taken through. */
struct mmref_hold {
	struct page *page[HOLD_MAX];
	uint8_t ino;
	int nr;
	int in_a_row;			/* pages from the first on, where one stands for a folio */
	enum mmref_holder held;
	struct inode *inode;		/* held once a page, where the rule set has it so */
	struct mmref_process *process;	/* who registered it with io_uring, or NULL */
};

/* struct pipe_buffer: a page held, and whose it was, or a copy of one. */
struct pipe_buffer {
	struct page *page;
	struct inode *inode;		/* held, where the rule set has it so */
	uint8_t ino;
	uint8_t copy;
	bool full;
};

struct mmref_pipe {
	struct mutex mutex;
	struct pipe_buffer buffer[PIPE_BUFFERS];
};

/* The calling task begins what a report calls @name; false inside another operation. */
bool operation_begin(const char *name);
void operation_end(bool begun);

/* Runs @call as the operation @name, and yields its value. */
#define OPERATION(name, call)                                                                      \
	({                                                                                         \
		bool begun_ = operation_begin(name);                                               \
		__auto_type result_ = (call);                                                      \
		operation_end(begun_);                                                             \
		result_;                                                                           \
	})

#endif
