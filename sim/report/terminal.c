/* SPDX-License-Identifier: MIT */
#include "report/terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS	100
#define LEAST_COLUMNS	40
#define MOST_COLUMNS	1000

unsigned int terminal_columns(FILE *out)
{
	const char *said = getenv("COLUMNS");
	long columns = said ? strtol(said, NULL, 10) : 0;
	struct winsize window;

	if (columns >= LEAST_COLUMNS && columns <= MOST_COLUMNS)
		return (unsigned int)columns;
	if (fileno(out) >= 0 && !ioctl(fileno(out), TIOCGWINSZ, &window) &&
	    window.ws_col >= LEAST_COLUMNS)
		return window.ws_col;
	return DEFAULT_COLUMNS;
}

static bool colours(FILE *out)
{
	return fileno(out) >= 0 && isatty(fileno(out)) && !getenv("NO_COLOR");
}

const char *terminal_red(FILE *out)
{
	return colours(out) ? "\033[31m" : "";
}

const char *terminal_green(FILE *out)
{
	return colours(out) ? "\033[32m" : "";
}

const char *terminal_plain(FILE *out)
{
	return colours(out) ? "\033[0m" : "";
}
