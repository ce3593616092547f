/* SPDX-License-Identifier: MIT */
/* What the world keeps for a rule set: memory of its own, and the key of mm/memremap.c. */
#include "scene.h"

#include <mmref/kernel.h>
#include "ops/ops.h"

struct counts {
	int devices;
	atomic_t steps;
};

static struct counts *counts(void)
{
	return mmref_rule_state(sizeof(struct counts));
}

/* Devices are counted as they are made, before any thread is there. */
static void memremap_and_count(struct dev_pagemap *pgmap)
{
	MMREF_AS(mmref_v7_2, memremap_pages)(pgmap);
	WRITE_ONCE(counts()->devices, READ_ONCE(counts()->devices) + 1);
}

static struct mmref_rules counting(void)
{
	struct mmref_rules mine = mmref_v7_2;

	mine.name = "counts its devices";
	mine.memremap_pages = memremap_and_count;
	return mine;
}

static void expect_two_devices(void *arg)
{
	(void)arg;
	mmref_assert(READ_ONCE(counts()->devices) == 2);
}

static void expect_no_device(void *arg)
{
	(void)arg;
	mmref_assert(READ_ONCE(counts()->devices) == 0);
}

/* It is zeroed, there when the scene is set, and each world has its own. */
static void the_state_is_there_when_the_devices_are_made(void **state)
{
	const struct mmref_rules mine = counting();
	struct mmref_sim *sim = mmref_sim_new(&mine);

	(void)state;
	mmref_fsdax(sim, 1);
	mmref_fsdax(sim, 1);
	mmref_thread(sim, "app", expect_two_devices, NULL);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);

	sim = mmref_sim_new(&mmref_v7_2);
	mmref_fsdax(sim, 1);
	mmref_thread(sim, "app", expect_no_device, NULL);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

static void count_a_step(void *arg)
{
	int now = atomic_inc_return(&counts()->steps);

	mmref_assert(now == 1 || now == 2);
	if (now == 2)
		(*(void (**)(void))arg)();
}

static void nothing(void)
{
}

static void never(void)
{
	mmref_assert(false);
}

/* Two threads share it, and what one run stored the next one does not find. */
static void the_state_is_shared_by_tasks_and_restored_with_the_run(void **state)
{
	static void (*const at_two[])(void) = { nothing, never };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);

		mmref_thread(sim, "one", count_a_step, (void *)&at_two[i]);
		mmref_thread(sim, "two", count_a_step, (void *)&at_two[i]);
		if (i)
			assert_mmref_violates(sim, MMREF_KERNEL_BUG);
		else
			assert_mmref_holds(sim);
		mmref_sim_free(sim);
	}
}

static void ask_for(void *arg)
{
	mmref_assert(mmref_rule_state(*(size_t *)arg));
}

static void more_state_than_there_is_is_a_bug(void **state)
{
	static size_t sizes[] = { MMREF_RULE_STATE, MMREF_RULE_STATE + 1 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct mmref_sim *sim = mmref_sim_new(&mmref_v7_2);

		mmref_thread(sim, "app", ask_for, &sizes[i]);
		if (i)
			assert_mmref_violates(sim, MMREF_KERNEL_BUG);
		else
			assert_mmref_holds(sim);
		mmref_sim_free(sim);
	}
}

struct devices {
	struct mmref_device *fsdax, *devdax;
};

static void unbind_one_by_one(void *arg)
{
	struct devices *d = arg;

	mmref_assert(static_branch_unlikely(&devmap_managed_key));
	mmref_unbind(d->devdax);
	mmref_assert(static_branch_unlikely(&devmap_managed_key));
	mmref_unbind(d->fsdax);
	mmref_assert(!static_branch_unlikely(&devmap_managed_key));
	mmref_rebind(d->fsdax);
	mmref_assert(static_branch_unlikely(&devmap_managed_key));
}

/* As before 46b1ee38b2ba: whatever is removed takes the key down. */
static void put_for_any_type(struct dev_pagemap *pgmap)
{
	(void)pgmap;
	static_branch_dec(&devmap_managed_key);
}

/* Only devices of files turn the hook of put_page() on, and only they turn it off. */
static void the_key_counts_the_devices_of_files(void **state)
{
	struct mmref_rules imbalanced = mmref_v6_1;
	const struct mmref_rules *sets[] = { &mmref_v6_1, &mmref_v6_12, &imbalanced };

	(void)state;
	imbalanced.name = "the key of another device";
	imbalanced.devmap_managed_enable_put = put_for_any_type;
	for (int i = 0; i < 3; i++) {
		struct mmref_sim *sim = mmref_sim_new(sets[i]);
		struct devices *d = mmref_alloc(sim, sizeof(*d));

		d->fsdax = mmref_fsdax(sim, 1);
		d->devdax = mmref_devdax(sim, 8);
		mmref_thread(sim, "admin", unbind_one_by_one, d);
		if (i < 2)
			assert_mmref_holds(sim);
		else
			assert_mmref_violates(sim, MMREF_KERNEL_BUG);
		mmref_sim_free(sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_is_there_when_the_devices_are_made),
		cmocka_unit_test(the_state_is_shared_by_tasks_and_restored_with_the_run),
		cmocka_unit_test(more_state_than_there_is_is_a_bug),
		cmocka_unit_test(the_key_counts_the_devices_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
