/* SPDX-License-Identifier: MIT */
/* The overlay: whoever holds pages holds their inode, under any rule set. */
#include "scene.h"

#include <errno.h>

#include <mmref/linux/fs.h>
#include <mmref/linux/atomic.h>
#include "ops/ops.h"
#include <mmref/kernel.h>
#include "rules/rules.h"
#include "world.h"

static int i_count(const struct mmref_file *file)
{
	return file->inode->i_count.counter;
}

/* --- the table ------------------------------------------------------------- */

static int functions_that_differ(const struct mmref_rules *a, const struct mmref_rules *b)
{
	int differing = 0;

#define FUNCTION(bodies, returns, name, ...)                                                       \
	differing += mmref_rules_function_of(a, offsetof(struct mmref_rules, name)) !=             \
		     mmref_rules_function_of(b, offsetof(struct mmref_rules, name));
#include <mmref/functions.def>
	return differing;
}

static void an_overlaid_set_is_found_by_its_name_and_differs_where_pages_are_given_out(void **state)
{
	(void)state;
	for (size_t i = 0; mmref_rules_at(i); i++) {
		const struct mmref_rules *plain = mmref_rules_at(i), *over = mmref_rules_overlaid(i);

		assert_ptr_equal(mmref_rules_find(over->name), over);
		assert_ptr_equal(over->ancestor, plain);
		assert_int_equal(functions_that_differ(plain, over), MMREF_BELOW);
	}
	assert_ptr_equal(mmref_rules_find("old+arbiter"), mmref_rules_find("v6.1+arbiter"));
	assert_null(mmref_rules_find("+arbiter"));
	assert_null(mmref_rules_find("v6.1+arbite"));
	assert_null(mmref_rules_find("v6.1+arbiter+arbiter"));
}

/* --- who counts -------------------------------------------------------------- */

static void each_page_held_counts_its_inode_and_each_put_takes_that_back(void **state)
{
	(void)state;
	for (size_t i = 0; mmref_rules_at(i); i++) {
		struct scene s;
		struct mmref_hold *pinned, *got;
		int before;

		if (mmref_rules_at(i) == &mmref_popple_2023)	/* dies in the first fault */
			continue;
		s = scene_new(mmref_rules_overlaid(i), 4);
		before = i_count(s.file);
		pinned = mmref_pin(s.map, 0, 3, MMREF_GUP_WRITE, NULL);
		assert_int_equal(i_count(s.file), before + 3);
		got = mmref_get(s.map, 0, 1, 0, NULL);
		assert_int_equal(i_count(s.file), before + 4);
		mmref_release(pinned);
		assert_int_equal(i_count(s.file), before + 1);
		mmref_folio_put_all(got);
		assert_int_equal(i_count(s.file), before);
		mmref_sim_free(s.sim);
	}
}

/* Pages that the fast walk alone did not find give back what was held for them. */
static void what_is_not_given_out_is_not_counted(void **state)
{
	struct scene s = scene_new(mmref_rules_find("v7.2+arbiter"), 4);
	int before = i_count(s.file), error;

	(void)state;
	assert_null(mmref_get(s.map, 0, 2, MMREF_GUP_FAST_ONLY, &error));
	assert_int_equal(i_count(s.file), before);
	assert_null(mmref_pin(s.map, 0, 1, MMREF_GUP_LONGTERM, &error));
	assert_int_equal(error, -EOPNOTSUPP);
	assert_int_equal(i_count(s.file), before);
	mmref_munmap(s.map);
	assert_null(mmref_get(s.map, 0, 1, 0, &error));
	assert_int_equal(error, -EFAULT);
	assert_int_equal(i_count(s.file), before);
	mmref_sim_free(s.sim);
}

static void a_pipe_holds_the_inode_of_each_buffer_that_tee_copies_too(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct mmref_rules mine = *rules;
		struct mmref_pipe *from, *to;
		struct scene s;
		int before;

		mmref_overlay_arbiter(&mine);
		s = scene_new(&mine, 4);
		from = mmref_pipe(s.sim);
		to = mmref_pipe(s.sim);
		before = i_count(s.file);
		mmref_vmsplice(from, s.map, 0, 2);
		assert_int_equal(i_count(s.file), before + 2);
		assert_int_equal(mmref_tee(from, to), 1);
		assert_int_equal(i_count(s.file), before + 3);
		mmref_drain(from);
		assert_int_equal(i_count(s.file), before + 1);
		mmref_pipe_close(to);
		assert_int_equal(i_count(s.file), before);
		mmref_sim_free(s.sim);
	}
}

/* --- what it is for ------------------------------------------------------------ */

