/* SPDX-License-Identifier: MIT */
/* Holding pages: GUP's users, and pipes. */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/access.h"
#include "check/ledger.h"
#include "ops/ops.h"
#include "world.h"

_Static_assert((int)MMREF_GUP_WRITE == FOLL_WRITE &&
	       (int)MMREF_GUP_LONGTERM == FOLL_LONGTERM &&
	       (int)MMREF_GUP_P2PDMA == FOLL_PCI_P2PDMA,
	       "what users pass is passed on as it is");

static int walk(struct mmref_map *map, unsigned int page, unsigned int pages, unsigned int flags,
		struct page **taken)
{
	struct mm_struct *mm = map->process->mm;
	unsigned long address = map->vma->vm_start + page;
	unsigned int foll = flags & (FOLL_WRITE | FOLL_GET | FOLL_PIN | FOLL_LONGTERM |
				     FOLL_PCI_P2PDMA);

	if ((foll & FOLL_LONGTERM) && (foll & (FOLL_PCI_P2PDMA | FOLL_GET)))
		return -EINVAL;		/* is_valid_gup_args() */
	if (flags & MMREF_GUP_FAST_ONLY)
		return gup_fast(mm, address, pages, foll, taken);
	if (flags & MMREF_GUP_REMOTE)
		return gup_slow(mm, address, pages, foll, taken);
	return get_user_pages_fast(mm, address, pages, foll, taken);
}

static void hold_inode(struct inode *inode, int times)
{
	if (!inode)
		return;
	inode_users(inode, times);
	for (int i = 0; i < times; i++)
		rules()->gup_hold(inode);
}

static void drop_inode(struct inode *inode, int times)
{
	if (!inode)
		return;
	inode_users(inode, -times);
	for (int i = 0; i < times; i++)
		rules()->gup_drop(inode);
}

/* The VMA at @address, whose inode is held @times. */
static struct vm_area_struct *hold_vma(struct mm_struct *mm, unsigned long address, int times)
{
	struct vm_area_struct *vma;

	down_read(&mm->mmap_lock);
	vma = vma_lookup(mm, address);
	if (vma && vma->vm_file)
		hold_inode(vma->vm_file->f_inode, times);
	up_read(&mm->mmap_lock);
	return vma;
}

/* Was @vma there all along? One that is unmapped never comes back. */
static bool vma_is_there(struct mm_struct *mm, const struct vm_area_struct *vma)
{
	bool there;

	down_read(&mm->mmap_lock);
	there = vma_lookup(mm, vma->vm_start) == vma;
	up_read(&mm->mmap_lock);
	return there;
}

static void put_taken(struct page **taken, int nr, unsigned int flags)
{
	const struct gup gup = { .flags = flags };

	for (int i = 0; i < nr; i++)
		if (taken[i])
			gup_put_pages(&gup, taken[i], 1,
				      flags & FOLL_PIN ? HELD_BY_PIN : HELD_BY_GET);
}

/* The walk, between holding what it will be of and seeing that it was of that. */
static int take_and_hold(struct mmref_map *map, unsigned int page, unsigned int pages,
			 unsigned int flags, struct page **taken, struct inode **inode)
{
	struct mm_struct *mm = map->process->mm;
	struct vm_area_struct *vma = hold_vma(mm, map->vma->vm_start + page, pages);
	struct inode *of = vma && vma->vm_file ? vma->vm_file->f_inode : NULL;
	int nr = vma ? walk(map, page, pages, flags, taken) : -EFAULT;

	if (nr > 0 && !vma_is_there(mm, vma)) {
		put_taken(taken, nr, flags);
		nr = -EFAULT;
	}
	drop_inode(of, (int)pages - (nr > 0 ? nr : 0));
	*inode = nr > 0 ? of : NULL;
	return nr;
}

static int take(struct mmref_map *map, unsigned int page, unsigned int pages, unsigned int flags,
		struct page **taken, struct inode **inode)
{
	*inode = NULL;
	return rules()->gup_hold ? take_and_hold(map, page, pages, flags, taken, inode) :
				   walk(map, page, pages, flags, taken);
}

/* Through which inode pages of @map were taken: the one held for them, where there is one; or 0. */
static uint8_t taken_through(const struct mmref_map *map, const struct inode *held)
{
	if (held)
		return held->i_ino;
	return map->vma->vm_file ? map->vma->vm_file->f_inode->i_ino : 0;
}

/* Page @i of @hold is held, or is not any more: @sign. */
static void count_user(const struct mmref_hold *hold, int i, int sign)
{
	const struct gup gup = { .flags = hold->held == HELD_BY_PIN ? FOLL_PIN : FOLL_GET };
	struct folio *folio = page_folio_peek(hold->page[i]);

	ledger_user(&folio->page, sign * gup_cost(&gup, folio, 1));
}

