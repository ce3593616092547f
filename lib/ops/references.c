/* SPDX-License-Identifier: MIT */
/* Holding pages: GUP's users, and pipes. */
#include <errno.h>
#include <string.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "ops/ops.h"
#include "world.h"

_Static_assert((int)MMREF_GUP_WRITE == FOLL_WRITE &&
	       (int)MMREF_GUP_LONGTERM == FOLL_LONGTERM &&
	       (int)MMREF_GUP_P2PDMA == FOLL_PCI_P2PDMA,
	       "what users pass is passed on as it is");

/* process_vm_readv() takes the pages under mmap_lock, and tries no other way. */
static long process_vm_rw_single_vec(struct mm_struct *mm, unsigned long start, unsigned int nr,
				     unsigned int foll, bool pin, struct page **pages)
{
	long got;

	down_read(&mm->mmap_lock);
	got = pin ? pin_user_pages_remote(mm, start, nr, foll, pages) :
		    get_user_pages_remote(mm, start, nr, foll, pages);
	up_read(&mm->mmap_lock);
	return got;
}

static long get_pages(struct mmref_map *map, unsigned int page, unsigned int nr, unsigned int flags,
		      struct page **pages)
{
	unsigned int foll = flags & (FOLL_WRITE | FOLL_LONGTERM | FOLL_PCI_P2PDMA);
	unsigned long start = map->vma->vm_start + page;
	struct mm_struct *mm = map->process->mm;
	bool pin = flags & FOLL_PIN;

	if (flags & MMREF_GUP_REMOTE)
		return process_vm_rw_single_vec(mm, start, nr, foll, pin, pages);
	if (flags & MMREF_GUP_FAST_ONLY)
		foll |= FOLL_FAST_ONLY;
	return pin ? pin_user_pages_fast(mm, start, nr, foll, pages) :
		     get_user_pages_fast(mm, start, nr, foll, pages);
}

/* The inode that @map was mapped of, 0 where it has none. */
static uint8_t ino_of_map(const struct mmref_map *map)
{
	return map->vma->vm_file ? map->vma->vm_file->f_inode->i_ino : 0;
}

/* A user gets (@sign 1) or gives up (-1) page @i of @hold. */
static void count_user(const struct mmref_hold *hold, int i, int sign)
{
	unsigned int flags = hold->held == HELD_BY_PIN ? FOLL_PIN : FOLL_GET;
	struct folio *folio = page_folio_peek(hold->page[i]);

	ledger_user(&folio->page, sign * gup_refs(folio, 1, flags));
}

static void count_users(const struct mmref_hold *hold, int sign)
{
	for (int i = 0; i < hold->nr; i++)
		if (hold->page[i])
			count_user(hold, i, sign);
}

/* Fills @hold, which is empty, and empties it again where no page can be taken. */
static int hold_pages(struct mmref_hold *hold, struct mmref_map *map, unsigned int page,
		      unsigned int pages, unsigned int flags)
{
	long taken = -ENOMEM;

	if (!map_has(map, page)) {
		taken = -EFAULT;
	} else if (pages <= HOLD_MAX) {
		POKE(current->through, ino_of_map(map));
		taken = get_pages(map, page, pages, flags, hold->page);
		hold->ino = current->through;
		POKE(current->through, 0);
	}
	if (taken <= 0) {
		*hold = (struct mmref_hold){ 0 };
		return taken;
	}
	hold->nr = hold->pages = taken;
	hold->held = gup_holder(flags);
	count_users(hold, 1);
	return taken;
}

/* @error is for the errno, or NULL. */
static struct mmref_hold *if_taken(struct mmref_hold *hold, int taken, int *error)
{
	if (error)
		*error = taken < 0 ? taken : 0;
	return taken > 0 ? hold : NULL;
}

struct mmref_hold *mmref_get(struct mmref_map *map, unsigned int page, unsigned int pages,
			     unsigned int flags, int *error)
{
	struct mmref_hold *hold = world_new(current->world, struct mmref_hold);
	int taken = -ENOMEM;

	if (hold)
		taken = OPERATION(GET, map ? hold_pages(hold, map, page, pages, flags | FOLL_GET) :
					     -EINVAL);
	return if_taken(hold, taken, error);
}

