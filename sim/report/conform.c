/* SPDX-License-Identifier: MIT */
#include "report/conform.h"

#include "report/json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NAMED	64	/* files of one scenario */
#define TEXT_SIZE	1024

/* A mapping of the model, and how the recording calls it. */
struct naming {
	int inode;
	const char *name;
	bool gone;			/* another inode has the name now */
};

struct namings {
	struct naming naming[MOST_NAMED];
	unsigned int nr;
};

/* A scenario being compared. */
struct comparing {
	struct conform *conform;
	const char *scenario;
	struct namings in_scenario;	/* an inode keeps its name */
	struct namings in_checkpoint;	/* and no two have one name at one time */
	char checkpoint[TEXT_SIZE];	/* that ->in_checkpoint is of */
	char place[TEXT_SIZE];		/* the checkpoint that outcomes are recorded after */
};

static void __attribute__((format(printf, 2, 3))) append(char *text, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, TEXT_SIZE - length, format, args);
	va_end(args);
}

/* --- mappings up to renaming ---------------------------------------------------- */

static const struct naming *naming_of(const struct namings *namings, int inode)
{
	for (unsigned int i = 0; i < namings->nr; i++)
		if (namings->naming[i].inode == inode)
			return &namings->naming[i];
	return NULL;
}

static bool name_taken(const struct namings *namings, const char *name)
{
	for (unsigned int i = 0; i < namings->nr; i++)
		if (!strcmp(namings->naming[i].name, name))
			return true;
	return false;
}

static bool give_name(struct namings *namings, int inode, const char *name)
{
	if (namings->nr == MOST_NAMED)
		return false;
	for (unsigned int i = 0; i < namings->nr; i++)
		namings->naming[i].gone |= !strcmp(namings->naming[i].name, name);
	namings->naming[namings->nr++] = (struct naming){ .inode = inode, .name = name };
	return true;
}

/*
 * A recording names a mapping after its address, so a new inode may get the name of an evicted
 * one, which is not seen again.
 */
static bool same_mapping(struct comparing *comparing, int inode, const char *name)
{
	const struct naming *known;

	if (!strcmp(name, "-"))
		return inode == 0;
	if (!strcmp(name, "ANON"))
		return inode < 0;
	if (inode <= 0)
		return false;

	known = naming_of(&comparing->in_scenario, inode);
	if (known ? known->gone || strcmp(known->name, name) != 0 :
		    !give_name(&comparing->in_scenario, inode, name))
		return false;

	known = naming_of(&comparing->in_checkpoint, inode);
	if (known)
		return !strcmp(known->name, name);
	return !name_taken(&comparing->in_checkpoint, name) &&
	       give_name(&comparing->in_checkpoint, inode, name);
}

/* The tables of outcomes know no checkpoint whose name has a blank: they keep the one before. */
static const char *recorded_place(struct comparing *comparing, const char *checkpoint)
{
	if (!strchr(checkpoint, ' '))
		snprintf(comparing->place, TEXT_SIZE, "%s", checkpoint);
	return comparing->place;
}

/* --- pages ----------------------------------------------------------------------- */

static void print_page(const struct comparing *comparing, const char *checkpoint,
		       const char *page, const char *difference)
{
	struct conform *conform = comparing->conform;
	cJSON *object;

	conform->sum.rows++;
	conform->sum.rows_equal += !difference;
	if (conform->json) {
		object = cJSON_CreateObject();
		json_add_text(object, "kernel", conform->kernel);
		json_add_text(object, "scenario", comparing->scenario);
		json_add_text(object, "checkpoint", checkpoint);
		json_add_text(object, "page", page);
		cJSON_AddBoolToObject(object, "equal", !difference);
		json_add_text(object, "difference", difference);
		json_line(conform->out, object);
	} else if (difference) {
		fprintf(conform->out, "%s %s %s %s: %s\n", conform->kernel, comparing->scenario,
			checkpoint, page, difference);
	}
}

static void compare_number(char *difference, const char *name, long model,
			   const struct recorded_number *recorded)
{
	if (recorded->told && recorded->value != model)
		append(difference, "%s%s %ld, recorded %ld", difference[0] ? "; " : "", name,
		       model, recorded->value);
}

