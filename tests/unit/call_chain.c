/* SPDX-License-Identifier: MIT */
/* Call chains: reading them, cutting the model's to kernel functions, comparing the order. */
#include "report/call_chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_calls(const struct call_chain *chain, const char *text)
{
	struct call_chain wanted;

	call_chain_read(&wanted, text);
	assert_int_equal(chain->nr, wanted.nr);
	for (unsigned int i = 0; i < wanted.nr; i++)
		assert_string_equal(chain->name[i], wanted.name[i]);
}

static void a_text_is_read_from_the_innermost_call_on(void **state)
{
	struct call_chain chain;

	(void)state;
	call_chain_read(&chain, "exit_mmap<__mmput<do_exit");
	assert_int_equal(chain.nr, 3);
	assert_string_equal(chain.name[0], "exit_mmap");
	assert_string_equal(chain.name[2], "do_exit");
	assert_int_equal(call_chain_find(&chain, 0, "__mmput"), 1);
	assert_int_equal(call_chain_find(&chain, 2, "__mmput"), -1);
	assert_int_equal(call_chain_find(&chain, 0, "mmput"), -1);

	call_chain_read(&chain, "");
	assert_int_equal(chain.nr, 0);
}

static void more_calls_than_there_is_room_for_are_dropped(void **state)
{
	struct call_chain chain = { 0 };

	(void)state;
	for (int i = 0; i < 2 * MOST_CALLS; i++)
		call_chain_add(&chain, i < MOST_CALLS ? "inner" : "outer");
	assert_int_equal(chain.nr, MOST_CALLS);
	assert_int_equal(call_chain_find(&chain, 0, "outer"), -1);
}

/* What the host and the wait queues do inside the site, and what calls the operation, goes. */
static void only_kernel_functions_are_kept(void **state)
{
	static const struct mmref_site site = { .func = "v6_1_insert_pfn" };
	struct call_chain chain;

	(void)state;
	call_chain_read(&chain, "stack_unwind<sleep_until<v6_1_insert_pfn<insert_pfn<"
				"v7_2_dax_iomap_fault<mmref_write_fault<perform<act<fiber_main");
	call_chain_keep_kernel(&chain, &site);
	assert_calls(&chain, "insert_pfn<dax_iomap_fault");
}

/* A stack that lost the frame of the site says nothing, so none of its callers counts. */
static void without_its_site_a_chain_is_not_believed(void **state)
{
	static const struct mmref_site site = { .func = "v6_1_insert_pfn" };
	struct call_chain chain;

	(void)state;
	call_chain_read(&chain, "stack_unwind<sleep_until<dax_iomap_fault<mmref_write_fault");
	call_chain_keep_kernel(&chain, &site);
	assert_calls(&chain, "insert_pfn");
}

static bool same_order(const char *a, const char *b)
{
	struct call_chain left, right;

	call_chain_read(&left, a);
	call_chain_read(&right, b);
	return call_chain_same_order(&left, &right);
}

static void a_callee_is_not_a_caller(void **state)
{
	(void)state;
	assert_true(same_order("a<b<c", "a<b<c"));
	assert_true(same_order("a<b<c", "x<a<y<c<z"));
	assert_true(same_order("a<b", "c<d"));
	assert_true(same_order("", "a"));
	assert_false(same_order("a<b", "b<a"));
	assert_false(same_order("a<b<c", "a<c<x<b"));
	assert_true(same_order("a<b<a", "a<b<a"));
	assert_false(same_order("a<b<a", "a<b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_read_from_the_innermost_call_on),
		cmocka_unit_test(more_calls_than_there_is_room_for_are_dropped),
		cmocka_unit_test(only_kernel_functions_are_kept),
		cmocka_unit_test(without_its_site_a_chain_is_not_believed),
		cmocka_unit_test(a_callee_is_not_a_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
