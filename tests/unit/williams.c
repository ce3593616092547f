/* SPDX-License-Identifier: MIT */
/*
 * "Fix the DAX-gup mistake" as it was posted, v3: who holds a page and its device, and
 * the loops that do not do what they say.
 */
#include "scene.h"

#include <mmref/kernel.h>
#include "ops/ops.h"
#include "rules/rules.h"
#include "sched/sim.h"

static unsigned long pgmap_references(const struct scene *s)
{
	return percpu_ref_sum(&s->device->pmem.pgmap->ref);
}

/* The entry takes the page and the page its device, whoever maps it; truncate gives both back. */
static void an_entry_holds_its_page_and_that_its_device_until_truncate(void **state)
{
	struct scene s = scene_new(&mmref_williams_2022, 1);
	struct mmref_map *other = mmref_mmap(mmref_process(s.sim), s.file, 0, 1);

	(void)state;
	assert_int_equal(page_of(s.sim, 0).refcount, 0);
	assert_int_equal(pgmap_references(&s), 1);
	mmref_write(s.map, 0, 1);
	mmref_write(other, 0, 1);
	assert_int_equal(page_of(s.sim, 0).refcount, 1);
	assert_int_equal(page_of(s.sim, 0).held[HELD_BY_DAX_ENTRY], 1);
	assert_int_equal(page_of(s.sim, 0).mapcount, 0);
	assert_int_equal(pgmap_references(&s), 2);

	mmref_munmap(s.map);
	mmref_munmap(other);
	assert_int_equal(page_of(s.sim, 0).refcount, 1);
	assert_int_equal(mmref_truncate(s.file, 0), 0);
	assert_int_equal(page_of(s.sim, 0).refcount, 0);
	assert_null(xa_peek(&s.file->inode->i_mapping.i_pages, 0));
	assert_int_equal(pgmap_references(&s), 1);
	mmref_sim_free(s.sim);
}

/* Four pages; @odd and the page after it are made one folio. */
static struct scene with_a_folio_of_another_order(unsigned int odd)
{
	struct scene s = scene_new(&mmref_williams_2022, 4);

	prep_compound_page(&s.device->pmem.pgmap->memmap[odd], 1);
	return s;
}

static void request_three(void *arg)
{
	struct dev_pagemap *pgmap = arg;

	mmref_assert(pgmap_request_folios(pgmap, (struct folio *)pgmap->memmap, 3, HELD_BY_DAX_ENTRY));
}

/* The loop that compares orders goes back to folio[1] each time, and never sees folio[2]. */
static void a_request_does_not_see_the_order_of_its_third_folio(void **state)
{
	(void)state;
	for (unsigned int odd = 1; odd < 3; odd++) {
		struct scene s = with_a_folio_of_another_order(odd);
		struct watch watch;

		mmref_thread(s.sim, "request", request_three, s.device->pmem.pgmap);
		run_in_order(s.sim, &watch);
		if (odd == 1)
			assert_int_not_equal(watch.violation, MMREF_NONE);
		else
			assert_int_equal(watch.violation, MMREF_NONE);
		mmref_sim_free(s.sim);
	}
}

static void request_and_release_three(void *arg)
{
	struct dev_pagemap *pgmap = arg;

	request_three(arg);
	pgmap_release_folios((struct folio *)pgmap->memmap, 3, HELD_BY_DAX_ENTRY);
}

/* The loop that puts goes back to folio[1] as well: it is put twice, and folio[2] never. */
static void a_release_of_three_puts_the_second_twice(void **state)
{
	struct scene s = scene_new(&mmref_williams_2022, 3);
	struct watch watch;

	(void)state;
	mmref_thread(s.sim, "release", request_and_release_three, s.device->pmem.pgmap);
	run_in_order(s.sim, &watch);
	assert_int_equal(watch.violation, MMREF_REFCOUNT_UNDERFLOW);
	mmref_sim_free(s.sim);
}

struct pinned {
	struct scene s;
	struct mmref_hold *hold;
};

static void unbind(void *arg)
{
	struct pinned *p = arg;

	mmref_unbind(p->s.device);
}

static void unpin(void *arg)
{
	struct pinned *p = arg;

	mmref_release(p->hold);
}

/* Where truncate has taken the entry's reference, the pin is what the removal waits for. */
static void a_removal_waits_for_a_pin(void **state)
{
	(void)state;
	for (int unpins = 0; unpins < 2; unpins++) {
		struct pinned p = { .s = scene_new(&mmref_williams_2022, 1) };
		struct mmref_result result;

		p.hold = mmref_pin(p.s.map, 0, 1, MMREF_GUP_WRITE, NULL);
		assert_non_null(p.hold);
		mmref_munmap(p.s.map);
		mmref_close(p.s.file);
		mmref_thread(p.s.sim, "unbind", unbind, &p);
		if (unpins)
			mmref_thread(p.s.sim, "unpin", unpin, &p);
		assert_int_equal(mmref_explore(p.s.sim, NULL, &result), 0);
		assert_true(result.complete);
		assert_int_equal(result.nr_found, !unpins);
		if (!unpins)
			assert_int_equal(result.found[0].violation, MMREF_UNPLUG_HANGS);
		mmref_result_free(&result);
		mmref_sim_free(p.s.sim);
	}
}