static void compare_page(struct comparing *comparing, const struct recorded_page *recorded,
			 const struct mmref_page *page, char *difference)
{
	const char kind[] = { page->present ? page->kind : 'U', '\0' };

	difference[0] = '\0';
	if (strcmp(kind, recorded->kind))
		append(difference, "kind %s, recorded %s", kind, recorded->kind);
	if (!page->present)
		return;
	compare_number(difference, "refcount", page->refcount, &recorded->refcount);
	if (page->kind == 'T')
		return;
	compare_number(difference, "mapcount", page->mapcount, &recorded->mapcount);
	if (recorded->mapping[0] && !same_mapping(comparing, page->mapping, recorded->mapping))
		append(difference, "%smapping %s %d, recorded %s", difference[0] ? "; " : "",
		       page->mapping > 0 ? "of inode" : "none:", page->mapping, recorded->mapping);
	compare_number(difference, "index_share", (long)page->index, &recorded->index);
	if (page->kind != 'H')
		return;
	compare_number(difference, "order", page->order, &recorded->order);
	compare_number(difference, "large", page->large_mapcount, &recorded->large);
	compare_number(difference, "entire", page->entire_mapcount, &recorded->entire);
	compare_number(difference, "nr_mapped", page->nr_pages_mapped, &recorded->nr_mapped);
	compare_number(difference, "pincount", page->pincount, &recorded->pincount);
}

static struct recorded_page *find_page(const struct comparing *comparing, const char *checkpoint,
				       const char *name)
{
	struct recording *recording = comparing->conform->recording;

	for (size_t i = 0; i < recording->nr_pages; i++) {
		struct recorded_page *page = &recording->page[i];

		if (!page->met && !strcmp(page->name, name) &&
		    !strcmp(page->scenario, comparing->scenario) &&
		    !strcmp(page->checkpoint, checkpoint))
			return page;
	}
	return NULL;
}

static void on_page(void *cookie, const char *checkpoint, const char *name,
		    const struct mmref_page *page)
{
	struct comparing *comparing = cookie;
	struct recorded_page *recorded = find_page(comparing, checkpoint, name);
	char difference[TEXT_SIZE];

	recorded_place(comparing, checkpoint);
	if (strcmp(comparing->checkpoint, checkpoint)) {
		snprintf(comparing->checkpoint, TEXT_SIZE, "%s", checkpoint);
		comparing->in_checkpoint.nr = 0;
	}
	if (!recorded) {
		print_page(comparing, checkpoint, name, "the recording has no such row");
		return;
	}
	recorded->met = true;
	compare_page(comparing, recorded, page, difference);
	print_page(comparing, checkpoint, recorded->name, difference[0] ? difference : NULL);
}

/* --- outcomes -------------------------------------------------------------------- */

/* The call chain of @outcome: at least the function of its site, empty without a site. */
static void model_calls(const struct conform *conform, const struct mmref_outcome *outcome,
			struct call_chain *calls)
{
	calls->nr = 0;
	if (!outcome->site)
		return;
	if (outcome->stack && conform->name_calls)
		conform->name_calls(conform->namer, outcome->stack, calls);
	call_chain_keep_kernel(calls, outcome->site);
}

static void append_calls(char *text, const struct call_chain *calls)
{
	for (unsigned int i = 0; i < calls->nr; i++)
		append(text, "%s%s", i ? "<" : "", calls->name[i]);
}

/* In the words of a recording. */
static void outcome_text(const struct mmref_outcome *outcome, const struct call_chain *calls,
			 char *text)
{
	text[0] = '\0';
	switch (outcome->kind) {
	case MMREF_OUTCOME_DONE:
		append(text, "done (%d)", outcome->value);
		break;
	case MMREF_OUTCOME_READ:
		append(text, "ok-read(0x%02x)", (unsigned int)outcome->value);
		break;
	case MMREF_OUTCOME_WROTE:
		append(text, "ok-wrote");
		break;
	case MMREF_OUTCOME_ERROR:
		append(text, "-1 %s", strerror(-outcome->value));
		break;
	case MMREF_OUTCOME_SIGBUS:
		append(text, "SIGBUS");
		break;
	case MMREF_OUTCOME_BLOCKED:
		append(text, "blocked %c in ", outcome->state);
		append_calls(text, calls);
		break;
	case MMREF_OUTCOME_DIED:
		append(text, "died");
		break;
	case MMREF_OUTCOME_WARNING:
		append(text, "kernel-warning in ");
		append_calls(text, calls);
		break;
	case MMREF_OUTCOME_OOPS:
		append(text, "kernel-oops in ");
		append_calls(text, calls);
		break;
	}
}

