/* SPDX-License-Identifier: MIT */
/* The words for operations: scripts are written in them, and reports speak them. */
#include <mmref/program.h>

const char *mmref_op_name(enum mmref_op_kind kind)
{
	static const char *const name[MMREF_NR_OPS] = {
		[MMREF_OP_CREATE]	= "create",
		[MMREF_OP_MMAP]		= "mmap",
		[MMREF_OP_READ]		= "read",
		[MMREF_OP_READ_ALL]	= "read_all",
		[MMREF_OP_WRITE]	= "write",
		[MMREF_OP_MUNMAP]	= "munmap",
		[MMREF_OP_DONTNEED]	= "dontneed",
		[MMREF_OP_MSYNC]	= "msync",
		[MMREF_OP_MIGRATE_TO]	= "migrate_to",
		[MMREF_OP_FORK]		= "fork",
		[MMREF_OP_EXIT]		= "exit",
		[MMREF_OP_GET]		= "get",
		[MMREF_OP_PIN]		= "pin",
		[MMREF_OP_REGISTER]	= "register",
		[MMREF_OP_UNREGISTER]	= "unregister",
		[MMREF_OP_RELEASE]	= "release",
		[MMREF_OP_FOLIO_PUT]	= "folio_put",
		[MMREF_OP_DMA_READ]	= "dma_read",
		[MMREF_OP_DMA_WRITE]	= "dma_write",
		[MMREF_OP_VMSPLICE]	= "vmsplice",
		[MMREF_OP_TEE]		= "tee",
		[MMREF_OP_SPLICE]	= "splice",
		[MMREF_OP_DRAIN]	= "drain",
		[MMREF_OP_PIPE_CLOSE]	= "close",
		[MMREF_OP_OPEN]		= "open",
		[MMREF_OP_CLOSE]	= "close",
		[MMREF_OP_UNLINK]	= "unlink",
		[MMREF_OP_TRUNCATE]	= "truncate",
		[MMREF_OP_PUNCH]	= "punch",
		[MMREF_OP_ZERO_RANGE]	= "zero_range",
		[MMREF_OP_COLLAPSE]	= "collapse",
		[MMREF_OP_ALLOCATE]	= "allocate",
		[MMREF_OP_CLONE]	= "clone",
		[MMREF_OP_PREAD]	= "pread",
		[MMREF_OP_PWRITE]	= "pwrite",
		[MMREF_OP_FSYNC]	= "fsync",
		[MMREF_OP_SYNC]		= "sync",
		[MMREF_OP_DROP_CACHES]	= "drop_caches",
		[MMREF_OP_UMOUNT]	= "umount",
		[MMREF_OP_MOUNT]	= "mount",
		[MMREF_OP_UNBIND]	= "unbind",
		[MMREF_OP_REBIND]	= "rebind",
		[MMREF_OP_SIGNAL]	= "signal",
	};

	return (unsigned int)kind < MMREF_NR_OPS ? name[kind] : "?";
}
