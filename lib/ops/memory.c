/* SPDX-License-Identifier: MIT */
/* What a process does to its address space. */
#include <errno.h>

#include <mmref/kernel.h>

#include "ops/ops.h"
#include "world.h"

struct mmref_process *mmref_process(struct mmref_sim *sim)
{
	struct mmref_process *process = NULL;

	if (belongs_to(sim))
		process = world_new(current->world, struct mmref_process);
	if (!process)
		return NULL;
	process->mm = mm_alloc(current->world);
	process->uring.mm_account = process->mm;
	return process->mm ? process : NULL;
}

static struct mmref_map *map_pages(struct mmref_process *process, struct file *file,
				   unsigned int first, unsigned int pages, unsigned int shift,
				   unsigned int flags)
{
	struct mmref_map *map = world_new(current->world, struct mmref_map);

	if (!map)
		return ERR_PTR(-ENOMEM);
	map->process = process;
	map->vma = do_mmap(process->mm, file, first, pages, VM_WRITE | flags, shift);
	return IS_ERR(map->vma) ? ERR_PTR(PTR_ERR(map->vma)) : map;
}

static struct mmref_map *ksys_mmap_pgoff(struct mmref_process *process, struct mmref_file *file,
					 unsigned int first, unsigned int pages, unsigned int shift,
					 bool copy_on_write)
{
	const struct super_block *sb = file->inode->i_sb;
	unsigned int flags = copy_on_write ? 0 : VM_SHARED;
	struct file *open = READ_ONCE(file->open);	/* fdget() */

	if (!open)
		return ERR_PTR(-EBADF);
	if (sb->s_type->mmap_asks_shutdown && READ_ONCE(sb->shutdown))
		return ERR_PTR(-EIO);	/* of the file's own mmap() */
	if (!is_devdax(sb->s_dev))
		flags |= VM_FSDAX;
	return map_pages(process, open, first, pages, shift, flags);
}

struct mmref_map *sys_mmap(struct mmref_process *process, struct mmref_file *file,
			   unsigned int first, unsigned int pages, unsigned int shift,
			   bool copy_on_write)
{
	return OPERATION(MMAP, process && file ? ksys_mmap_pgoff(process, file, first, pages, shift,
								   copy_on_write) :
						   ERR_PTR(-EINVAL));
}

struct mmref_map *sys_mmap_anon(struct mmref_process *process, unsigned int pages)
{
	return OPERATION(MMAP, process ? map_pages(process, NULL, 0, pages, 0, 0) : ERR_PTR(-EINVAL));
}

/* A kernel without p2pmem/allocate has no such file. */
static struct mmref_map *map_p2pdma(struct mmref_process *process, struct mmref_device *device,
				    unsigned int pages)
{
	if (device->pmem.pgmap->type != MEMORY_DEVICE_PCI_P2PDMA || !MMREF_HAS(*rules(), p2pmem_alloc_mmap))
		return ERR_PTR(-ENOENT);
	return map_pages(process, device->p2pdma.file, 0, pages, 0, VM_SHARED);
}

struct mmref_map *sys_mmap_p2pdma(struct mmref_process *process, struct mmref_device *device,
				  unsigned int pages)
{
	return OPERATION(MMAP, process && device ? map_p2pdma(process, device, pages) :
						     ERR_PTR(-EINVAL));
}

static void *or_null(void *made)
{
	return IS_ERR(made) ? NULL : made;
}

struct mmref_map *mmref_mmap_at(struct mmref_process *process, struct mmref_file *file,
				unsigned int first, unsigned int pages, unsigned int shift,
				bool copy_on_write)
{
	return or_null(sys_mmap(process, file, first, pages, shift, copy_on_write));
}

struct mmref_map *mmref_mmap(struct mmref_process *process, struct mmref_file *file,
			     unsigned int first, unsigned int pages)
{
	return mmref_mmap_at(process, file, first, pages, 0, false);
}

struct mmref_map *mmref_mmap_anon(struct mmref_process *process, unsigned int pages)
{
	return or_null(sys_mmap_anon(process, pages));
}

struct mmref_map *mmref_mmap_p2pdma(struct mmref_process *process, struct mmref_device *device,
				    unsigned int pages)
{
	return or_null(sys_mmap_p2pdma(process, device, pages));
}