/* Does the recording name @function anywhere? Then that kernel did not inline it. */
static bool named_by_recording(const struct recording *recording, const char *function)
{
	struct call_chain calls;

	for (size_t i = 0; i < recording->nr_outcomes; i++) {
		call_chain_read(&calls, recording->outcome[i].calls);
		if (call_chain_find(&calls, 0, function) >= 0)
			return true;
	}
	return false;
}

/* A kernel log names one function; what the model called below it was inlined there. */
static bool same_function(const struct recording *recording, const struct call_chain *recorded,
			  const struct call_chain *model)
{
	int place = call_chain_find(model, 0, recorded->name[0]);

	for (int i = 0; i < place; i++)
		if (named_by_recording(recording, model->name[i]))
			return false;
	return place >= 0;
}

/*
 * A task sleeps in any function of the recorded chain, not only in the innermost one: that may
 * be a callback of the wait which only calls schedule().
 */
static bool same_calls(const struct recording *recording, const struct recorded_outcome *outcome,
		       const struct call_chain *model)
{
	struct call_chain recorded;

	call_chain_read(&recorded, outcome->calls);
	if (!recorded.nr)
		return true;
	if (!model->nr || !call_chain_same_order(&recorded, model))
		return false;
	if (outcome->kind == MMREF_OUTCOME_BLOCKED)
		return call_chain_find(&recorded, 0, model->name[0]) >= 0;
	return same_function(recording, &recorded, model);
}

static bool same_value(const struct recorded_outcome *recorded,
		       const struct mmref_outcome *outcome)
{
	return !recorded->value.told || recorded->value.value == outcome->value;
}

static bool returned(const struct mmref_outcome *outcome)
{
	return outcome->kind == MMREF_OUTCOME_DONE || outcome->kind == MMREF_OUTCOME_READ ||
	       outcome->kind == MMREF_OUTCOME_WROTE;
}

static bool same_outcome(const struct recording *recording,
			 const struct recorded_outcome *recorded,
			 const struct mmref_outcome *outcome, const struct call_chain *calls)
{
	/* A recorder tells of most calls only that they returned, and how much. */
	if (recorded->kind == MMREF_OUTCOME_DONE)
		return returned(outcome) && (!outcome->value || same_value(recorded, outcome));
	/* What a read() of a pipe returned is what it read. */
	if (recorded->kind == MMREF_OUTCOME_READ && outcome->kind == MMREF_OUTCOME_DONE)
		return same_value(recorded, outcome);
	if (recorded->kind != outcome->kind)
		return false;

	switch (recorded->kind) {
	case MMREF_OUTCOME_READ:
		return same_value(recorded, outcome);
	case MMREF_OUTCOME_ERROR:
		return !strcmp(recorded->detail, strerror(-outcome->value));
	case MMREF_OUTCOME_BLOCKED:
		return recorded->state == outcome->state &&
		       same_calls(recording, recorded, calls);
	case MMREF_OUTCOME_WARNING:
	case MMREF_OUTCOME_OOPS:
		return same_calls(recording, recorded, calls);
	default:
		return true;
	}
}

static void print_outcome(const struct comparing *comparing, const char *checkpoint,
			  const char *operation, const char *model, const char *recorded,
			  bool equal)
{
	struct conform *conform = comparing->conform;
	cJSON *object;

	conform->sum.outcomes++;
	conform->sum.outcomes_equal += equal;
	if (conform->json) {
		object = cJSON_CreateObject();
		json_add_text(object, "kernel", conform->kernel);
		json_add_text(object, "scenario", comparing->scenario);
		json_add_text(object, "after_checkpoint", checkpoint);
		json_add_text(object, "operation", operation);
		json_add_text(object, "model", model);
		json_add_text(object, "recorded", recorded);
		cJSON_AddBoolToObject(object, "equal", equal);
		json_line(conform->out, object);
	} else if (!equal) {
		fprintf(conform->out, "%s %s after %s, %s: %s, recorded %s\n", conform->kernel,
			comparing->scenario, checkpoint, operation,
			model ? model : "the model tells nothing of it",
			recorded ? recorded : "nothing");
	}
}

static struct recorded_outcome *find_outcome(const struct comparing *comparing,
					     const char *checkpoint, const char *label)
{
	struct recording *recording = comparing->conform->recording;

	for (size_t i = 0; i < recording->nr_outcomes; i++) {
		struct recorded_outcome *outcome = &recording->outcome[i];

		if (!outcome->met && !strcmp(outcome->scenario, comparing->scenario) &&
		    !strcmp(outcome->checkpoint, checkpoint) &&
		    !strcmp(outcome->operation, label))
			return outcome;
	}
	return NULL;
}

