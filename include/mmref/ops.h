/* SPDX-License-Identifier: MIT */
/*
 * What a thread can do: the system calls and accesses of a user program, and
 * the administrator's hands on the device. Called in a thread body they are part
 * of what is explored; called before the exploring they set the scene.
 *
 * Pages are counted from the start of the map or file they belong to. Unless a
 * function says otherwise it returns 0 or -errno, and may sleep.
 *
 *	-EFAULT	the access was a SIGSEGV: outside the map, too	-EIO	a SIGBUS, or a dead device
 *	-EINVAL	a handle is NULL				-EDEADLK	see mmref_error()
 *
 * Where the scene cannot be set, mmref_error() of explore.h says why: "create: No space left on device".
 */
#ifndef MMREF_OPS_H
#define MMREF_OPS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct mmref_device;
struct mmref_file;
struct mmref_hold;
struct mmref_map;
struct mmref_pipe;
struct mmref_process;
struct mmref_sim;

/*
 * --- the scene: before the exploring, or from a thread -----------------
 *
 * NULL when the world is full, or when @sim is not the simulation of the caller: the one that was
 * made last, or in a thread body the one that runs it.
 */

/* What can be mounted on a device in fsdax mode. */
enum mmref_file_system {
	MMREF_EXT4,
	MMREF_XFS,	/* with a reverse mapping of its blocks, as mkfs.xfs makes it today */
	MMREF_EXT2,	/* breaks no layouts, and has no fallocate() */
	MMREF_FUSE,	/* virtiofs; the blocks are the host's, and there is no fallocate() */
};

/* A pmem device of @pages pages in fsdax mode, with @fs mounted on it. */
struct mmref_device *mmref_fsdax_with(struct mmref_sim *sim, unsigned int pages,
				      enum mmref_file_system fs);
/* The same with an ext4. */
struct mmref_device *mmref_fsdax(struct mmref_sim *sim, unsigned int pages);
/* A pmem device in devdax mode; mmref_create() opens it, as a file of all its pages. */
struct mmref_device *mmref_devdax(struct mmref_sim *sim, unsigned int pages);
/*
 * A device with memory that anonymous pages can be moved to, which a CPU cannot reach
 * (MEMORY_DEVICE_PRIVATE), or can (MEMORY_DEVICE_COHERENT), and a driver as lib/test_hmm.c.
 * @evicts: an unbind moves back what it can before it waits for what is left.
 */
struct mmref_device *mmref_private(struct mmref_sim *sim, unsigned int pages, bool evicts);
struct mmref_device *mmref_coherent(struct mmref_sim *sim, unsigned int pages, bool evicts);
/* A PCI device with @pages pages of a BAR for peer-to-peer DMA. */
struct mmref_device *mmref_p2pdma(struct mmref_sim *sim, unsigned int pages);
/* A new file of @pages pages, all allocated, whose bytes read as @fill. It is open. NULL where @device has fewer. */
struct mmref_file *mmref_create(struct mmref_device *device, unsigned int pages, uint8_t fill);
struct mmref_process *mmref_process(struct mmref_sim *sim);
/* mmap(MAP_SHARED, PROT_READ | PROT_WRITE) of @pages pages of @file from @first on. */
struct mmref_map *mmref_mmap(struct mmref_process *process, struct mmref_file *file,
			     unsigned int first, unsigned int pages);
/*
 * The same, @shift pages above an address that a PMD could map; @copy_on_write:
 * MAP_PRIVATE.
 */
struct mmref_map *mmref_mmap_at(struct mmref_process *process, struct mmref_file *file,
				unsigned int first, unsigned int pages, unsigned int shift,
				bool copy_on_write);
/* mmap(MAP_PRIVATE | MAP_ANONYMOUS) */
struct mmref_map *mmref_mmap_anon(struct mmref_process *process, unsigned int pages);
/*
 * mmap() of @device's p2pmem/allocate: @pages pages of the BAR, from the start. NULL too
 * where the kernel has no such file (before v6.2), or the pages are not to be had.
 */
struct mmref_map *mmref_mmap_p2pdma(struct mmref_process *process, struct mmref_device *device,
				    unsigned int pages);
struct mmref_pipe *mmref_pipe(struct mmref_sim *sim);

/* --- memory ----------------------------------------------------------- */

/* Load from @page of @map; the byte read, or -errno. */
int mmref_read(struct mmref_map *map, unsigned int page);
/* Store @value to it. */
int mmref_write(struct mmref_map *map, unsigned int page, uint8_t value);
/* What is not mapped any more is let pass. */
int mmref_munmap(struct mmref_map *map);
/* madvise(MADV_DONTNEED) of the whole map; -ENOMEM where it is not mapped any more. */
int mmref_dontneed(struct mmref_map *map);
/* msync(MS_SYNC) of the whole map; -ENOMEM likewise. */
int mmref_msync(struct mmref_map *map);
/*
 * migrate_vma() of @page of an anonymous map to private or coherent @device. -EBUSY where
 * it could not be moved, -EINVAL for another map, -ENODEV where @device is not bound.
 */
int mmref_migrate_to(struct mmref_map *map, struct mmref_device *device, unsigned int page);
/* fork(): the child, with the same maps, which mmref_in_child() finds. */
struct mmref_process *mmref_fork(struct mmref_process *process);
struct mmref_map *mmref_in_child(struct mmref_map *map, struct mmref_process *child);
/* exit(): what is mapped is unmapped. */
int mmref_exit(struct mmref_process *process);

