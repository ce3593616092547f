/* SPDX-License-Identifier: MIT */
/*
 * What the unit tests share: a device with a file that a process has mapped, and
 * ways to look at one run. What is done before the exploring is done at once, one
 * step after the other, so a test of counts needs no threads.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <mmref/cmocka.h>
#include <mmref/explore.h>
#include <mmref/ops.h>

#define FILL 0xa7 /* what the file's pages read as */

struct scene {
	struct mmref_sim *sim;
	struct mmref_device *device;
	struct mmref_file *file;
	struct mmref_process *process;
	struct mmref_map *map; /* of the whole file */
};

static const struct mmref_rules *const old_and_new[] = { &mmref_v6_1, &mmref_v7_2 };

/* The body under the old rules, then under the new. */
#define for_both_rule_sets(rules)                                                                  \
	for (size_t rules##_ = 0; rules##_ < 2; rules##_++)                                        \
		for (const struct mmref_rules *rules = old_and_new[rules##_]; rules; rules = NULL)

static inline struct scene scene_new(const struct mmref_rules *rules, unsigned int pages)
{
	struct scene s = { .sim = mmref_sim_new(rules) };

	assert_non_null(s.sim);
	s.device = mmref_fsdax(s.sim, pages);
	s.file = mmref_create(s.device, pages, FILL);
	s.process = mmref_process(s.sim);
	s.map = mmref_mmap(s.process, s.file, 0, pages);
	assert_non_null(s.map);
	return s;
}

static inline struct mmref_page page_of(struct mmref_sim *sim, unsigned int i)
{
	struct mmref_page page;

	assert_true(mmref_sim_page(sim, i, &page));
	return page;
}

/* The count equals what the ledger says is held, kind by kind. */
static inline int held_of(const struct mmref_page *page)
{
	int sum = 0;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		sum += page->held[i];
	return sum;
}

/* --- one run -------------------------------------------------------------- */

/* What an observer saw of it. */
struct watch {
	struct mmref_observer observer;
	struct mmref_sim *sim;
	enum mmref_violation violation; /* the last that showed */
	const struct mmref_site *site;
	int sleepers; /* asleep for ever */
	size_t steps;
};

static inline void watch_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct watch *watch = cookie;

	(void)task;
	(void)step;
	watch->steps = number;
}

static inline void watch_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct watch *watch = cookie;

	(void)task;
	watch->violation = found->violation;
	watch->site = found->site;
}

static inline void watch_asleep(void *cookie, int task, const struct mmref_site *site)
{
	struct watch *watch = cookie;

	(void)task;
	(void)site;
	watch->sleepers++;
}

static inline void watch_init(struct watch *watch, struct mmref_sim *sim)
{
	*watch = (struct watch){
		.sim = sim,
		.observer = { .cookie = watch,
			      .step = watch_step,
			      .violation = watch_violation,
			      .asleep = watch_asleep },
	};
}

/* Replay @tasks, a digit a step; the steps taken. */
static inline size_t replay(struct mmref_sim *sim, const char *tasks, struct watch *watch)
{
	uint8_t task[128];
	struct mmref_schedule schedule = { .tasks = task, .length = strlen(tasks) };

	assert_true(schedule.length <= sizeof(task));
	for (size_t i = 0; i < schedule.length; i++)
		task[i] = tasks[i] - '0';
	watch_init(watch, sim);
	return mmref_replay(sim, &schedule, &watch->observer);
}

/*
 * A schedule that is put together by what its steps are: "let the one go on until
 * it has read the entry, then the other until it has cleared it".
 */
struct story {
	struct mmref_sim *sim;
	uint8_t tasks[128];
	size_t length;
	const char *verb; /* looked for in the steps of the run */
	int task;
	bool seen; /* in the last step */
};

static inline void story_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct story *story = cookie;

	story->seen = number == story->length && task == story->task &&
		      !strcmp(step->site->verb, story->verb);
}

/* Let @task go on; false where it cannot. */
static inline bool story_go(struct story *story, int task)
{
	struct mmref_observer observer = { .cookie = story, .step = story_step };
	struct mmref_schedule schedule;

	assert_true(story->length < sizeof(story->tasks));
	story->tasks[story->length++] = task;
	schedule = (struct mmref_schedule){ .tasks = story->tasks, .length = story->length };
	if (mmref_replay(story->sim, &schedule, &observer) == story->length)
		return true;
	story->length--;
	return false;
}

/* Until it has taken a step called @verb. */
static inline void story_until(struct story *story, int task, const char *verb)
{
	story->verb = verb;
	story->task = task;
	story->seen = false;
	while (!story->seen)
		assert_true(story_go(story, task));
}

/* Until it has ended, or sleeps. */
static inline void story_on(struct story *story, int task)
{
	story->verb = "";
	while (story_go(story, task))
		continue;
}

static inline size_t run_in_order(struct mmref_sim *sim, struct watch *watch)
{
	watch_init(watch, sim);
	return mmref_run_in_order(sim, &watch->observer);
}

/* The threads one after the other come to their ends, and nothing is wrong. */
static inline void assert_runs_in_order(struct mmref_sim *sim)
{
	struct watch watch;

	run_in_order(sim, &watch);
	assert_string_equal(mmref_violation_name(watch.violation), "none");
	assert_int_equal(watch.sleepers, 0);
}

/*
 * Some run fails mmref_assert(@condition): what the condition denies can happen.
 * @condition is the text of it.
 */
static inline void assert_some_run_fails(struct mmref_sim *sim, const char *condition)
{
	struct mmref_result result;
	bool fails = false;

	assert_int_equal(mmref_explore(sim, NULL, &result), 0);
	for (unsigned int i = 0; i < result.nr_found; i++)
		fails |= result.found[i].violation == MMREF_KERNEL_BUG &&
			 !strcmp(result.found[i].why, condition);
	mmref_result_free(&result);
	assert_true(fails);
}

#endif