/* A page is pinned, and the pin is all that there is left of the file's users. */
static struct mmref_hold *pin_alone(const struct scene *s)
{
	struct mmref_hold *hold;

	mmref_write(s->map, 0, 1);
	hold = mmref_pin(s->map, 0, 1, 0, NULL);
	mmref_munmap(s->map);
	mmref_close(s->file);
	return hold;
}

static void umount_is_refused_while_a_page_is_held(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct mmref_rules mine = *rules;
		struct mmref_hold *hold;
		struct scene s;

		mmref_overlay_arbiter(&mine);
		s = scene_new(&mine, 1);
		hold = pin_alone(&s);
		assert_int_equal(mmref_umount(s.device), -EBUSY);
		mmref_release(hold);
		assert_int_equal(mmref_umount(s.device), 0);
		mmref_sim_free(s.sim);
	}
}

/* The name goes at once, and the block with the last put, whose task evicts. */
static void an_unlink_takes_the_name_and_the_last_put_the_block(void **state)
{
	struct scene s = scene_new(mmref_rules_find("v6.1+arbiter"), 1);
	struct mmref_hold *hold = pin_alone(&s);

	(void)state;
	assert_int_equal(mmref_unlink(s.file), 0);
	assert_false(s.file->inode->evicted);
	assert_int_equal(s.device->pmem.sb->block_files[0],
			 1u << s.file->inode->i_ino);
	mmref_release(hold);
	assert_true(s.file->inode->evicted);
	assert_int_equal(s.device->pmem.sb->block_files[0], 0);
	mmref_sim_free(s.sim);
}

struct race {
	struct scene s;
	struct mmref_file *other;
};

static void unlink_and_reuse(void *arg)
{
	struct race *race = arg;

	mmref_munmap(race->s.map);
	mmref_close(race->s.file);
	mmref_unlink(race->s.file);
	race->other = mmref_create(race->s.device, 1, 0);
}

static void pin_write_unpin(void *arg)
{
	struct race *race = arg;
	struct mmref_hold *hold = mmref_pin(race->s.map, 0, 1, MMREF_GUP_WRITE, NULL);

	if (!hold)
		return;
	mmref_assert(!race->s.file->inode->evicted);
	mmref_dma_write(hold, 0, 2);
	mmref_release(hold);
}

static struct mmref_sim *pin_against_unlink(const struct mmref_rules *rules)
{
	struct scene s = scene_new(rules, 1);
	struct race *race = mmref_alloc(s.sim, sizeof(*race));

	mmref_write(s.map, 0, 1);
	race->s = s;
	mmref_thread(s.sim, "app", pin_write_unpin, race);
	mmref_thread(s.sim, "admin", unlink_and_reuse, race);
	return s.sim;
}

