/* SPDX-License-Identifier: MIT */
/* A pin without locks gives up when a fork write-protects private entries meanwhile. */
#include "scene.h"

#include <mmref/linux/seqlock.h>
#include "ops/ops.h"

/* The first page of @map is a copy of its own, so that fork copies; the second is the device's. */
static void make_private(const struct scene *s)
{
	mmref_write(s->map, 0, 1);
	mmref_read(s->map, 1);
}

static struct scene private_scene(const struct mmref_rules *rules)
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	s.device = mmref_fsdax(s.sim, 2);
	s.file = mmref_create(s.device, 2, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap_at(s.process, s.file, 0, 2, 0, true);
	assert_non_null(s.map);
	make_private(&s);
	return s;
}

static void a_pin_without_locks_is_refused_while_fork_copies(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct scene s = private_scene(rules);
		unsigned int *sequence = &s.process->mm->write_protect_seq.sequence;

		*sequence = 1;
		assert_null(mmref_pin(s.map, 1, 1, MMREF_GUP_FAST_ONLY, NULL));
		assert_non_null(mmref_get(s.map, 1, 1, MMREF_GUP_FAST_ONLY, NULL));
		assert_non_null(mmref_pin(s.map, 1, 1, 0, NULL));	/* by the slow walk */
		*sequence = 2;
		assert_non_null(mmref_pin(s.map, 1, 1, MMREF_GUP_FAST_ONLY, NULL));
		mmref_sim_free(s.sim);
	}
}

/* A fork counts twice where it copies, and not at all where the child will fault. */
static void fork_moves_the_count_for_private_maps_alone(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct scene s = private_scene(rules);

		mmref_fork(s.process);
		assert_int_equal(s.process->mm->write_protect_seq.sequence, 2);
		mmref_sim_free(s.sim);
		s = scene_new(rules, 2);
		make_private(&s);
		mmref_fork(s.process);
		assert_int_equal(s.process->mm->write_protect_seq.sequence, 0);
		mmref_sim_free(s.sim);
	}
}

struct race {
	struct scene s;
	unsigned int flags;
	bool pin;
};

static void take_and_release(void *arg)
{
	struct race *race = arg;
	struct mmref_hold *hold;

	hold = race->pin ? mmref_pin(race->s.map, 1, 1, race->flags, NULL) :
			   mmref_get(race->s.map, 1, 1, race->flags, NULL);
	mmref_assert(hold);
	mmref_release(hold);
}

static void fork_it(void *arg)
{
	mmref_fork(((struct race *)arg)->s.process);
}

static struct mmref_sim *take_against_fork(struct scene s, bool pin, unsigned int flags)
{
	struct race *race = mmref_alloc(s.sim, sizeof(*race));

	*race = (struct race){ .s = s, .pin = pin, .flags = flags };
	mmref_thread(s.sim, "user", take_and_release, race);
	mmref_thread(s.sim, "parent", fork_it, race);
	return s.sim;
}

/* What was taken across a fork is put again, all of it, and a walk with locks takes it. */
static void a_pin_across_a_fork_is_given_up_and_taken_with_locks(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct mmref_sim *sim;

		sim = take_against_fork(private_scene(rules), true, MMREF_GUP_FAST_ONLY);
		assert_some_run_fails(sim, "hold");
		mmref_sim_free(sim);
		sim = take_against_fork(private_scene(rules), true, 0);
		assert_mmref_holds(sim);
		mmref_sim_free(sim);
	}
}

/* FOLL_GET does not ask, and a fork that copies nothing of a map disturbs nobody. */
static void neither_a_get_nor_a_shared_map_has_to_give_up(void **state)
{
	(void)state;
	for_both_rule_sets(rules) {
		struct mmref_sim *sim;
		struct scene shared;

		sim = take_against_fork(private_scene(rules), false, MMREF_GUP_FAST_ONLY);
		assert_mmref_holds(sim);
		mmref_sim_free(sim);
		shared = scene_new(rules, 2);
		make_private(&shared);
		sim = take_against_fork(shared, true, MMREF_GUP_FAST_ONLY);
		assert_mmref_holds(sim);
		mmref_sim_free(sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pin_without_locks_is_refused_while_fork_copies),
		cmocka_unit_test(fork_moves_the_count_for_private_maps_alone),
		cmocka_unit_test(a_pin_across_a_fork_is_given_up_and_taken_with_locks),
		cmocka_unit_test(neither_a_get_nor_a_shared_map_has_to_give_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
