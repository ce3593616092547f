/* SPDX-License-Identifier: MIT */
/*
 * A scenario as plain data: objects, and what is done to them by whom. It says
 * nothing of how it is carried out; the model is one way, a kernel in a virtual
 * machine would be another.
 *
 * A scenario has threads, to be explored under every interleaving, or steps, to
 * be taken one after the other with checkpoints between them; never both.
 */
#ifndef MMREF_PROGRAM_H
#define MMREF_PROGRAM_H

#include <mmref/check.h>
#include <mmref/ops.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define MMREF_MAX_OBJECTS	64
#define MMREF_MAX_THREADS	8

enum mmref_object_kind {
	MMREF_DEVICE,
	MMREF_FILE,	/* of: a device */
	MMREF_PROCESS,	/* of: the process it is forked from, or -1 */
	MMREF_MAP,	/* of: a process; file: the file mapped; or in a child: of the parent's map */
	MMREF_PIPE,
	MMREF_HOLD,	/* a name for pages held, given by get and pin */
};

enum mmref_device_type {
	MMREF_FSDAX,	/* pmem with a file system */
	MMREF_DEVDAX,	/* pmem that is mapped as it is */
	MMREF_PRIVATE,	/* memory that a CPU cannot reach, for anonymous pages to move to */
	MMREF_COHERENT,	/* the same, and it can */
	MMREF_P2PDMA,	/* a PCI BAR for peer-to-peer DMA */
};

/* What there is. Objects are numbered in the order they were declared. */
struct mmref_object {
	enum mmref_object_kind kind;
	const char *name;	/* as the script calls it, or a made-up one */
	int of;			/* the object this one belongs to, or -1 */
	int file;		/* MAP: the file, or -1 */
	int device;		/* MAP without a file: the p2pdma device, or -1: anonymous memory */
	int parent;		/* MAP of a forked process: the parent's map, or -1 */
	bool later;		/* made by an operation, not from the start */
	unsigned int first;	/* MAP: first page of the file */
	unsigned int pages;	/* DEVICE, FILE, MAP */
	enum mmref_device_type type;	/* DEVICE */
	enum mmref_file_system fs;	/* DEVICE: of type fsdax */
	bool keeps;		/* DEVICE, private or coherent: it evicts nothing before it is removed */
	bool copy_on_write;	/* MAP: MAP_PRIVATE */
	unsigned int shift;	/* MAP: pages above an address that a PMD could map */
	uint8_t fill;		/* FILE: the byte it reads as */
};

/* What is done: operations.def says to which object, and with which arguments. */
enum mmref_op_kind {
#define MMREF_OP(NAME, word, OBJECT, arguments, RESULT, call) MMREF_OP_##NAME,
#include <mmref/operations.def>
	MMREF_NR_OPS,
};

struct mmref_op {
	enum mmref_op_kind kind;
	int object;		/* of the kind that the operation is done to; -1 if of none */
	int other;		/* a second object, or -1 */
	unsigned int page;
	unsigned int pages;
	unsigned int flags;	/* MMREF_GUP_* */
	uint8_t value;
	const char *task;	/* SIGNAL: for this thread, or task that was started */
	const char *text;	/* how a report calls it: "write page 0 of map" */
	const char *label;	/* how a recording calls it, or NULL */
	int line;		/* of the script, or 0 */
};

struct mmref_ops {
	struct mmref_op *op;
	unsigned int nr;
};

struct mmref_program_thread {
	const char *name;
	struct mmref_ops ops;
};

/* One of the sequential steps. */
enum mmref_step_kind {
	MMREF_STEP_DO,		/* op, by the scenario's own process, until it ends or blocks */
	MMREF_STEP_START,	/* op, by a task of its own named @name; it may go on blocked */
	MMREF_STEP_WAIT,	/* until the task @name ends or blocks; label: how it is recorded */
	MMREF_STEP_CHECKPOINT,	/* the counts of the watched pages are told as @name */
	MMREF_STEP_WATCH,	/* pages [page, page + pages) of FILE object are watched from here on */
	MMREF_STEP_REMEMBER,	/* page of FILE object, as it is now, is called @label */
	MMREF_STEP_WATCH_NAMED,	/* the page remembered as @label, or "zeropage" or "hugezero" */
	MMREF_STEP_UNWATCH,	/* nothing is watched any more */
	MMREF_STEP_IF_BLOCKED,	/* unless the last DO, START or WAIT blocked, pass over @skip steps */
	MMREF_STEP_IF_FAILED,	/* unless it ended in an error or a signal, pass over @skip steps */
	MMREF_STEP_SKIP,	/* pass over @skip steps */
};

struct mmref_program_step {
	enum mmref_step_kind kind;
	const char *name;
	const char *label;
	struct mmref_op op;	/* WATCH: object, page and pages; of all: line */
	unsigned int skip;	/* IF_BLOCKED, IF_FAILED, SKIP */
};

enum mmref_expected {
	MMREF_EXPECT_HOLDS,
	MMREF_EXPECT_VIOLATES,
	MMREF_EXPECT_HANGS,
};

struct mmref_expectation {
	const char *rules;
	enum mmref_expected verdict;
	enum mmref_violation violation;	/* MMREF_NONE where it holds */
	const char *function;		/* where a shortest run shows it; NULL: anywhere */
};

struct mmref_program {
	const char *name;	/* the file's, without folder and ending */
	const char *file;
	const char *story;	/* the comment at its head, without the dashes */
	const char *text;	/* the script, as it was when it was read; or NULL */
	unsigned int pmd_order;	/* PTEs in a page table, as a power of two; 0: the default */
	bool no_debug_vm;	/* as distribution kernels: VM_BUG_ON() is silent */
	bool tlb_broadcast;	/* as on arm64: a TLB flush waits for no GUP walk */

	struct mmref_object object[MMREF_MAX_OBJECTS];
	unsigned int nr_objects;

	struct mmref_ops before;	/* sets the scene; nothing else runs */
	struct mmref_program_thread thread[MMREF_MAX_THREADS];
	unsigned int nr_threads;

	struct mmref_program_step *step;
	unsigned int nr_steps;

	struct mmref_expectation *expect;
	unsigned int nr_expect;

	void *memory;		/* what owns the strings and arrays above */
};

/* What scripts and reports call @kind: "punch". */
const char *mmref_op_name(enum mmref_op_kind kind);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
