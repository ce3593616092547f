/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "explore/checkpoint.h"
#include "explore/clock.h"
#include "explore/whole_file.h"

/* Buffers and checksums what is written. Keeps the first error. */
struct writer {
	int fd;
	int error;
	size_t used;
	XXH3_state_t sum;
	char buffer[1 << 16];
};

static void flush(struct writer *writer)
{
	for (size_t at = 0; at < writer->used && !writer->error;) {
		ssize_t written = write(writer->fd, writer->buffer + at, writer->used - at);

		if (written > 0)
			at += written;
		else if (written == 0 || errno != EINTR)
			writer->error = written ? errno : ENOSPC;
	}
	writer->used = 0;
}

static void put(struct writer *writer, const void *bytes, size_t size)
{
	const char *from = bytes;

	if (size)
		XXH3_128bits_update(&writer->sum, bytes, size);
	while (size) {
		size_t room = sizeof(writer->buffer) - writer->used;
		size_t now = size < room ? size : room;

		memcpy(writer->buffer + writer->used, from, now);
		writer->used += now;
		from += now;
		size -= now;
		if (writer->used == sizeof(writer->buffer))
			flush(writer);
	}
}

static void put_sized(struct writer *writer, const void *bytes, uint64_t size)
{
	put(writer, &size, sizeof(size));
	put(writer, bytes, size);
}

static void put_head(struct writer *writer, const struct search *search, const struct path *path)
{
	const struct mmref_checkpoint *checkpoint = search->options->checkpoint;
	const char *words[CHECKPOINT_WORDS];
	struct checkpoint_head head;

	memset(&head, 0, sizeof(head));
	head.layout = checkpoint_layout(search->sim);
	head.content = checkpoint_content(checkpoint);
	head.steps = search->result->steps;
	head.executions = search->result->executions;
	head.nanoseconds = search_clock() - search->started;
	head.states = search->visited.states;
	head.depth = path->depth;
	head.nr_found = search->result->nr_found;
	head.nr_fibers = search->sim->nr_fibers;
	head.comes_back = search->comes_back;

	put(writer, CHECKPOINT_MAGIC, strlen(CHECKPOINT_MAGIC));
	checkpoint_words(checkpoint, words);
	for (int i = 0; i < CHECKPOINT_WORDS; i++)
		put_sized(writer, words[i], strlen(words[i]));
	put(writer, &head, sizeof(head));
}

static void put_found(struct writer *writer, const struct mmref_result *result)
{
	for (unsigned int i = 0; i < result->nr_found; i++) {
		const struct checkpoint_found found = {
			.kind = result->found[i].violation,
			.strategy = result->found[i].strategy,
		};

		put(writer, &found, sizeof(found));
		put_sized(writer, result->found[i].schedule.tasks,
			  result->found[i].schedule.length);
	}
}

static void put_path(struct writer *writer, const struct path *path,
		     const struct sleep_set *sleep)
{
	put(writer, path->untried, path->depth * sizeof(*path->untried));
	put(writer, path->tasks, path->depth);
	put(writer, path->fp, path->depth * sizeof(*path->fp));
	for (size_t i = 0; i < path->depth; i++) {
		const struct sleep_frame *frame = &sleep->frame[i];
		const struct checkpoint_frame kept = {
			frame->asleep, frame->taken, frame->finished,
		};

		put(writer, &kept, sizeof(kept));
	}
}

static void put_states(struct writer *writer, const struct visited *visited)
{
	for (int i = 0; i < VISITED_PARTS; i++) {
		const struct visited_part *part = &visited->part[i];

		for (size_t j = 0; j < part->slots; j++)
			if (part->slot[j].low || part->slot[j].high)
				put(writer, &part->slot[j], sizeof(part->slot[j]));
	}
}

static void put_sum(struct writer *writer)
{
	XXH128_hash_t sum = XXH3_128bits_digest(&writer->sum);

	put(writer, &sum, sizeof(sum));
	flush(writer);
}

/* Write and fsync() all of it. */
static int write_to(int fd, const struct search *search, const struct path *path,
		    const struct sleep_set *sleep)
{
	struct writer *writer = aligned_alloc(64, (sizeof(*writer) + 63) & ~(size_t)63);
	int error;

	if (!writer)
		return ENOMEM;
	writer->fd = fd;
	writer->error = 0;
	writer->used = 0;
	XXH3_128bits_reset(&writer->sum);
	put_head(writer, search, path);
	put_found(writer, search->result);
	put_path(writer, path, sleep);
	put_states(writer, &search->visited);
	put_sum(writer);
	error = writer->error;
	free(writer);
	return !error && fsync(fd) ? errno : error;
}

/* The old checkpoint is valid until the new one is complete. */
bool checkpoint_write(struct search *search, const struct path *path,
		      const struct sleep_set *sleep)
{
	const struct mmref_checkpoint *checkpoint = search->options->checkpoint;
	struct whole_file file;
	bool written = whole_file_can_be(checkpoint->file) &&
		       whole_file_begin(&file, checkpoint->file);

	if (written) {
		errno = write_to(fileno(file.out), search, path, sleep);
		written = whole_file_end(&file, !errno);
	}
	search->checkpoint_due = search_clock() + search->checkpoint_every;
	return written;
}

bool checkpoint_is_due(const struct search *search)
{
	return search->checkpoint_every && search->result->steps % 256 == 0 &&
	       search_clock() > search->checkpoint_due;
}
