/* SPDX-License-Identifier: MIT */
/*
 * Scripts, good and bad. A bad one says in its first line what is to be said of
 * it: "-- expect: LINE: what is wrong, and what would be right". Those that cannot
 * carry a comment are made here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "script/script.h"
#include "script/watchdog.h"

#define EXPECT	"-- expect: "

static char expected[1024], error[1024];

/* What the first line of @file expects, with the file's name before it. */
static void read_expectation(const char *file)
{
	FILE *stream = fopen(file, "r");
	char line[1024];

	assert_non_null(stream);
	assert_non_null(fgets(line, sizeof(line), stream));
	fclose(stream);
	assert_memory_equal(line, EXPECT, strlen(EXPECT));
	line[strcspn(line, "\n")] = '\0';
	snprintf(expected, sizeof(expected), "%s:%s", file, line + strlen(EXPECT));
}

/* How many of the scripts of @pattern are told something else than they expect. */
static int wrongly_told(const char *pattern, size_t least)
{
	glob_t bad;
	int wrong = 0;

	assert_int_equal(glob(pattern, 0, NULL, &bad), 0);
	for (size_t i = 0; i < bad.gl_pathc; i++) {
		struct mmref_program *program;

		read_expectation(bad.gl_pathv[i]);
		program = script_load(bad.gl_pathv[i], error, sizeof(error));
		if (!program && !strcmp(error, expected))
			continue;
		wrong++;
		print_error("expected %s\ngot      %s\n", expected, program ? "no fault" : error);
		script_free(program);
	}
	print_message("%zu bad scripts\n", bad.gl_pathc);
	assert_true(bad.gl_pathc >= least);
	globfree(&bad);
	return wrong;
}

static void each_bad_script_is_told_its_fault(void **state)
{
	(void)state;
	assert_int_equal(wrongly_told(MMREF_SOURCE_DIR "/tests/scripts/bad/*.lua", 100), 0);
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Each runs for minutes in few instructions of Lua. */
static void each_slow_script_is_ended(void **state)
{
	double began = cpu_seconds();

	(void)state;
	script_cpu_seconds = 0.2;
	assert_int_equal(wrongly_told(MMREF_SOURCE_DIR "/tests/scripts/slow/*.lua", 7), 0);
	script_cpu_seconds = SCRIPT_CPU_SECONDS;
	assert_true(cpu_seconds() - began < 30);
}

static void each_good_script_is_a_program(void **state)
{
	static const char *const patterns[] = {
		MMREF_SOURCE_DIR "/tests/scripts/good/*.lua",
		MMREF_SOURCE_DIR "/tests/kernel/*.lua",
		MMREF_SOURCE_DIR "/sim/scenarios/*/*.lua",
	};

	(void)state;
	for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
		glob_t good;

		assert_int_equal(glob(patterns[p], 0, NULL, &good), 0);
		for (size_t i = 0; i < good.gl_pathc; i++) {
			struct mmref_program *program = script_load(good.gl_pathv[i], error,
								    sizeof(error));

			if (!program)
				print_error("%s\n", error);
			assert_non_null(program);
			assert_true(program->nr_threads || program->nr_steps);
			assert_true(p == 0 || strlen(program->story) > 0);
			script_free(program);
		}
		globfree(&good);
	}
}

static void is_refused(const char *file)
{
	assert_null(script_load(file, error, sizeof(error)));
	assert_memory_equal(error, file, strlen(file));
	assert_null(strchr(error, '\n'));
	assert_non_null(strchr(error, ';'));	/* what would be right */
}

static void what_is_no_script_is_refused(void **state)
{
	char file[] = "/tmp/mmref-script-XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "thread\0(\"a\", {})", 16), 16);
	is_refused(file);
	assert_int_equal(pwrite(fd, "\033Lua\x54", 5, 0), 5);
	is_refused(file);
	close(fd);
	unlink(file);
	is_refused(file);	/* missing */
	assert_int_equal(mkdir(file, 0700), 0);
	is_refused(file);	/* a folder */
	rmdir(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bad_script_is_told_its_fault),
		cmocka_unit_test(each_slow_script_is_ended),
		cmocka_unit_test(each_good_script_is_a_program),
		cmocka_unit_test(what_is_no_script_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