static void read_the_other_page(void *arg)
{
	mmref_read(arg, 1);
}

/*
 * dax_insert_entry(), fs/dax.c, associates only what stands for an empty entry or a zero
 * page: one that a punch elsewhere in the file left DAX_ZAP is mapped as it is.
 */
static void a_zapped_entry_is_mapped_without_a_request(void **state)
{
	struct scene s = scene_new(&mmref_williams_2022, 2);
	struct watch watch;

	(void)state;
	mmref_write(s.map, 0, 1);
	mmref_write(s.map, 1, 1);
	assert_int_equal(mmref_punch(s.file, 0, 1), 0);
	assert_int_equal(page_of(s.sim, 1).refcount, 0);
	assert_true(xa_to_value(xa_peek(&s.file->inode->i_mapping.i_pages, 1)) & DAX_ZAP);

	mmref_thread(s.sim, "fault", read_the_other_page, s.map);
	run_in_order(s.sim, &watch);
	assert_int_equal(watch.violation, MMREF_ZERO_REF_MAPPED);
	mmref_sim_free(s.sim);
}

static void request_one(void *arg)
{
	struct dev_pagemap *pgmap = arg;

	mmref_assert(pgmap_request_folios(pgmap, (struct folio *)pgmap->memmap, 1, HELD_BY_DAX_ENTRY));
}

/*
 * Jason Gunthorpe, nvdimm, Oct 2022: "this looks racy". The count is raised, and only
 * then looked at.
 *
 *	1. the first request (0) makes it 1, the second (1) 2
 *	2. both read 2, and neither takes the pgmap
 */
static void two_requests_at_once_do_not_take_the_device(void **state)
{
	struct scene s = scene_new(&mmref_williams_2022, 1);
	struct story story = { .sim = s.sim };

	(void)state;
	mmref_thread(s.sim, "first", request_one, s.device->pmem.pgmap);
	mmref_thread(s.sim, "second", request_one, s.device->pmem.pgmap);
	story_until(&story, 0, "folio_ref_inc");
	story_until(&story, 1, "folio_ref_inc");
	story_on(&story, 0);
	story_on(&story, 1);
	assert_int_equal(page_of(s.sim, 0).refcount, 2);
	assert_int_equal(pgmap_references(&s), 1);
	mmref_sim_free(s.sim);
}

struct race {
	struct mmref_map *map;
	struct mmref_hold *hold;
};

static void get_two_at_once(void *arg)
{
	struct race *race = arg;

	race->hold = mmref_get(race->map, 0, 2, MMREF_GUP_FAST_ONLY, NULL);
}

static void unmap(void *arg)
{
	struct race *race = arg;

	mmref_munmap(race->map);
}

/*
 * GUP-fast of a PMD, which goes between the grabs and the second look.
 *
 *	1. the walk (0) takes the pages behind the PMD, one by one
 *	2. munmap (1) clears the PMD
 *	3. the walk looks at it again: v6.1 puts the pages, here they are had
 */
static void pages_of_a_pmd_that_went_are_had_all_the_same(void **state)
{
	static const struct mmref_rules *const sets[] = { &mmref_v6_1, &mmref_williams_2022 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct mmref_sim *sim = mmref_sim_new(sets[i]);
		struct mmref_file *file;
		struct race *race;
		struct story story = { .sim = sim };

		assert_non_null(sim);
		sim->world->pmd_order = 1;
		file = mmref_create(mmref_fsdax(sim, 2), 2, FILL);
		race = mmref_alloc(sim, sizeof(*race));
		race->map = mmref_mmap(mmref_process(sim), file, 0, 2);
		mmref_write(race->map, 0, 1);
		mmref_thread(sim, "walk", get_two_at_once, race);
		mmref_thread(sim, "munmap", unmap, race);

		story_until(&story, 0, "folio_ref_inc");
		story_until(&story, 0, "folio_ref_inc");
		story_until(&story, 1, "pmdp_get_and_clear");
		story_on(&story, 0);
		assert_true(sim->fiber[0]->task.done);
		assert_int_equal(!race->hold, i == 0);
		assert_int_equal(page_of(sim, 0).held[HELD_BY_GET], i);
		assert_int_equal(page_of(sim, 1).held[HELD_BY_GET], i);
		mmref_sim_free(sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_holds_its_page_and_that_its_device_until_truncate),
		cmocka_unit_test(a_request_does_not_see_the_order_of_its_third_folio),
		cmocka_unit_test(a_release_of_three_puts_the_second_twice),
		cmocka_unit_test(a_zapped_entry_is_mapped_without_a_request),
		cmocka_unit_test(two_requests_at_once_do_not_take_the_device),
		cmocka_unit_test(pages_of_a_pmd_that_went_are_had_all_the_same),
		cmocka_unit_test(a_removal_waits_for_a_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