static int migrate_to(struct mmref_map *map, struct mmref_device *device, unsigned int page)
{
	enum mmref_memory_type type = device->pmem.pgmap->type;

	if ((type != MEMORY_DEVICE_PRIVATE && type != MEMORY_DEVICE_COHERENT) || !map_has(map, page))
		return -EINVAL;
	return dmirror_migrate_to_device(&device->mirror, map->vma, map->vma->vm_start + page);
}

int mmref_migrate_to(struct mmref_map *map, struct mmref_device *device, unsigned int page)
{
	return OPERATION(MIGRATE_TO, map && device ? migrate_to(map, device, page) : -EINVAL);
}

static int load(struct mmref_map *map, unsigned int page)
{
	uint8_t value = 0;
	int err = -EFAULT;

	if (map_has(map, page))
		err = user_access(map->vma, map->vma->vm_start + page, false, &value);
	return err ? err : value;
}

int mmref_read(struct mmref_map *map, unsigned int page)
{
	return OPERATION_AS(READ, map ? load(map, page) : -EINVAL, outcome_of_load);
}

static int store(struct mmref_map *map, unsigned int page, uint8_t value)
{
	if (!map_has(map, page))
		return -EFAULT;
	return user_access(map->vma, map->vma->vm_start + page, true, &value);
}

int mmref_write(struct mmref_map *map, unsigned int page, uint8_t value)
{
	return OPERATION_AS(WRITE, map ? store(map, page, value) : -EINVAL, outcome_of_store);
}

static int unmap(struct mmref_map *map)
{
	do_munmap(map->process->mm, map->vma);
	return 0;
}

int mmref_munmap(struct mmref_map *map)
{
	return OPERATION(MUNMAP, map ? unmap(map) : -EINVAL);
}

int mmref_dontneed(struct mmref_map *map)
{
	return OPERATION(DONTNEED, map ? madvise_dontneed_single_vma(map->vma) : -EINVAL);
}

/* msync(): mmap_lock is dropped before the file is synced, and the file is held over it. */
static int msync(struct mmref_map *map)
{
	struct mm_struct *mm = map->process->mm;
	struct file *file = NULL;
	bool found;
	int err;

	down_read(&mm->mmap_lock);
	found = vma_lookup(mm, map->vma->vm_start) == map->vma;
	if (found && map->vma->vm_file)
		file = get_file(map->vma->vm_file);
	up_read(&mm->mmap_lock);
	if (!file)
		return found ? 0 : -ENOMEM;
	err = file->f_inode->i_sb ? vfs_fsync(file->f_inode) : -EINVAL;
	fput(file);
	return err;
}

int mmref_msync(struct mmref_map *map)
{
	return OPERATION(MSYNC, map ? msync(map) : -EINVAL);
}

static struct mmref_process *fork_process(struct mmref_process *process)
{
	struct mmref_process *child = world_new(current->world, struct mmref_process);

	if (child)
		child->mm = child->uring.mm_account = dup_mm(process->mm);
	return child && child->mm ? child : ERR_PTR(-ENOMEM);
}

struct mmref_process *sys_fork(struct mmref_process *process)
{
	return OPERATION(FORK, process ? fork_process(process) : ERR_PTR(-EINVAL));
}

struct mmref_process *mmref_fork(struct mmref_process *process)
{
	return or_null(sys_fork(process));
}

struct mmref_map *mmref_in_child(struct mmref_map *map, struct mmref_process *child)
{
	struct mmref_map *twin;

	if (!map || !child)
		return NULL;
	twin = world_new(current->world, struct mmref_map);
	if (!twin)
		return NULL;
	twin->process = child;
	twin->vma = vma_lookup(child->mm, map->vma->vm_start);
	return twin->vma ? twin : NULL;
}

/* do_exit(): io_uring_files_cancel(), and then exit_mm(). */
static int exit_process(struct mmref_process *process)
{
	io_uring_del_tctx_node(&process->uring);
	exit_mmap(process->mm);
	return 0;
}

int mmref_exit(struct mmref_process *process)
{
	return OPERATION(EXIT, process ? exit_process(process) : -EINVAL);
}