/* @hold is empty, and is so again where nothing could be taken. */
static int hold_pages(struct mmref_hold *hold, struct mmref_map *map, unsigned int page,
		      unsigned int pages, unsigned int flags)
{
	int taken = -ENOMEM;

	if (pages <= HOLD_MAX)
		taken = take(map, page, pages, flags, hold->page, &hold->inode);
	if (taken <= 0) {
		*hold = (struct mmref_hold){ 0 };
		return taken;
	}
	hold->nr = taken;
	hold->ino = taken_through(map, hold->inode);
	hold->held = flags & FOLL_PIN ? HELD_BY_PIN : HELD_BY_GET;
	for (int i = 0; i < taken; i++) {
		if (!hold->page[i])
			continue;
		count_user(hold, i, 1);
		ledger_through(&page_folio_peek(hold->page[i])->page, hold->ino);
	}
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
		taken = OPERATION(GET, hold_pages(hold, map, page, pages, flags | FOLL_GET));
	return if_taken(hold, taken, error);
}

struct mmref_hold *mmref_pin(struct mmref_map *map, unsigned int page, unsigned int pages,
			     unsigned int flags, int *error)
{
	struct mmref_hold *hold = world_new(current->world, struct mmref_hold);
	int taken = -ENOMEM;

	if (hold)
		taken = OPERATION(PIN, hold_pages(hold, map, page, pages, flags | FOLL_PIN));
	return if_taken(hold, taken, error);
}

/* What @hold has is about to be given back. */
static void forget_users(const struct mmref_hold *hold)
{
	for (int i = 0; hold && i < hold->nr; i++)
		if (hold->page[i])
			count_user(hold, i, -1);
}

static int release(struct mmref_hold *hold)
{
	int nr = hold ? hold->nr : 0;

	if (!nr)
		return 0;
	forget_users(hold);
	POKE(current->putting, hold->ino);
	if (hold->held == HELD_BY_PIN)
		unpin_user_pages(hold->page, nr);
	for (int i = 0; i < nr && hold->held == HELD_BY_GET; i++)
		if (hold->page[i])
			put_page(hold->page[i], HELD_BY_GET);
	POKE(current->putting, 0);
	drop_inode(hold->inode, nr);
	return 0;
}

int mmref_release(struct mmref_hold *hold)
{
	return OPERATION_NAMED(hold && hold->held == HELD_BY_PIN ? "unpin" : "put_page", release(hold),
			       outcome_of);
}

static int folio_put_all(struct mmref_hold *hold)
{
	if (!hold)
		return 0;
	forget_users(hold);
	POKE(current->putting, hold->ino);
	for (int i = 0; i < hold->nr; i++)
		if (hold->page[i])
			folio_put(page_folio(hold->page[i]), hold->held);
	POKE(current->putting, 0);
	drop_inode(hold->inode, hold->nr);
	return 0;
}

int mmref_folio_put_all(struct mmref_hold *hold)
{
	return OPERATION(FOLIO_PUT, folio_put_all(hold));
}

/* io_check_coalesce_buffer(): large folios, and their pages in a row. */
static bool can_be_coalesced(const struct mmref_hold *hold)
{
	for (int i = 0; i < hold->nr; i++)
		if (!hold->page[i] || hold->page[i] != hold->page[0] + i ||
		    !folio_test_large(page_folio_peek(hold->page[i])))
			return false;
	return true;
}

/* How many of the pages from @first on are in the folio of that one. */
static int pages_of_folio(const struct mmref_hold *hold, int first)
{
	struct folio *folio = page_folio_peek(hold->page[first]);
	int i = first + 1;

	while (i < hold->nr && page_folio_peek(hold->page[i]) == folio)
		i++;
	return i - first;
}

/* io_coalesce_buffer(): in each folio one pin is kept. */
static void coalesce(struct mmref_hold *hold)
{
	int kept = 0;

	if (!can_be_coalesced(hold))
		return;
	POKE(current->putting, hold->ino);
	for (int i = 0, nr; i < hold->nr; i += nr) {
		nr = pages_of_folio(hold, i);
		for (int spare = i + 1; spare < i + nr; spare++)
			count_user(hold, spare, -1);
		if (nr > 1)
			unpin_user_pages(&hold->page[i + 1], nr - 1);
		hold->page[kept++] = hold->page[i];
	}
	POKE(current->putting, 0);
	drop_inode(hold->inode, hold->nr - kept);
	hold->in_a_row = hold->nr;
	hold->nr = kept;
}

/*
 * io_pin_pages(): all of the pages or none. A kernel that takes no files finds out of what
 * it has pinned.
 */
