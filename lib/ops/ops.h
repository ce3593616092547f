/* SPDX-License-Identifier: MIT */
/* The objects that users name: what stands behind the handles of mmref/ops.h. */
#ifndef OPS_OPS_H
#define OPS_OPS_H

#include <errno.h>

#include <mmref/ops.h>
#include <mmref/outcome.h>
#include <mmref/program.h>

#include <mmref/linux/test_hmm.h>
#include <mmref/linux/pci-p2pdma.h>
#include <mmref/linux/pmem.h>
#include <mmref/linux/fs.h>
#include <mmref/linux/err.h>
#include <mmref/linux/gup.h>
#include <mmref/linux/io_uring.h>
#include <mmref/linux/mm.h>
#include <mmref/linux/pipe_fs_i.h>

#include "ops/scene.h"

#define HOLD_MAX	IO_BVECS_MAX

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
};

struct mmref_process {
	struct mm_struct *mm;
	struct io_ring_ctx uring;
};

struct mmref_map {
	struct mmref_process *process;
	struct vm_area_struct *vma;
};

/* Pages held, as pages of the inode @ino. */
struct mmref_hold {
	struct page *page[HOLD_MAX];
	uint8_t ino;
	int nr;
	int pages;			/* that can be reached: more, where one stands for a folio */
	uint8_t folio_shift, first;	/* see struct io_mapped_ubuf */
	enum mmref_holder held;
	struct mmref_process *process;	/* who registered it with io_uring, or NULL */
};

/* Is @page one that @map had when it was mapped? An access outside is a SIGSEGV. */
static inline bool map_has(const struct mmref_map *map, unsigned int page)
{
	return page < map->vma->vm_end - map->vma->vm_start;
}

struct mmref_pipe {
	struct pipe_inode_info pipe;
};

/* Does the caller run in @sim, or set its scene? */
bool belongs_to(const struct mmref_sim *sim);

/* The calling task begins what a report calls @name; false inside another operation. */
bool operation_begin(const char *name);
void operation_end(bool begun, struct mmref_outcome outcome);

/* What came of a call that returned @result: 0 or more, or a negative errno. */
struct mmref_outcome outcome_of(int result);
/* Of one that made an object: that, or ERR_PTR(). */
struct mmref_outcome outcome_of_making(const void *made);
/* Of one that read a byte, or failed. */
struct mmref_outcome outcome_of_byte(int result);
/* Of a load and a store through a map: where the system call would fail, a signal. */
struct mmref_outcome outcome_of_load(int result);
struct mmref_outcome outcome_of_store(int result);

/* What mmref_op_name() returns, by kind. */
extern const char *const op_names[MMREF_NR_OPS];

/* Make @call, as an operation that a report calls @name; @outcome says what its value means. */
#define OPERATION_NAMED(name, call, outcome)                                                       \
	({                                                                                         \
		bool begun_ = operation_begin(name);                                               \
		struct set_up *scene_ = begun_ ? scene_of_caller() : NULL;                          \
		__typeof__(call) result_;                                                          \
		if (scene_allows(scene_))                                                          \
			result_ = (call);                                                          \
		else                                                                               \
			result_ = (__typeof__(call))(intptr_t)-EDEADLK;                            \
		operation_end(begun_, (outcome)(result_));                                         \
		result_;                                                                           \
	})

/* The same for MMREF_OP_@NAME. */
#define OPERATION_AS(NAME, call, outcome)                                                          \
	OPERATION_NAMED(op_names[MMREF_OP_##NAME], call, outcome)

#define OPERATION(NAME, call)                                                                      \
	OPERATION_AS(NAME, call, _Generic((call), int: outcome_of, default: outcome_of_making))

/* As mmref_create(), mmref_fork() and those that map, but ERR_PTR() where they fail. */
struct mmref_file *sys_creat(struct mmref_device *device, unsigned int pages, uint8_t fill);
struct mmref_process *sys_fork(struct mmref_process *process);
struct mmref_map *sys_mmap(struct mmref_process *process, struct mmref_file *file,
			   unsigned int first, unsigned int pages, unsigned int shift,
			   bool copy_on_write);
struct mmref_map *sys_mmap_anon(struct mmref_process *process, unsigned int pages);
struct mmref_map *sys_mmap_p2pdma(struct mmref_process *process, struct mmref_device *device,
				  unsigned int pages);

#endif
