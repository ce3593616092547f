/* SPDX-License-Identifier: MIT */
/* Pipes that hold pages of users, fs/splice.c and fs/pipe.c: vmsplice() and tee(). */
#include <errno.h>

#include <mmref/kernel.h>

#include "check/hooks.h"
#include "kernel/bodies.h"

int pipe_free_buffer(const struct pipe_inode_info *pipe)
{
	for (int i = 0; i < PIPE_BUFFERS; i++)
		if (!pipe->buffer[i].full)
			return i;
	return -EAGAIN;
}
EXPORT_SYMBOL(pipe_free_buffer);

/* A user can give @page back from now on, which is held as one of the inode @ino. */
static void fill_buffer(struct pipe_buffer *buf, struct page *page, uint8_t ino)
{
	*buf = (struct pipe_buffer){ .page = page, .ino = ino, .full = true };
	if (page)
		ledger_user(&page_folio_peek(page)->page, 1);
}

/* A page that finds no room is put again. */
int (iter_to_pipe)(struct mm_struct *mm, unsigned long start, int nr_pages,
		   struct pipe_inode_info *pipe)
{
	struct page *pages[PIPE_BUFFERS];
	int n = get_user_pages_fast(mm, start, nr_pages, 0, pages), filled = 0;

	for (int i = 0; i < n; i++) {
		int free = pipe_free_buffer(pipe);

		if (free >= 0) {
			fill_buffer(&pipe->buffer[free], pages[i], current->through);
			filled++;
		} else if (pages[i]) {
			put_page(pages[i], HELD_BY_GET);
		}
	}
	return n < 0 ? n : filled;
}

/* try_get_page() */
bool (generic_pipe_buf_get)(struct pipe_inode_info *pipe, struct pipe_buffer *buf)
{
	struct folio *folio;

	(void)pipe;
	if (!buf->page)
		return true;
	folio = page_folio(buf->page);
	if (WARN_ON_ONCE(!folio_ref_add_unless_zero(folio, 1, HELD_BY_GET)))
		return false;
	ledger_through(&folio->page, buf->ino);
	return true;
}

/* The pipe that lies lower first, so that two tees do not wait for each other. */
static void pipe_double_lock(struct pipe_inode_info *a, struct pipe_inode_info *b)
{
	mutex_lock(a < b ? &a->mutex : &b->mutex);
	mutex_lock(a < b ? &b->mutex : &a->mutex);
}

/* One buffer, and nothing is waited for: SPLICE_F_NONBLOCK. */
int (link_pipe)(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe)
{
	struct pipe_buffer *ibuf = &ipipe->buffer[0];
	int free, ret = 1;

	pipe_double_lock(ipipe, opipe);
	free = pipe_free_buffer(opipe);
	if (free < 0 || !ibuf->full) {
		ret = -EAGAIN;
	} else if (!generic_pipe_buf_get(ipipe, ibuf)) {
		ret = -EFAULT;
	} else {
		fill_buffer(&opipe->buffer[free], ibuf->page, ibuf->ino);
		opipe->buffer[free].copy = ibuf->copy;
	}
	mutex_unlock(&opipe->mutex);
	mutex_unlock(&ipipe->mutex);
	return ret;
}

/* put_page() is its first look at the page. */
void (page_cache_pipe_buf_release)(struct pipe_inode_info *pipe, struct pipe_buffer *buf)
{
	struct page *page = buf->page;
	uint8_t ino = buf->ino;

	(void)pipe;
	*buf = (struct pipe_buffer){ 0 };
	if (!page)
		return;
	ledger_user(&page_folio_peek(page)->page, -1);
	POKE(current->through, ino);
	put_page(page, HELD_BY_GET);
	POKE(current->through, 0);
}

/* The file is read under the pipe's mutex, into a page of the pipe's own. */
int splice_file_to_pipe(struct inode *inode, pgoff_t page, struct pipe_inode_info *pipe)
{
	uint8_t value;
	int free, nr;

	mutex_lock(&pipe->mutex);
	free = pipe_free_buffer(pipe);
	nr = free < 0 ? free : dax_pread(inode, page, &value);
	if (nr > 0)
		pipe->buffer[free] = (struct pipe_buffer){ .copy = value, .full = true };
	mutex_unlock(&pipe->mutex);
	return nr;
}
EXPORT_SYMBOL(splice_file_to_pipe);
