/* SPDX-License-Identifier: MIT */
/*
 * The kernel API of the model: what the bodies of kernel functions are written with, in lib/ and in
 * a rule file outside of the tree alike. The names are Linux's, and so are the headers in linux/.
 *
 *	READ_ONCE(), WRITE_ONCE(), atomics, locks, waits: a step each, and other tasks may run before it
 *	folio_get(folio, held):	the holder is for the ledger; left out, it is HELD_BY_TRANSIENT
 *	any function of functions.def: a call through the table of the present rule set
 */
#ifndef MMREF_KERNEL_H
#define MMREF_KERNEL_H

#include <mmref/linux/atomic.h>
#include <mmref/linux/bug.h>
#include <mmref/linux/dax.h>
#include <mmref/linux/dax_device.h>
#include <mmref/linux/dispatch.h>
#include <mmref/linux/err.h>
#include <mmref/linux/fs.h>
#include <mmref/linux/genalloc.h>
#include <mmref/linux/gup.h>
#include <mmref/linux/io_uring.h>
#include <mmref/linux/list.h>
#include <mmref/linux/iomap.h>
#include <mmref/linux/jump_label.h>
#include <mmref/linux/memremap.h>
#include <mmref/linux/migrate.h>
#include <mmref/linux/mm.h>
#include <mmref/linux/mm_types.h>
#include <mmref/linux/pci-p2pdma.h>
#include <mmref/linux/percpu-refcount.h>
#include <mmref/linux/pgtable.h>
#include <mmref/linux/pipe_fs_i.h>
#include <mmref/linux/pmem.h>
#include <mmref/linux/rcupdate.h>
#include <mmref/linux/sched.h>
#include <mmref/linux/seqlock.h>
#include <mmref/linux/spinlock.h>
#include <mmref/linux/srcu.h>
#include <mmref/linux/step.h>
#include <mmref/linux/test_hmm.h>
#include <mmref/linux/types.h>
#include <mmref/linux/wait.h>
#include <mmref/linux/xarray.h>
#include <mmref/rules_file.h>

#endif