static int pin_buffer(struct mmref_hold *hold, struct mmref_map *map, unsigned int page,
		      unsigned int pages)
{
	int taken = hold_pages(hold, map, page, pages, FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM);
	int refused = 0;

	if (taken <= 0)
		return taken;
	if (taken < (int)pages)
		refused = -EFAULT;
	else if (map->vma->vm_file && !rules()->io_uring_takes_files)
		refused = -EOPNOTSUPP;
	if (!refused)
		return taken;
	release(hold);
	*hold = (struct mmref_hold){ 0 };
	return refused;
}

/* io_sqe_buffer_register() */
static int register_buffer(struct mmref_hold *hold, struct mmref_map *map, unsigned int page,
			   unsigned int pages)
{
	int taken;

	mutex_lock(&map->process->uring_lock);
	taken = pin_buffer(hold, map, page, pages);
	if (taken > 0) {
		hold->process = map->process;
		coalesce(hold);
	}
	mutex_unlock(&map->process->uring_lock);
	return taken;
}

struct mmref_hold *mmref_register(struct mmref_map *map, unsigned int page, unsigned int pages,
				  int *error)
{
	struct mmref_hold *hold = world_new(current->world, struct mmref_hold);
	int taken = -ENOMEM;

	if (hold)
		taken = OPERATION(REGISTER, register_buffer(hold, map, page, pages));
	return if_taken(hold, taken, error);
}

static void io_buffer_unmap(struct mmref_hold *hold)
{
	for (int i = 0; i < hold->nr; i++)
		if (hold->page[i])
			(void)page_folio(hold->page[i]);
	release(hold);
}

/* io_sqe_buffers_unregister() */
static int unregister_buffer(struct mmref_hold *hold)
{
	if (!hold || !hold->process)
		return -ENXIO;
	mutex_lock(&hold->process->uring_lock);
	io_buffer_unmap(hold);
	mutex_unlock(&hold->process->uring_lock);
	return 0;
}

int mmref_unregister(struct mmref_hold *hold)
{
	return OPERATION(UNREGISTER, unregister_buffer(hold));
}

