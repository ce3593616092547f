/* SPDX-License-Identifier: MIT */
#include "report/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *open_file(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	FILE *in = NULL;
	int error;

	if (fd < 0)
		return NULL;
	errno = EINVAL;
	if (!fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) &&
	    !fcntl(fd, F_SETFL, 0))
		in = fdopen(fd, "r");
	else if (S_ISDIR(status.st_mode))
		errno = EISDIR;
	error = errno;
	if (!in)
		close(fd);
	errno = error;
	return in;
}

const char *file_error(int error)
{
	return error == EINVAL ? "it is neither a file nor a pipe" : strerror(error);
}

ssize_t read_line(char **text, size_t *room, size_t most, FILE *in)
{
	size_t length = 0;
	int c;

	errno = 0;
	do {
		c = getc_unlocked(in);
		if (c == EOF)
			break;
		if (length == most) {
			errno = EFBIG;
			return -1;
		}
		if (length + 1 >= *room) {
			size_t more = *room ? 2 * *room : 128;
			char *grown = realloc(*text, more);

			if (!grown)
				return -1;
			*text = grown;
			*room = more;
		}
		(*text)[length++] = (char)c;
	} while (c != '\n');
	if (!length || ferror(in))
		return -1;
	(*text)[length] = '\0';
	return (ssize_t)length;
}