/* --- references ------------------------------------------------------- */

enum {
	MMREF_GUP_WRITE = 1,	/* FOLL_WRITE; see gup.h for the values */
	MMREF_GUP_LONGTERM = 8,	/* FOLL_LONGTERM */
	MMREF_GUP_FAST_ONLY = 16,	/* get_user_pages_fast_only() */
	MMREF_GUP_REMOTE = 32,	/* the slow walk alone, as process_vm_readv() takes */
	MMREF_GUP_P2PDMA = 64,	/* FOLL_PCI_P2PDMA; without it such pages are -EREMOTEIO */
};

/*
 * get_user_pages_fast() with FOLL_GET, pin_user_pages_fast() with FOLL_PIN: hold
 * @pages pages of @map from @page on. NULL and *@error (may be NULL) where none
 * could be had.
 */
struct mmref_hold *mmref_get(struct mmref_map *map, unsigned int page, unsigned int pages,
			     unsigned int flags, int *error);
struct mmref_hold *mmref_pin(struct mmref_map *map, unsigned int page, unsigned int pages,
			     unsigned int flags, int *error);
/* put_page() or unpin_user_page() of each page; @hold is gone. NULL is let pass. */
int mmref_release(struct mmref_hold *hold);
/* folio_put() of each page, the way that knows nothing of fsdax under old rules. */
int mmref_folio_put_all(struct mmref_hold *hold);
/*
 * io_uring: register @pages pages of @map as a buffer, pinned for long; of a large
 * folio one pin is kept. All of it, or -EFAULT. unregister lets go.
 */
struct mmref_hold *mmref_register(struct mmref_map *map, unsigned int page, unsigned int pages,
				  int *error);
int mmref_unregister(struct mmref_hold *hold);
/* A device reads or writes the @i-th page held; the byte, or 0. */
int mmref_dma_read(struct mmref_hold *hold, unsigned int i);
int mmref_dma_write(struct mmref_hold *hold, unsigned int i, uint8_t value);

/* vmsplice() @pages pages of @map into @pipe, a buffer each; those that are in it, or -errno. */
int mmref_vmsplice(struct mmref_pipe *pipe, struct mmref_map *map, unsigned int page,
		   unsigned int pages);
/* tee() the first page of the first buffer of @from into @to. */
int mmref_tee(struct mmref_pipe *from, struct mmref_pipe *to);
/* splice() a page of @file into @pipe: a copy, which holds no device page. 1, or 0 at its end. */
int mmref_splice(struct mmref_pipe *pipe, struct mmref_file *file, unsigned int page);
/* read() until @pipe is empty; the first byte, or -EAGAIN where there is none. */
int mmref_drain(struct mmref_pipe *pipe);
/* close() both ends: every buffer is released unread. */
int mmref_pipe_close(struct mmref_pipe *pipe);

/* --- files ------------------------------------------------------------ */

/* -EBUSY where it is open already. */
int mmref_open(struct mmref_file *file);
int mmref_close(struct mmref_file *file);
int mmref_unlink(struct mmref_file *file);
/* The size becomes @pages; what grows is a hole. -EFBIG beyond the number of pages of the device. */
int mmref_truncate(struct mmref_file *file, unsigned int pages);
/*
 * The modes of fallocate(), with FALLOC_FL_KEEP_SIZE; -EINVAL for no pages, -EOPNOTSUPP where the
 * file system has it not.
 */
int mmref_punch(struct mmref_file *file, unsigned int page, unsigned int pages);
int mmref_zero_range(struct mmref_file *file, unsigned int page, unsigned int pages);
/* [@page, @page + @pages) goes, and what follows moves up; -EINVAL where nothing follows. */
int mmref_collapse(struct mmref_file *file, unsigned int page, unsigned int pages);
/* Holes of [@page, @page + @pages) get blocks, which read as a hole until they are written to. */
int mmref_allocate(struct mmref_file *file, unsigned int page, unsigned int pages);
/*
 * ioctl(FICLONE): @file shares all blocks of @from, instead of what it had there. -EOPNOTSUPP
 * of a file system that cannot, -EINVAL of one file, -EXDEV of two devices.
 */
int mmref_clone(struct mmref_file *file, struct mmref_file *from);
/* pread() of one page: its first byte, or -errno. */
int mmref_pread(struct mmref_file *file, unsigned int page);
int mmref_pwrite(struct mmref_file *file, unsigned int page, uint8_t value);
int mmref_fsync(struct mmref_file *file);

/* --- tasks ------------------------------------------------------------- */

/*
 * A signal for the task called @thread, which has a handler for it: an interruptible
 * sleep ends, and the call with it, in -EINTR. -ESRCH where it runs no more, and
 * -EINVAL where several have the name.
 */
int mmref_signal(const char *thread);

/* --- the machine ------------------------------------------------------- */

int mmref_sync(struct mmref_device *device);
int mmref_drop_caches(struct mmref_device *device);
int mmref_umount(struct mmref_device *device);
/* What was unmounted, or, while an umount is at its end, another file system of the device. */
int mmref_mount(struct mmref_device *device);
/* echo namespace > unbind, and > bind. */
int mmref_unbind(struct mmref_device *device);
int mmref_rebind(struct mmref_device *device);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
