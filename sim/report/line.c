/* SPDX-License-Identifier: MIT */
#include "report/line.h"

#include <errno.h>
#include <stdlib.h>

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
