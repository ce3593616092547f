/* SPDX-License-Identifier: MIT */
/* What can be told only of a whole script: holds, tasks, and what was made or left lying. */
#include "script_api.h"
#include "watchdog.h"

#include <string.h>

#include "exec/op_type.h"

typedef void check_fn(struct script *script, struct mmref_op *op);

static void each_of(struct script *script, const struct mmref_ops *ops, check_fn *check)
{
	for (unsigned int i = 0; i < ops->nr; i++) {
		watchdog_check(script, ops->op[i].line);
		check(script, &ops->op[i]);
	}
}

static void each_op(struct script *script, check_fn *check)
{
	struct mmref_program *program = script->program;

	each_of(script, &program->before, check);
	for (unsigned int i = 0; i < program->nr_threads; i++)
		each_of(script, &program->thread[i].ops, check);
	for (unsigned int i = 0; i < program->nr_steps; i++) {
		watchdog_check(script, program->step[i].op.line);
		if (program->step[i].kind == MMREF_STEP_DO ||
		    program->step[i].kind == MMREF_STEP_START)
			check(script, &program->step[i].op);
	}
}

static const char *name_of(struct script *script, int object)
{
	return script->program->object[object].name;
}

/* @op takes a hold. A hold that the script does not name gets a name here. */
static void note_hold(struct script *script, struct mmref_op *op)
{
	struct script_note *note;

	if (op->other < 0)
		op->other = script_new_object(script, MMREF_HOLD, -1);
	note = &script->note[op->other];
	if (note->given)
		script_error_at(script, op->line, "the hold '%s' is given at line %d already; "
				"name this one otherwise", name_of(script, op->other), note->given);
	note->given = op->line;
	note->by = op->kind;
	note->pages = op->pages;
}

static void note_made(struct script *script, struct mmref_op *op)
{
	if (op_types[op->kind].effect == OP_MAKES)
		script->note[op->object].made = true;
	else if (op_types[op->kind].effect == OP_HOLDS)
		note_hold(script, op);
}

static void check_hold(struct script *script, struct mmref_op *op)
{
	const struct script_note *note;
	const char *name;

	if (op->object < 0 || script->program->object[op->object].kind != MMREF_HOLD)
		return;

	name = name_of(script, op->object);
	note = &script->note[op->object];
	if (!note->given)
		script_error_at(script, op->line, "nothing is held as '%s'; "
				"name it where it is taken, map:get(page):as \"%s\"", name, name);
	if (op->page >= note->pages)
		script_error_at(script, op->line, "page %u is outside the hold '%s'; its pages are "
				"0 to %u", op->page, name, note->pages - 1);
}

static enum hold_way way_of(enum mmref_op_kind by)
{
	switch (by) {
	case MMREF_OP_PIN:
		return HOLD_PINNED;
	case MMREF_OP_REGISTER:
		return HOLD_REGISTERED;
	default:
		return HOLD_GOT;
	}
}

/* put_page and unpin are the same to a program, and not to who reads a script. */
static void check_releases(struct script *script)
{
	for (unsigned int i = 0; i < script->program->nr_objects; i++) {
		const struct script_note *note = &script->note[i];
		enum hold_way taken = way_of(note->by);

		if (script->program->object[i].kind != MMREF_HOLD)
			continue;
		for (enum hold_way way = 0; way < NR_HOLD_WAYS; way++)
			if (note->given_back[way] && way != taken)
				script_error_at(script, note->given_back[way],
						"'%s' is %s, not %s; write %s",
						name_of(script, (int)i), hold_ways[taken].taken,
						hold_ways[way].taken, hold_ways[taken].give_back);
	}
}

static void check_made(struct script *script)
{
	static const char *const how[] = {
		[MMREF_FILE] = "create", [MMREF_PROCESS] = "fork", [MMREF_MAP] = "mmap",
	};

	for (unsigned int i = 0; i < script->program->nr_objects; i++) {
		const struct mmref_object *object = &script->program->object[i];

		/* A child's map comes with the child. */
		if (object->later && object->parent < 0 && !script->note[i].made)
			script_error_at(script, script->note[i].line,
					"this %s is made later, but nothing makes it; do %s:%s()",
					object_kind_name(object->kind),
					object_kind_name(object->kind), how[object->kind]);
	}
}

