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

/* What is still to be read. */
struct reader {
	const char *at;
	size_t left;
	const char *error;
};

static const char damaged[] = "the checkpoint is damaged, or was cut short";
static const char strange[] = "the checkpoint is not of a search that this program can go on with";

/* @size bytes, or NULL where there are not so many. */
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

/* @nr things of @size bytes, copied as they need not be aligned. */
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
	struct state_key layout = checkpoint_layout(search->sim);
	struct state_key content = checkpoint_content(checkpoint);
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

/* Runs that were found are taken again, for what they show. */
static bool takes_found(struct reader *reader, struct search *search, unsigned int nr)
{
	while (nr--) {
		struct mmref_found *found;
		struct violation v;
		const uint8_t *tasks;
		uint64_t length;
		uint32_t kind;

		if (!take_into(reader, &kind, 1, sizeof(kind)) ||
		    !(tasks = take_sized(reader, &length)))
			return false;
		if (!kind || !search_run_shows(search->sim, tasks, length, kind, &v))
			return refuse(reader, strange);
		found = search_found(search, kind);
		if (!found || !search_note(search, found, &v, tasks, length))
			return refuse(reader, "not enough memory");
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
	    !take_into(reader, path->key, depth, sizeof(*path->key)))
		return false;
	for (size_t i = 0; i < depth; i++)
		path->turn[i] = (struct turn){ .runner = NOBODY };
	path_link(path);
	return true;
}

/* Can @task take the next step? It does, and the top is told what that does. */
static bool steps_on_telling(struct mmref_sim *sim, struct sleepers *sleepers, unsigned int task)
{
	struct effect effect;

	if (task >= (unsigned int)sim->nr_fibers)
		return false;
	effect_begin(&effect, sim, task);
	if (!search_steps_on(sim, task))
		return false;
	effect_end(&effect, sim);
	return sleepers_tell(sleepers, task, &effect);
}

/* At the state at hand: each that sleeps takes its step, and takes it back. */
static bool takes_rest(struct mmref_sim *sim, struct sleepers *sleepers,
		       struct checkpoint_rest kept)
{
	struct rest *rest;

	if (!sleepers_push(sleepers))
		return false;
	for (unsigned int left = kept.asleep | kept.taken; left; left &= left - 1) {
		if (!steps_on_telling(sim, sleepers, __builtin_ctz(left)))
			return false;
		memory_undo(sim);
	}
	rest = &sleepers->rest[sleepers->depth - 1];
	rest->asleep = kept.asleep;
	rest->taken = kept.taken;
	rest->finished = kept.finished & (kept.asleep | kept.taken);
	return true;
}

/* Each state on the way must be the one that it was; its sleepers come next in the file. */
static bool follow(struct reader *reader, struct mmref_sim *sim, const struct path *path,
		   struct sleepers *sleepers)
{
	sim_reset(sim);
	for (size_t i = 0; i < path->depth; i++) {
		struct state_key key;
		struct checkpoint_rest rest;

		if (!take_into(reader, &rest, 1, sizeof(rest)))
			return false;
		if (i && !steps_on_telling(sim, sleepers, path->tasks[i - 1]))
			return refuse(reader, strange);
		key = memory_key(sim);
		if (memcmp(&key, &path->key[i], sizeof(key)) ||
		    path->untried[i] & ~sim_enabled(sim))
			return refuse(reader, strange);
		if (!takes_rest(sim, sleepers, rest))
			return refuse(reader, strange);
	}
	return true;
}

static const char no_room[] = "there is not enough memory for the states of the checkpoint";

static bool takes_states(struct reader *reader, struct visited *visited, uint64_t nr)
{
	if (nr != reader->left / sizeof(struct state_key) ||
	    reader->left % sizeof(struct state_key))
		return refuse(reader, damaged);
	if (!visited_reserve(visited, nr))
		return refuse(reader, no_room);
	while (nr--) {
		struct state_key key;

		take_into(reader, &key, 1, sizeof(key));
		switch (visited_add(visited, key)) {
		case VISIT_NEW:
			break;
		case VISIT_KNOWN:
			return refuse(reader, damaged);
		case VISIT_NO_MEMORY:
			return refuse(reader, no_room);
		}
	}
	return true;
}

/*
 * In the order of the file, but for the path that is followed: the runs found
 * before it leave the simulation elsewhere.
 */
static bool takes_all(struct reader *reader, struct search *search, struct path *path,
		      struct sleepers *sleepers)
{
	struct checkpoint_head head;

	if (!is_whole(reader) || !takes_head(reader, search, &head) ||
	    !takes_found(reader, search, head.nr_found) ||
	    !takes_path(reader, path, head.depth) ||
	    !follow(reader, search->sim, path, sleepers) ||
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
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* a pipe keeps nobody */
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

bool checkpoint_read(struct search *search, struct path *path, struct sleepers *sleepers)
{
	size_t size = 0;
	const char *bytes = map(search->options->checkpoint->resume, &size);
	struct reader reader = { .at = bytes, .left = size };
	int number = bytes ? 0 : errno;
	bool good = bytes ? takes_all(&reader, search, path, sleepers) :
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
