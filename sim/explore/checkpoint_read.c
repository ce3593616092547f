/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "explore/checkpoint.h"
#include "explore/result.h"
#include "explore/run.h"

/* The part of the file that is still to be read. */
struct reader {
	const char *at;
	size_t left;
	const char *error;
};

static const char damaged[] = "the checkpoint is damaged, or was cut short";
static const char strange[] = "the checkpoint is not of a search that this program can go on with";

/* Consume @size bytes. NULL if fewer are left. */
static const void *take(struct reader *reader, uint64_t size)
{
	const char *at = reader->at;

	if (size > reader->left) {
		reader->error = damaged;
		return NULL;
	}
	reader->at += size;
	reader->left -= size;
	return at;
}

/* Copy @nr items of @size bytes: in the file they may be unaligned. */
static bool take_into(struct reader *reader, void *to, uint64_t nr, size_t size)
{
	const void *from = nr <= reader->left ? take(reader, nr * size) : NULL;

	if (!from)
		reader->error = damaged;
	else if (nr)
		memcpy(to, from, nr * size);
	return from;
}

static const void *take_sized(struct reader *reader, uint64_t *size)
{
	return take_into(reader, size, 1, sizeof(*size)) ? take(reader, *size) : NULL;
}

static bool refuse(struct reader *reader, const char *error)
{
	reader->error = error;
	return false;
}

static bool is_whole(struct reader *reader)
{
	const size_t magic = strlen(CHECKPOINT_MAGIC);
	XXH128_hash_t sum, said;

	if (reader->left < magic || memcmp(reader->at, CHECKPOINT_MAGIC, magic))
		return refuse(reader, "this is no checkpoint of this version of mmref");
	if (reader->left < magic + sizeof(sum))
		return refuse(reader, damaged);
	reader->left -= sizeof(sum);
	memcpy(&said, reader->at + reader->left, sizeof(said));
	sum = XXH3_128bits(reader->at, reader->left);
	if (!XXH128_isEqual(sum, said))
		return refuse(reader, damaged);
	return take(reader, magic);
}

static bool takes_head(struct reader *reader, const struct search *search,
		       struct checkpoint_head *head)
{
	static const char *const others[CHECKPOINT_WORDS] = {
		"the checkpoint is of another version of mmref",
		"the checkpoint is of another scenario",
		"the checkpoint is of another rule set",
	};
	const struct mmref_checkpoint *checkpoint = search->options->checkpoint;
	struct fingerprint layout = checkpoint_layout(search->sim);
	struct fingerprint content = checkpoint_content(checkpoint);
	const char *words[CHECKPOINT_WORDS];

	checkpoint_words(checkpoint, words);
	for (int i = 0; i < CHECKPOINT_WORDS; i++) {
		uint64_t size;
		const char *word = take_sized(reader, &size);

		if (!word)
			return false;
		if (size != strlen(words[i]) || memcmp(word, words[i], size))
			return refuse(reader, others[i]);
	}
	if (!take_into(reader, head, 1, sizeof(*head)))
		return false;
	if (memcmp(&head->content, &content, sizeof(content)))
		return refuse(reader, "the scenario is not what it was when the checkpoint was written");
	if (memcmp(&head->layout, &layout, sizeof(layout)))
		return refuse(reader, "the checkpoint is of another build of mmref, or of one at other "
				      "addresses");
	return head->nr_fibers == (uint32_t)search->sim->nr_fibers || refuse(reader, strange);
}

/* Replay each run found, to get site, reason and page of its violation. */
static bool takes_found(struct reader *reader, struct search *search, unsigned int nr)
{
	while (nr--) {
		struct checkpoint_found kept;
		struct mmref_found *found;
		struct violation v;
		const uint8_t *tasks;
		uint64_t length;

		if (!take_into(reader, &kept, 1, sizeof(kept)) ||
		    !(tasks = take_sized(reader, &length)))
			return false;
		if (!kept.kind || kept.strategy >= MMREF_NR_STRATEGIES ||
		    !search_run_shows(search->sim, tasks, length, kept.kind, &v))
			return refuse(reader, strange);
		found = search_found(search, kept.kind);
		if (!found || !search_note(search, found, &v, tasks, length))
			return refuse(reader, "not enough memory");
		found->strategy = kept.strategy;
	}
	return true;
}

static bool takes_path(struct reader *reader, struct path *path, uint64_t depth)
{
	if (depth > reader->left)
		return refuse(reader, damaged);
	if (!path_make_room(path, depth))
		return refuse(reader, "not enough memory");
	path->depth = depth;
	if (!take_into(reader, path->untried, depth, sizeof(*path->untried)) ||
	    !take_into(reader, path->tasks, depth, sizeof(*path->tasks)) ||
	    !take_into(reader, path->fp, depth, sizeof(*path->fp)))
		return false;
	for (size_t i = 0; i < depth; i++)
		path->ctx[i] = (struct sched_ctx){ .runner = NOBODY };
	path_link(path);
	return true;
}