/* Operations without a label set the stage; no recorder told of them. */
static void on_outcome(void *cookie, const char *checkpoint, const char *label,
		       const struct mmref_outcome *outcome)
{
	struct comparing *comparing = cookie;
	struct recorded_outcome *recorded;
	struct call_chain calls;
	char model[TEXT_SIZE];

	if (!label)
		return;
	checkpoint = recorded_place(comparing, checkpoint);
	recorded = find_outcome(comparing, checkpoint, label);
	model_calls(comparing->conform, outcome, &calls);
	outcome_text(outcome, &calls, model);
	if (!recorded) {
		print_outcome(comparing, checkpoint, label, model, NULL, false);
		return;
	}
	recorded->met = true;
	print_outcome(comparing, checkpoint, label, model, recorded->text,
		      same_outcome(comparing->conform->recording, recorded, outcome, &calls));
}

/* --- a scenario ------------------------------------------------------------------ */

bool conform_recorded(const struct conform *conform, const char *name)
{
	const struct recording *recording = conform->recording;

	for (size_t i = 0; i < recording->nr_pages; i++)
		if (!strcmp(recording->page[i].scenario, name))
			return true;
	for (size_t i = 0; i < recording->nr_outcomes; i++)
		if (!strcmp(recording->outcome[i].scenario, name))
			return true;
	return false;
}

/* A recording is compared as often as one likes. */
static void forget_met(struct recording *recording)
{
	for (size_t i = 0; i < recording->nr_pages; i++)
		recording->page[i].met = false;
	for (size_t i = 0; i < recording->nr_outcomes; i++)
		recording->outcome[i].met = false;
}

static void print_unmet(const struct comparing *comparing)
{
	const struct recording *recording = comparing->conform->recording;

	for (size_t i = 0; i < recording->nr_pages; i++) {
		const struct recorded_page *page = &recording->page[i];

		if (!page->met && !strcmp(page->scenario, comparing->scenario))
			print_page(comparing, page->checkpoint, page->name,
				   "the model tells nothing of it");
	}
	for (size_t i = 0; i < recording->nr_outcomes; i++) {
		const struct recorded_outcome *outcome = &recording->outcome[i];

		if (!outcome->met && !strcmp(outcome->scenario, comparing->scenario))
			print_outcome(comparing, outcome->checkpoint, outcome->operation, NULL,
				      outcome->text, false);
	}
}

bool conform_scenario(struct conform *conform, const char *name,
		      const struct mmref_program *program, const struct mmref_rules *rules)
{
	struct comparing *comparing = calloc(1, sizeof(*comparing));
	struct mmref_teller teller = {
		.cookie = comparing,
		.page = conform->recording->page ? on_page : NULL,
		.outcome = conform->recording->outcome ? on_outcome : NULL,
	};
	bool taken;

	if (!comparing)
		return false;
	comparing->conform = conform;
	comparing->scenario = name;
	forget_met(conform->recording);
	taken = !mmref_take_steps(program, rules, &teller);
	if (taken) {
		print_unmet(comparing);
		conform->sum.scenarios++;
	}
	free(comparing);
	return taken;
}

void conform_print_sum(const struct conform *conform, unsigned int without_script)
{
	const struct conform_sum *sum = &conform->sum;
	cJSON *object;

	if (!conform->json) {
		fprintf(conform->out, "%-8s rows %zu / %zu equal, outcomes %zu / %zu equal, in %u "
			"scenarios; %u more have no script\n", conform->kernel, sum->rows_equal,
			sum->rows, sum->outcomes_equal, sum->outcomes, sum->scenarios,
			without_script);
		return;
	}
	object = cJSON_CreateObject();
	json_add_text(object, "kernel", conform->kernel);
	cJSON_AddNumberToObject(object, "rows", (double)sum->rows);
	cJSON_AddNumberToObject(object, "rows_equal", (double)sum->rows_equal);
	cJSON_AddNumberToObject(object, "outcomes", (double)sum->outcomes);
	cJSON_AddNumberToObject(object, "outcomes_equal", (double)sum->outcomes_equal);
	cJSON_AddNumberToObject(object, "scenarios", sum->scenarios);
	cJSON_AddNumberToObject(object, "without_script", without_script);
	json_line(conform->out, object);
}
