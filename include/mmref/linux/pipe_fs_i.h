/* SPDX-License-Identifier: MIT */
/* Pipes, whose buffers hold pages of users: fs/pipe.c, fs/splice.c. */
#ifndef MMREF_LINUX_PIPE_FS_I_H
#define MMREF_LINUX_PIPE_FS_I_H

#include <mmref/linux/spinlock.h>
#include <mmref/linux/types.h>

#define PIPE_BUFFERS	16

/* A page held, or (page NULL) a copy of one. */
struct pipe_buffer {
	struct page *page;
	uint8_t ino;		/* the inode through which the page was taken, or 0 */
	uint8_t copy;
	bool full;
};

struct pipe_inode_info {
	struct mutex mutex;
	struct pipe_buffer buffer[PIPE_BUFFERS];
};

/* A buffer of @pipe that is free, or -EAGAIN. The mutex is held. */
int pipe_free_buffer(const struct pipe_inode_info *pipe);
/* splice() of one page of @inode, by a copy. 1, 0 at the end of the file, or -errno. */
int splice_file_to_pipe(struct inode *inode, pgoff_t page, struct pipe_inode_info *pipe);

#endif
