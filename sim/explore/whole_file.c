/* SPDX-License-Identifier: MIT */
#include "explore/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool whole_file_can_be(const char *name)
{
	struct stat status;

	if (stat(name, &status))
		return errno == ENOENT;
	errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
	return S_ISREG(status.st_mode);
}

static const char *volatile unfinished;	/* ->beside of the file that is being written */

void whole_file_abandon(void)
{
	if (unfinished)
		unlink(unfinished);
}

/* The mode of a file that open() makes. umask() cannot be read without being set. */
static mode_t new_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

/* An existing file must be writable for us; the new one gets its mode. */
static bool keep_mode(const struct whole_file *file, int fd)
{
	struct stat status;

	if (stat(file->name, &status))
		return errno == ENOENT && !fchmod(fd, new_mode());
	return !access(file->name, W_OK) && !fchmod(fd, status.st_mode & 07777);
}

/* mkostemp() makes a new file under a name that nobody has: it follows no link. */
static FILE *open_beside(struct whole_file *file)
{
	FILE *out = NULL;
	int fd;

	if (asprintf(&file->beside, "%s.XXXXXX", file->name) < 0) {
		file->beside = NULL;
		return NULL;
	}
	fd = mkostemp(file->beside, O_CLOEXEC);
	if (fd >= 0) {
		unfinished = file->beside;
		if (keep_mode(file, fd))
			out = fdopen(fd, "w");
		if (!out) {
			int error = errno;

			close(fd);
			unlink(file->beside);
			errno = error;
		}
	}
	return out;
}

static void forget(struct whole_file *file, bool remove_beside)
{
	int error = errno;

	if (file->out)
		fclose(file->out);
	if (remove_beside)
		unlink(file->beside);
	unfinished = NULL;
	free(file->name);
	free(file->beside);
	*file = (struct whole_file){ NULL, NULL, NULL };
	errno = error;
}

FILE *whole_file_begin(struct whole_file *file, const char *name)
{
	*file = (struct whole_file){ .name = realpath(name, NULL) };
	if (!file->name)
		file->name = strdup(name);
	if (!file->name)
		return NULL;
	if (whole_file_can_be(file->name))
		file->out = open_beside(file);
	else
		file->out = errno == EINVAL ? fopen(file->name, "we") : NULL;
	if (!file->out)
		forget(file, false);
	return file->out;
}

bool whole_file_end(struct whole_file *file, bool good)
{
	FILE *out = file->out;
	bool written = !ferror(out) && good;

	file->out = NULL;
	if (!written) {
		int error = errno;

		fclose(out);
		errno = error;
	} else if (fclose(out)) {
		written = false;
	}
	if (written && file->beside && rename(file->beside, file->name))
		written = false;
	forget(file, !written && file->beside);
	return written;
}
