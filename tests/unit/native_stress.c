/* SPDX-License-Identifier: MIT */
/* Programs on real threads: what holds is never seen to fail, and no world leaves memory behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <mmref/ops.h>

#include "native/native.h"

#define OPS(...)	{ (struct mmref_op[]){ __VA_ARGS__ },					\
			  sizeof((struct mmref_op[]){ __VA_ARGS__ }) / sizeof(struct mmref_op) }

/* The objects of every program here, in this order. */
enum { PMEM, DATA, APP, MAP, HOLD, NR_OBJECTS };

#define SCENE										\
	.object = {									\
		[PMEM] = { .kind = MMREF_DEVICE, .name = "pmem", .of = -1, .pages = 4 },	\
		[DATA] = { .kind = MMREF_FILE, .name = "file", .of = PMEM, .pages = 4,		\
			   .fill = 7 },								\
		[APP] = { .kind = MMREF_PROCESS, .name = "app", .of = -1 },			\
		[MAP] = { .kind = MMREF_MAP, .name = "map", .of = APP, .file = DATA,		\
			  .parent = -1, .pages = 4 },						\
		[HOLD] = { .kind = MMREF_HOLD, .name = "hold", .of = -1 },			\
	},										\
	.nr_objects = NR_OBJECTS

#define WRITE(page_)	{ .kind = MMREF_OP_WRITE, .object = MAP, .other = -1, .page = page_,	\
			  .value = 9 }
#define READ(page_)	{ .kind = MMREF_OP_READ, .object = MAP, .other = -1, .page = page_ }
#define PIN(page_)	{ .kind = MMREF_OP_PIN, .object = MAP, .other = HOLD, .page = page_,	\
			  .pages = 1, .flags = MMREF_GUP_WRITE }
#define DMA		{ .kind = MMREF_OP_DMA_WRITE, .object = HOLD, .other = -1, .value = 3 }
#define UNPIN		{ .kind = MMREF_OP_RELEASE, .object = HOLD, .other = -1 }
#define TO_FILE(what)	{ .kind = MMREF_OP_ ## what, .object = DATA, .other = -1 }
#define TO_MAP(what)	{ .kind = MMREF_OP_ ## what, .object = MAP, .other = -1 }
#define TO_PMEM(what)	{ .kind = MMREF_OP_ ## what, .object = PMEM, .other = -1 }

static void assert_clean(const struct mmref_program *program, double seconds)
{
	struct native_report report;

	assert_int_equal(native_stress(program, &mmref_v7_2, seconds, &report), 0);
	print_message("%s: %lu rounds in %.2f s\n", program->name, (unsigned long)report.rounds,
		      report.seconds);
	if (report.violations)
		print_error("%s: %s\n", mmref_violation_name(report.violation), report.why);
	assert_true(report.rounds > 0);
	assert_int_equal(report.violations, 0);
	assert_int_equal(report.left_bytes, 0);
}

static void mapping_against_truncate(void **state)
{
	const struct mmref_program program = {
		.name = "mapping-against-truncate",
		SCENE,
		.thread = {
			{ "app", OPS(WRITE(0), READ(1), WRITE(0), TO_MAP(MUNMAP)) },
			{ "admin", OPS(TO_FILE(TRUNCATE), TO_FILE(PUNCH)) },
		},
		.nr_threads = 2,
	};

	(void)state;
	assert_clean(&program, 0.8);
}

static void pin_against_truncate(void **state)
{
	const struct mmref_program program = {
		.name = "pin-against-truncate",
		SCENE,
		.before = OPS(WRITE(0)),
		.thread = {
			{ "rdma", OPS(PIN(0), DMA, UNPIN) },
			{ "admin", OPS(TO_FILE(TRUNCATE)) },
			{ "app", OPS(TO_FILE(FSYNC)) },
		},
		.nr_threads = 3,
	};

	(void)state;
	assert_clean(&program, 0.8);
}

/* The eviction waits for the pin, and the pin is given back: nothing is wrong in either order. */
static void pin_against_unlink(void **state)
{
	const struct mmref_program program = {
		.name = "pin-against-unlink",
		SCENE,
		.before = OPS(WRITE(0)),
		.thread = {
			{ "rdma", OPS(PIN(0), DMA, UNPIN) },
			{ "admin", OPS(TO_FILE(UNLINK), TO_FILE(CLOSE)) },
			{ "app", OPS(TO_MAP(MUNMAP)) },
		},
		.nr_threads = 3,
	};

	(void)state;
	assert_clean(&program, 0.8);
}

/*
 * Nobody gives the pin back, so the truncate sleeps for ever: each round ends
 * all the same, and says so.
 */
static void a_pin_for_ever_is_a_deadlock(void **state)
{
	const struct mmref_program program = {
		.name = "pin-for-ever",
		SCENE,
		.before = OPS(WRITE(0), PIN(0)),
		.thread = {
			{ "admin", OPS(TO_FILE(TRUNCATE)) },
			{ "app", OPS(READ(1)) },
		},
		.nr_threads = 2,
	};
	struct native_report report;

	(void)state;
	assert_int_equal(native_stress(&program, &mmref_v7_2, 0.2, &report), 0);
	assert_true(report.rounds > 0);
	assert_int_equal(report.violations, report.rounds);
	assert_int_equal(report.violation, MMREF_DEADLOCK);
	assert_int_equal(report.left_bytes, 0);
}

/*
 * 1. rdma pins page 0 through its PTE, under a reference to the pgmap that ends
 *    with the walk
 * 2. admin unbinds the device: nothing waits for the pin
 * 3. rdma reads the page: it is gone
 */
static void pin_against_unbind_is_caught(void **state)
{
	const struct mmref_program program = {
		.name = "pin-against-unbind",
		SCENE,
		.before = OPS(WRITE(0)),
		.thread = {
			{ "rdma", OPS(PIN(0), TO_MAP(MUNMAP), DMA, UNPIN) },
			{ "admin", OPS(TO_PMEM(UNBIND)) },
		},
		.nr_threads = 2,
	};
	struct native_report report;

	(void)state;
	assert_int_equal(native_stress(&program, &mmref_v6_1, 0.9, &report), 0);
	print_message("%s: %lu of %lu rounds\n", program.name, (unsigned long)report.violations,
		      (unsigned long)report.rounds);
	assert_true(report.rounds > 0);
	if (report.violations)
		assert_int_equal(report.violation, MMREF_USE_AFTER_UNPLUG);
	assert_int_equal(report.left_bytes, 0);
}

/* A scene that never comes to an end is refused in words. */
static void a_scene_that_sleeps_is_refused(void **state)
{
	const struct mmref_program program = {
		.name = "truncate-under-pin",
		SCENE,
		.before = OPS(WRITE(0), PIN(0), TO_FILE(TRUNCATE)),
		.thread = { { "app", OPS(READ(0)) } },
		.nr_threads = 1,
	};
	const struct mmref_program nobody = { .name = "nobody", SCENE };
	struct native_report report;

	(void)state;
	assert_int_equal(native_stress(&program, &mmref_v7_2, 0.1, &report), -1);
	assert_non_null(report.why);
	assert_int_equal(report.left_bytes, 0);
	assert_int_equal(native_stress(&nobody, &mmref_v7_2, 0.1, &report), -1);
	assert_non_null(report.why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapping_against_truncate),
		cmocka_unit_test(pin_against_truncate),
		cmocka_unit_test(pin_against_unlink),
		cmocka_unit_test(a_pin_for_ever_is_a_deadlock),
		cmocka_unit_test(pin_against_unbind_is_caught),
		cmocka_unit_test(a_scene_that_sleeps_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