static int dma(struct mmref_hold *hold, unsigned int i, bool write, uint8_t value)
{
	struct page *page;
	uint8_t *byte;

	if (!hold || (int)i >= (hold->in_a_row ? hold->in_a_row : hold->nr))
		return -EINVAL;
	page = hold->in_a_row ? hold->page[0] + i : hold->page[i];
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

static int free_buffer(struct mmref_pipe *pipe)
{
	for (int i = 0; i < PIPE_BUFFERS; i++)
		if (!pipe->buffer[i].full)
			return i;
	return -EAGAIN;
}

/* @page was taken through the inode @ino; @inode is held for it, or NULL. */
static void fill_buffer(struct pipe_buffer *buffer, struct page *page, uint8_t ino,
			struct inode *inode)
{
	*buffer = (struct pipe_buffer){ .page = page, .inode = inode, .ino = ino, .full = true };
	if (!page)
		return;
	ledger_user(&page_folio_peek(page)->page, 1);
	ledger_through(&page_folio_peek(page)->page, ino);
}

/* iter_to_pipe(): get_user_pages_fast() without FOLL_WRITE; what finds no room is put again. */
static int iter_to_pipe(struct mmref_pipe *pipe, struct mmref_map *map, unsigned int page,
			unsigned int pages)
{
	struct page *taken[PIPE_BUFFERS];
	struct inode *inode;
	int nr = take(map, page, pages, FOLL_GET, taken, &inode), filled = 0;

	for (int i = 0; i < nr; i++) {
		int free = free_buffer(pipe);

		if (free >= 0) {
			fill_buffer(&pipe->buffer[free], taken[i], taken_through(map, inode),
				    inode);
			filled++;
			continue;
		}
		if (taken[i])
			put_page(taken[i], HELD_BY_GET);
		drop_inode(inode, 1);
	}
	return nr < 0 ? nr : filled;
}

/* vmsplice_to_pipe() with SPLICE_F_NONBLOCK: nothing is taken for a pipe that is full. */
static int vmsplice(struct mmref_pipe *pipe, struct mmref_map *map, unsigned int page,
		    unsigned int pages)
{
	int nr;

	if (pages > PIPE_BUFFERS)
		return -EINVAL;
	mutex_lock(&pipe->mutex);
	nr = free_buffer(pipe) < 0 ? -EAGAIN : iter_to_pipe(pipe, map, page, pages);
	mutex_unlock(&pipe->mutex);
	return nr;
}

int mmref_vmsplice(struct mmref_pipe *pipe, struct mmref_map *map, unsigned int page,
		   unsigned int pages)
{
	return OPERATION(VMSPLICE, vmsplice(pipe, map, page, pages));
}

/* generic_pipe_buf_get(): try_get_page() */
static bool buffer_get(struct pipe_buffer *buffer)
{
	struct folio *folio;

	if (!buffer->page)
		return true;
	folio = page_folio(buffer->page);
	return !WARN_ON_ONCE(!folio_ref_add_unless_zero(folio, 1, HELD_BY_GET));
}

/* The pipe that lies lower first, so that two tees do not wait for each other. */
static void pipe_double_lock(struct mmref_pipe *a, struct mmref_pipe *b)
{
	struct mmref_pipe *first = a < b ? a : b;

	mutex_lock(&first->mutex);
	mutex_lock(&(first == a ? b : a)->mutex);
}

/* do_tee() with SPLICE_F_NONBLOCK, and link_pipe() */
static int tee(struct mmref_pipe *from, struct mmref_pipe *to)
{
	int free, err = 0;

	if (from == to)
		return -EINVAL;
	pipe_double_lock(from, to);
	free = free_buffer(to);
	if (free < 0 || !from->buffer[0].full)
		err = -EAGAIN;
	else if (!buffer_get(&from->buffer[0]))
		err = -EFAULT;
	else if (from->buffer[0].page)
		fill_buffer(&to->buffer[free], from->buffer[0].page, from->buffer[0].ino,
			    from->buffer[0].inode);
	else
		to->buffer[free] = from->buffer[0];
	if (!err)
		hold_inode(to->buffer[free].inode, 1);
	mutex_unlock(&to->mutex);
	mutex_unlock(&from->mutex);
	return err ? err : 1;
}

int mmref_tee(struct mmref_pipe *from, struct mmref_pipe *to)
{
	return OPERATION(TEE, tee(from, to));
}

/* splice_file_to_pipe(): the file is read under the pipe's mutex, into pages of the pipe's own. */
static int splice(struct mmref_pipe *pipe, struct mmref_file *file, unsigned int page)
{
	uint8_t value;
	int free, nr;

	mutex_lock(&pipe->mutex);
	free = free_buffer(pipe);
	nr = free < 0 ? free : dax_pread(file->inode, page, &value);
	if (nr > 0)
		pipe->buffer[free] = (struct pipe_buffer){ .copy = value, .full = true };
	mutex_unlock(&pipe->mutex);
	return nr;
}

int mmref_splice(struct mmref_pipe *pipe, struct mmref_file *file, unsigned int page)
{
	return OPERATION(SPLICE, splice(pipe, file, page));
}

static uint8_t buffer_read(const struct pipe_buffer *buffer)
{
	uint8_t *byte;

	if (!buffer->page)
		return buffer->copy;
	byte = media_of(page_to_pfn(buffer->page));
	announce(SITE("copy_page_to_iter"), byte, 1, MMREF_READ, true);
	return PEEK(*byte);
}

/* page_cache_pipe_buf_release(), fs/splice.c: put_page() is its first look at the page. */
static void page_cache_pipe_buf_release(struct pipe_buffer *buffer)
{
	struct page *page = buffer->page;
	struct inode *inode = buffer->inode;
	uint8_t ino = buffer->ino;

	*buffer = (struct pipe_buffer){ 0 };
	if (page) {
		ledger_user(&page_folio_peek(page)->page, -1);
		(void)page_folio(page);
		POKE(current->putting, ino);
		put_page(page, HELD_BY_GET);
		POKE(current->putting, 0);
	}
	drop_inode(inode, 1);
}

/* Until the pipe is empty; @first is the first byte, where it is wanted. */
static int empty_pipe(struct mmref_pipe *pipe, int *first)
{
	int nr = 0;

	mutex_lock(&pipe->mutex);
	for (int i = 0; i < PIPE_BUFFERS; i++) {
		if (!pipe->buffer[i].full)
			continue;
		if (first) {
			int byte = buffer_read(&pipe->buffer[i]);

			*first = nr ? *first : byte;
		}
		page_cache_pipe_buf_release(&pipe->buffer[i]);
		nr++;
	}
	mutex_unlock(&pipe->mutex);
	return nr;
}

static int drain(struct mmref_pipe *pipe)
{
	int first = 0;

	return empty_pipe(pipe, &first) ? first : -EAGAIN;
}

int mmref_drain(struct mmref_pipe *pipe)
{
	return OPERATION_AS(DRAIN, drain(pipe), outcome_of_byte);
}

static int close_pipe(struct mmref_pipe *pipe)
{
	empty_pipe(pipe, NULL);
	return 0;
}

int mmref_pipe_close(struct mmref_pipe *pipe)
{
	return OPERATION(PIPE_CLOSE, close_pipe(pipe));
}