struct mmref_hold *mmref_pin(struct mmref_map *map, unsigned int page, unsigned int pages,
			     unsigned int flags, int *error)
{
	struct mmref_hold *hold = world_new(current->world, struct mmref_hold);
	int taken = -ENOMEM;

	if (hold)
		taken = OPERATION(PIN, map ? hold_pages(hold, map, page, pages, flags | FOLL_PIN) :
					     -EINVAL);
	return if_taken(hold, taken, error);
}

static int release(struct mmref_hold *hold)
{
	int nr = hold ? hold->nr : 0;

	if (!nr)
		return 0;
	count_users(hold, -1);
	POKE(current->through, hold->ino);
	if (hold->held == HELD_BY_PIN)
		unpin_user_pages(hold->page, nr);
	for (int i = 0; i < nr && hold->held == HELD_BY_GET; i++)
		if (hold->page[i])
			put_page(hold->page[i], HELD_BY_GET);
	POKE(current->through, 0);
	return 0;
}

int mmref_release(struct mmref_hold *hold)
{
	return OPERATION_NAMED(hold && hold->held == HELD_BY_PIN ? "unpin" : "put_page", release(hold),
			       outcome_of);
}

static int folios_put(struct mmref_hold *hold)
{
	if (!hold)
		return 0;
	count_users(hold, -1);
	POKE(current->through, hold->ino);
	for (int i = 0; i < hold->nr; i++)
		if (hold->page[i])
			folio_put(page_folio(hold->page[i]), hold->held);
	POKE(current->through, 0);
	return 0;
}

int mmref_folio_put_all(struct mmref_hold *hold)
{
	return OPERATION(FOLIO_PUT, folios_put(hold));
}

/* IORING_REGISTER_BUFFERS, of one buffer. */
static int io_sqe_buffers_register(struct mmref_hold *hold, struct mmref_map *map,
				   unsigned int page, unsigned int pages)
{
	struct io_ring_ctx *ctx = &map->process->uring;
	struct io_mapped_ubuf imu = { 0 };
	int err = -ENOMEM;

	if (!map_has(map, page))
		return -EFAULT;
	if (pages > HOLD_MAX)
		return err;
	mutex_lock(&ctx->uring_lock);
	POKE(current->through, ino_of_map(map));
	err = io_sqe_buffer_register(ctx, map->vma->vm_start + page, pages, &imu);
	if (!err) {
		*hold = (struct mmref_hold){
			.ino = current->through,
			.nr = imu.nr_bvecs,
			.pages = pages,
			.folio_shift = imu.folio_shift,
			.first = imu.first,
			.held = HELD_BY_PIN,
			.process = map->process,
		};
		memcpy(hold->page, imu.bvec, sizeof(hold->page));
		count_users(hold, 1);
	}
	POKE(current->through, 0);
	mutex_unlock(&ctx->uring_lock);
	return err ? err : (int)pages;
}

struct mmref_hold *mmref_register(struct mmref_map *map, unsigned int page, unsigned int pages,
				  int *error)
{
	struct mmref_hold *hold = world_new(current->world, struct mmref_hold);
	int taken = -ENOMEM;

	if (hold)
		taken = OPERATION(REGISTER, map ? io_sqe_buffers_register(hold, map, page, pages) :
						  -EINVAL);
	return if_taken(hold, taken, error);
}

/* IORING_UNREGISTER_BUFFERS */
static int __io_uring_register(struct mmref_hold *hold)
{
	struct io_mapped_ubuf imu = { 0 };
	struct io_ring_ctx *ctx;
	int err;

	if (!hold || !hold->process)
		return -ENXIO;
	ctx = &hold->process->uring;
	imu.nr_bvecs = hold->nr;
	imu.folio_shift = hold->folio_shift;
	memcpy(imu.bvec, hold->page, sizeof(imu.bvec));
	mutex_lock(&ctx->uring_lock);
	count_users(hold, -1);
	POKE(current->through, hold->ino);
	err = io_sqe_buffers_unregister(ctx, &imu);
	POKE(current->through, 0);
	mutex_unlock(&ctx->uring_lock);
	return err;
}

int mmref_unregister(struct mmref_hold *hold)
{
	return OPERATION(UNREGISTER, __io_uring_register(hold));
}

/* The @i-th page that @hold reaches. */
static struct page *page_of_hold(const struct mmref_hold *hold, unsigned int i)
{
	unsigned int at = hold->first + i;
	struct page *page = hold->page[at >> hold->folio_shift];

	return page ? page + (at & ((1u << hold->folio_shift) - 1)) : NULL;
}