/* The tasks that the steps looked at so far start. */
struct started {
	const char *name[SCRIPT_MAX_STARTED];
	unsigned int nr;
};

static bool is_started(const struct started *started, const char *name)
{
	for (unsigned int i = 0; i < started->nr; i++)
		if (strcmp(started->name[i], name) == 0)
			return true;
	return false;
}

static void add_started(struct script *script, struct started *started,
			const struct mmref_program_step *step)
{
	if (is_started(started, step->name))
		script_error_at(script, step->op.line, "there is a task '%s' already; "
				"name it otherwise", step->name);
	if (started->nr == SCRIPT_MAX_STARTED)
		script_error_at(script, step->op.line, "more than %d tasks are started; start fewer",
				SCRIPT_MAX_STARTED);
	started->name[started->nr++] = step->name;
}

/* A signal in the scene would find nobody: nothing runs yet. */
static void check_signal_before(struct script *script, struct mmref_op *op)
{
	if (op->kind == MMREF_OP_SIGNAL)
		script_error_at(script, op->line, "nothing runs yet that could get a signal; "
				"put it into a thread or steps");
}

static void check_signal(struct script *script, struct mmref_op *op)
{
	const struct mmref_program *program = script->program;

	if (op->kind != MMREF_OP_SIGNAL)
		return;
	for (unsigned int i = 0; i < program->nr_threads; i++)
		if (strcmp(program->thread[i].name, op->task) == 0)
			return;
	script_error_at(script, op->line, "no thread is called '%s'; "
			"write thread(\"%s\", { ... })", op->task, op->task);
}

static void check_signals(struct script *script)
{
	struct mmref_program *program = script->program;

	each_of(script, &program->before, check_signal_before);
	for (unsigned int i = 0; i < program->nr_threads; i++)
		each_of(script, &program->thread[i].ops, check_signal);
}

static void check_steps(struct script *script)
{
	const struct mmref_program *program = script->program;
	struct started started = { .nr = 0 };

	for (unsigned int i = 0; i < program->nr_steps; i++) {
		const struct mmref_program_step *step = &program->step[i];

		watchdog_check(script, step->op.line);
		if (step->op.task && !is_started(&started, step->op.task))
			script_error_at(script, step->op.line, "no task '%s' is started before; "
					"write start(\"%s\", operation)", step->op.task,
					step->op.task);
		if (step->kind == MMREF_STEP_WAIT && !is_started(&started, step->name))
			script_error_at(script, step->op.line, "no task '%s' is started before; "
					"write start(\"%s\", operation)", step->name, step->name);
		if (step->kind == MMREF_STEP_START)
			add_started(script, &started, step);
	}
}

/* The items are linked newest first; the oldest one that was left lying is told. */
static void check_placed(struct script *script)
{
	const struct script_item *left = NULL;

	for (struct script_item *item = script->items; item; item = item->older) {
		if (!item->placed)
			left = item;
	}
	if (left)
		script_error_at(script, left->line, "this does nothing where it stands; "
				"put it into before, thread or steps");
}

void script_check(struct script *script)
{
	const struct mmref_program *program = script->program;

	script->word[0] = '\0';
	check_placed(script);
	if (!program->nr_threads && !program->nr_steps)
		script_error_at(script, script->last_line, "there is no thread and no steps; "
				"end with thread(\"name\", { ... }) or steps { ... }");
	if (program->nr_expect && !program->nr_threads)
		script_error_at(script, script->expect_line, "steps are not explored, so nothing "
				"can be expected; write threads, or leave expect out");
	each_op(script, note_made);
	each_op(script, check_hold);
	check_releases(script);
	check_made(script);
	check_steps(script);
	check_signals(script);
	each_op(script, script_say_operation);
}
