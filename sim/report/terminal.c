/* SPDX-License-Identifier: MIT */
#include "report/terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_COLUMNS	100
#define LEAST_COLUMNS	40
#define MOST_COLUMNS	1000

static bool is_terminal(FILE *out)
{
	return fileno(out) >= 0 && isatty(fileno(out));
}

unsigned int terminal_columns(FILE *out)
{
	const char *said = getenv("COLUMNS");
	long columns = said ? strtol(said, NULL, 10) : 0;
	long most = is_terminal(out) ? MOST_COLUMNS : DEFAULT_COLUMNS;
	struct winsize window;

	if (columns >= LEAST_COLUMNS && columns <= MOST_COLUMNS)
		return (unsigned int)(columns < most ? columns : most);
	if (is_terminal(out) && !ioctl(fileno(out), TIOCGWINSZ, &window) &&
	    window.ws_col >= LEAST_COLUMNS)
		return window.ws_col;
	return DEFAULT_COLUMNS;
}

/* https://no-color.org: NO_COLOR speaks where it is not empty. */
static bool colours(FILE *out)
{
	const char *without = getenv("NO_COLOR");

	return is_terminal(out) && !(without && without[0]);
}

const char *terminal_red(FILE *out)
{
	return colours(out) ? "\033[31m" : "";
}

const char *terminal_green(FILE *out)
{
	return colours(out) ? "\033[32m" : "";
}

const char *terminal_bold(FILE *out)
{
	return colours(out) ? "\033[1m" : "";
}

const char *terminal_plain(FILE *out)
{
	return colours(out) ? "\033[0m" : "";
}