static int dma(struct mmref_hold *hold, unsigned int i, bool write, uint8_t value)
{
	struct page *page;
	uint8_t *byte;

	if (!hold || (int)i >= hold->pages)
		return -EINVAL;
	page = page_of_hold(hold, i);
	if (!page)
		return 0;
	byte = media_of(page_to_pfn(page));
	announce(write ? SITE("DMA write") : SITE("DMA read"), byte, 1,
		 write ? MMREF_WRITE : MMREF_READ, !write);
	check_dma(SITE("DMA"), page, hold->ino);
	if (write)
		POKE(*byte, value);
	return write ? 0 : PEEK(*byte);
}

int mmref_dma_read(struct mmref_hold *hold, unsigned int i)
{
	return OPERATION_AS(DMA_READ, dma(hold, i, false, 0), outcome_of_byte);
}

int mmref_dma_write(struct mmref_hold *hold, unsigned int i, uint8_t value)
{
	return OPERATION(DMA_WRITE, dma(hold, i, true, value));
}

struct mmref_pipe *mmref_pipe(struct mmref_sim *sim)
{
	return belongs_to(sim) ? world_new(current->world, struct mmref_pipe) : NULL;
}

/* vmsplice_to_pipe() with SPLICE_F_NONBLOCK: nothing is taken for a pipe that is full. */
static int vmsplice(struct pipe_inode_info *pipe, struct mmref_map *map, unsigned int page,
		    unsigned int pages)
{
	int nr;

	if (!map_has(map, page))
		return -EFAULT;
	if (pages > PIPE_BUFFERS)
		return -EINVAL;
	mutex_lock(&pipe->mutex);
	POKE(current->through, ino_of_map(map));
	nr = pipe_free_buffer(pipe);
	if (nr >= 0)
		nr = iter_to_pipe(map->process->mm, map->vma->vm_start + page, pages, pipe);
	POKE(current->through, 0);
	mutex_unlock(&pipe->mutex);
	return nr;
}

int mmref_vmsplice(struct mmref_pipe *pipe, struct mmref_map *map, unsigned int page,
		   unsigned int pages)
{
	return OPERATION(VMSPLICE, pipe && map ? vmsplice(&pipe->pipe, map, page, pages) :
						 -EINVAL);
}

int mmref_tee(struct mmref_pipe *from, struct mmref_pipe *to)
{
	if (from == to)
		return OPERATION(TEE, -EINVAL);
	return OPERATION(TEE, from && to ? link_pipe(&from->pipe, &to->pipe) : -EINVAL);
}

int mmref_splice(struct mmref_pipe *pipe, struct mmref_file *file, unsigned int page)
{
	return OPERATION(SPLICE, pipe && file ?
				 splice_file_to_pipe(file->inode, page, &pipe->pipe) : -EINVAL);
}

static uint8_t copy_page_to_iter(const struct pipe_buffer *buffer)
{
	uint8_t *byte;

	if (!buffer->page)
		return buffer->copy;
	byte = media_of(page_to_pfn(buffer->page));
	announce(SITE("copy_page_to_iter"), byte, 1, MMREF_READ, true);
	return PEEK(*byte);
}

/* Empties the pipe, as pipe_release() does, too. *@first becomes the first byte, if not NULL. */
static int pipe_read(struct pipe_inode_info *pipe, int *first)
{
	int nr = 0;

	mutex_lock(&pipe->mutex);
	for (int i = 0; i < PIPE_BUFFERS; i++) {
		if (!pipe->buffer[i].full)
			continue;
		if (first) {
			int byte = copy_page_to_iter(&pipe->buffer[i]);

			*first = nr ? *first : byte;
		}
		page_cache_pipe_buf_release(pipe, &pipe->buffer[i]);
		nr++;
	}
	mutex_unlock(&pipe->mutex);
	return nr;
}

static int drain(struct mmref_pipe *pipe)
{
	int first = 0;

	return pipe_read(&pipe->pipe, &first) ? first : -EAGAIN;
}

int mmref_drain(struct mmref_pipe *pipe)
{
	return OPERATION_AS(DRAIN, pipe ? drain(pipe) : -EINVAL, outcome_of_byte);
}

static int close_pipe(struct mmref_pipe *pipe)
{
	pipe_read(&pipe->pipe, NULL);
	return 0;
}

int mmref_pipe_close(struct mmref_pipe *pipe)
{
	return OPERATION(PIPE_CLOSE, pipe ? close_pipe(pipe) : -EINVAL);
}