/* As search_steps_on(), and records the accesses in the top frame. */
static bool step_and_record(struct mmref_sim *sim, struct sleep_set *sleep, unsigned int task)
{
	struct access_set accesses;

	if (task >= (unsigned int)sim->nr_fibers)
		return false;
	access_set_begin(&accesses, sim, task);
	if (!search_steps_on(sim, task))
		return false;
	access_set_end(&accesses, sim);
	return sleep_set_record(sleep, task, &accesses);
}

/* Fill the frame of the current state: take each sleeping step once, record it, undo it. */
static bool takes_frame(struct mmref_sim *sim, struct sleep_set *sleep,
		       struct checkpoint_frame kept)
{
	struct sleep_frame *frame;

	if (!sleep_set_push(sleep))
		return false;
	for (unsigned int left = kept.asleep | kept.taken; left; left &= left - 1) {
		if (!step_and_record(sim, sleep, __builtin_ctz(left)))
			return false;
		memory_undo(sim);
	}
	frame = &sleep->frame[sleep->depth - 1];
	frame->asleep = kept.asleep;
	frame->taken = kept.taken;
	frame->finished = kept.finished & (kept.asleep | kept.taken);
	return true;
}

/*
 * Replay the path. Each state must have the fingerprint that the file says. Its sleep set comes
 * next in the file.
 */
static bool follow(struct reader *reader, struct mmref_sim *sim, const struct path *path,
		   struct sleep_set *sleep)
{
	sim_reset(sim);
	for (size_t i = 0; i < path->depth; i++) {
		struct fingerprint fp;
		struct checkpoint_frame frame;

		if (!take_into(reader, &frame, 1, sizeof(frame)))
			return false;
		if (i && !step_and_record(sim, sleep, path->tasks[i - 1]))
			return refuse(reader, strange);
		fp = memory_fingerprint(sim);
		if (memcmp(&fp, &path->fp[i], sizeof(fp)) ||
		    path->untried[i] & ~sim_enabled(sim))
			return refuse(reader, strange);
		if (!takes_frame(sim, sleep, frame))
			return refuse(reader, strange);
	}
	return true;
}

static const char no_room[] = "there is not enough memory for the states of the checkpoint";

static bool takes_states(struct reader *reader, struct visited *visited, uint64_t nr)
{
	if (nr != reader->left / sizeof(struct fingerprint) ||
	    reader->left % sizeof(struct fingerprint))
		return refuse(reader, damaged);
	if (!visited_reserve(visited, nr))
		return refuse(reader, no_room);
	while (nr--) {
		struct fingerprint fp;

		take_into(reader, &fp, 1, sizeof(fp));
		switch (visited_add(visited, fp)) {
		case VISIT_NEW:
			break;
		case VISIT_KNOWN:
			return refuse(reader, damaged);
		case VISIT_NO_MEMORY:
		case VISIT_BROKEN:
			return refuse(reader, no_room);
		}
	}
	return true;
}

/*
 * In the order of the file; but the path is replayed last, as replaying the runs found moves the
 * simulation elsewhere.
 */
static bool takes_all(struct reader *reader, struct search *search, struct path *path,
		      struct sleep_set *sleep)
{
	struct checkpoint_head head;

	if (!is_whole(reader) || !takes_head(reader, search, &head) ||
	    !takes_found(reader, search, head.nr_found) ||
	    !takes_path(reader, path, head.depth) ||
	    !follow(reader, search->sim, path, sleep) ||
	    !takes_states(reader, &search->visited, head.states))
		return false;
	search->result->steps = head.steps;
	search->result->executions = head.executions;
	search->comes_back = head.comes_back;
	search->started -= head.nanoseconds;
	return true;
}

static const char *map(const char *file, size_t *size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* a pipe does not block */
	struct stat status;
	void *bytes = MAP_FAILED;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_size) {
		*size = status.st_size;
		bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	} else {
		errno = S_ISREG(status.st_mode) ? ENODATA :
			S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	}
	close(fd);
	return bytes == MAP_FAILED ? NULL : bytes;
}

bool checkpoint_read(struct search *search, struct path *path, struct sleep_set *sleep)
{
	size_t size = 0;
	const char *bytes = map(search->options->checkpoint->resume, &size);
	struct reader reader = { .at = bytes, .left = size };
	int number = bytes ? 0 : errno;
	bool good = bytes ? takes_all(&reader, search, path, sleep) :
			    refuse(&reader, "the checkpoint cannot be read");

	if (bytes)
		munmap((void *)bytes, size);
	if (!good) {
		search->result->error = reader.error;
		search->result->error_file = search->options->checkpoint->resume;
		search->result->error_number = number;
		search->result->refused = true;
	}
	return good;
}
