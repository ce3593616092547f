/* SPDX-License-Identifier: MIT */
#include "explore/whole_file.h"

#include <errno.h>
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

/* An existing file must be writable for us; the new one gets its mode. */
static bool keep_mode(const struct whole_file *file)
{
	struct stat status;

	if (stat(file->name, &status))
		return errno == ENOENT;
	return !access(file->name, W_OK) && !fchmod(fileno(file->out), status.st_mode & 07777);
}

static void forget(struct whole_file *file, bool remove_beside)
{
	int error = errno;

	if (file->out)
		fclose(file->out);
	if (remove_beside)
		unlink(file->beside);
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
	if (!whole_file_can_be(file->name)) {
		file->out = errno == EINVAL ? fopen(file->name, "w") : NULL;
	} else if (asprintf(&file->beside, "%s.new", file->name) < 0) {
		file->beside = NULL;
	} else {
		file->out = fopen(file->beside, "we");
		if (file->out && !keep_mode(file)) {
			forget(file, true);
			return NULL;
		}
	}
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