/* A munmap that drops the inode while GUP is under way, as Jason Gunthorpe objected. */
static void a_pin_against_munmap_and_unlink_holds_where_the_inode_is_held(void **state)
{
	struct mmref_sim *sim = pin_against_unlink(&mmref_v6_1);

	(void)state;
	assert_mmref_violates(sim, MMREF_USE_AFTER_TRUNCATE);
	mmref_sim_free(sim);
	sim = pin_against_unlink(mmref_rules_find("v6.1+arbiter"));
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* The address gets another file's map while GUP is under way: a pin holds its own page's inode. */
static void map_the_other(void *arg)
{
	struct race *race = arg;

	mmref_munmap(race->s.map);
	mmref_mmap(race->s.process, race->other, 0, 1);
}

static void pin_what_is_there(void *arg)
{
	struct race *race = arg;
	struct mmref_hold *hold = mmref_pin(race->s.map, 0, 1, MMREF_GUP_WRITE, NULL);

	if (!hold)
		return;
	mmref_assert(race->s.device->pmem.sb->block_files[hold->page[0] - page_device(hold->page[0])->memmap] &
		     1u << hold->ino);
	mmref_release(hold);
}

static void a_pin_holds_the_inode_of_its_page_whatever_is_mapped_meanwhile(void **state)
{
	struct mmref_sim *sim = mmref_sim_new(mmref_rules_find("v7.2+arbiter"));
	struct race *race = mmref_alloc(sim, sizeof(*race));

	(void)state;
	race->s.device = mmref_fsdax(sim, 2);
	race->s.file = mmref_create(race->s.device, 1, FILL);
	race->other = mmref_create(race->s.device, 1, FILL);
	race->s.process = mmref_process(sim);
	race->s.map = mmref_mmap(race->s.process, race->s.file, 0, 1);
	mmref_thread(sim, "app", pin_what_is_there, race);
	mmref_thread(sim, "admin", map_the_other, race);
	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* --- a hold and its drop, one without the other ---------------------------------- */

static const struct mmref_rules *arbiter(void)
{
	return mmref_rules_find("v7.2+arbiter");
}

static int pin_and_hold_twice(struct mm_struct *mm, unsigned long start, int nr_pages,
			      unsigned int gup_flags, struct page **pages)
{
	ihold(vma_lookup(mm, start)->vm_file->f_inode);
	return MMREF_AS(*arbiter(), pin_user_pages_fast)(mm, start, nr_pages, gup_flags, pages);
}

static void unpin_and_drop_twice(struct page **pages, unsigned long npages)
{
	struct inode *inode = current->world->devices[0]->sb->s_inodes;

	MMREF_AS(*arbiter(), unpin_user_pages)(pages, npages);
	iput(inode);
}

static void pin_and_unpin(void *arg)
{
	mmref_release(mmref_pin(((struct race *)arg)->s.map, 0, 1, 0, NULL));
}

static void pin_and_keep(void *arg)
{
	mmref_pin(((struct race *)arg)->s.map, 0, 1, 0, NULL);
}

static struct mmref_sim *one_thread(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct scene s = scene_new(rules, 1);
	struct race *race = mmref_alloc(s.sim, sizeof(*race));

	race->s = s;
	mmref_thread(s.sim, "app", body, race);
	return s.sim;
}

static void assert_pin_violates(const struct mmref_rules *rules, enum mmref_violation violation)
{
	struct mmref_sim *sim = one_thread(rules, pin_and_unpin);

	assert_mmref_violates(sim, violation);
	mmref_sim_free(sim);
}

static void assert_thread_holds(const struct mmref_rules *rules, void (*body)(void *arg))
{
	struct mmref_sim *sim = one_thread(rules, body);

	assert_mmref_holds(sim);
	mmref_sim_free(sim);
}

/* What is still pinned at the end can be given back, and its inode with it: no leak. */
static void an_inode_held_once_too_often_is_a_leak(void **state)
{
	struct mmref_rules mine = *arbiter();

	(void)state;
	mine.pin_user_pages_fast = pin_and_hold_twice;
	assert_pin_violates(&mine, MMREF_REFCOUNT_LEAK);
	assert_thread_holds(arbiter(), pin_and_keep);
}

static void an_inode_dropped_once_too_often_is_an_underflow(void **state)
{
	struct mmref_rules mine = *arbiter();

	(void)state;
	mine.unpin_user_pages = unpin_and_drop_twice;
	assert_pin_violates(&mine, MMREF_REFCOUNT_UNDERFLOW);
	assert_thread_holds(arbiter(), pin_and_unpin);
}

/* --- what it leaves as it was ------------------------------------------------------ */

static void cut_off(void *arg)
{
	mmref_truncate(((struct race *)arg)->s.file, 0);
}

/* A page that is pinned and mapped no more: 6.1's truncate does not look, inode or not. */
static void a_truncate_is_as_good_as_under_the_set_below(void **state)
{
	static const struct {
		const char *rules;
		enum mmref_violation found;
	} expected[] = {
		{ "v6.1+arbiter", MMREF_USE_AFTER_TRUNCATE },
		{ "v7.2+arbiter", MMREF_DEADLOCK },	/* it waits, and nobody lets go */
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s = scene_new(mmref_rules_find(expected[i].rules), 1);
		struct race *race = mmref_alloc(s.sim, sizeof(*race));

		pin_alone(&s);
		race->s = s;
		mmref_thread(s.sim, "truncate", cut_off, race);
		assert_mmref_violates(s.sim, expected[i].found);
		mmref_sim_free(s.sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_overlaid_set_is_found_by_its_name_and_differs_where_pages_are_given_out),
		cmocka_unit_test(each_page_held_counts_its_inode_and_each_put_takes_that_back),
		cmocka_unit_test(what_is_not_given_out_is_not_counted),
		cmocka_unit_test(a_pipe_holds_the_inode_of_each_buffer_that_tee_copies_too),
		cmocka_unit_test(umount_is_refused_while_a_page_is_held),
		cmocka_unit_test(an_unlink_takes_the_name_and_the_last_put_the_block),
		cmocka_unit_test(a_pin_against_munmap_and_unlink_holds_where_the_inode_is_held),
		cmocka_unit_test(a_pin_holds_the_inode_of_its_page_whatever_is_mapped_meanwhile),
		cmocka_unit_test(an_inode_held_once_too_often_is_a_leak),
		cmocka_unit_test(an_inode_dropped_once_too_often_is_an_underflow),
		cmocka_unit_test(a_truncate_is_as_good_as_under_the_set_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
