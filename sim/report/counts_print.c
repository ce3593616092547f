/* SPDX-License-Identifier: MIT */
#include "report/counts.h"
#include "report/json.h"
#include "report/outcome.h"
#include "report/text.h"

#include <string.h>

#define TEXT_SIZE	256
#define OPERATION_WIDTH	38
#define CELL_WIDTH	24

/* "1/0  base 1": refcount and mapcount, and who holds how much of the first. */
static void page_text(const struct mmref_page *page, char *text)
{
	const char *before = "  ";

	text[0] = '\0';
	if (!page->present) {
		text_append(text, TEXT_SIZE, "memmap gone");
		return;
	}
	text_append(text, TEXT_SIZE, "%d/%d", page->refcount, page->mapcount);
	for (int i = 0; i < MMREF_NR_HOLDERS; i++) {
		if (!page->held[i])
			continue;
		text_append(text, TEXT_SIZE, "%s%s %d", before,
			    mmref_holder_name((enum mmref_holder)i), page->held[i]);
		before = ", ";
	}
}

/* @operation may be NULL, where the run ended before it. */
static void end_text(const struct counted_operation *operation, char *text)
{
	char came[OUTCOME_TEXT];

	text[0] = '\0';
	if (!operation) {
		text_append(text, TEXT_SIZE, "not reached");
		return;
	}
	switch (operation->end) {
	case OPERATION_RETURNED:
		outcome_words(&operation->outcome, came);
		text_append(text, TEXT_SIZE, "%s", came);
		break;
	case OPERATION_ASLEEP:
		text_append(text, TEXT_SIZE, "sleeps in %s()",
			    operation->site ? mmref_site_function(operation->site) : "?");
		break;
	case OPERATION_VIOLATED:
		text_append(text, TEXT_SIZE, "%s", mmref_violation_name(operation->violation));
		break;
	case OPERATION_UNFINISHED:
		text_append(text, TEXT_SIZE, "does not return");
		break;
	}
}

/* A row of two cells, the second of which may be as long as it likes. */
static void print_row(FILE *out, const char *what, const char *page, const char *a, const char *b)
{
	fprintf(out, "%-*s  %-8s  %-*s  %s\n", OPERATION_WIDTH, what, page, CELL_WIDTH, a, b);
}

static bool same_counts(const struct mmref_page *a, const struct mmref_page *b)
{
	return a->present == b->present && a->refcount == b->refcount &&
	       a->mapcount == b->mapcount && !memcmp(a->held, b->held, sizeof(a->held));
}

static void print_page(FILE *out, const char *what, unsigned int i, const struct mmref_page *a,
		       const struct mmref_page *b)
{
	char number[32], in_a[TEXT_SIZE], in_b[TEXT_SIZE] = "";

	snprintf(number, sizeof(number), "page %u", i);
	page_text(a, in_a);
	if (b)
		page_text(b, in_b);
	print_row(out, what, number, in_a, in_b);
}

/* That both did what they were asked to goes without saying. */
static bool end_is_plain(const struct counted_operation *in_a, const struct counted_operation *in_b)
{
	return in_a->end == OPERATION_RETURNED && !outcome_is_failure(&in_a->outcome) && in_b &&
	       counts_end_alike(in_a, in_b);
}

/* One operation: how it ended where that is worth a word, and the pages it changed. */
static void print_operation(FILE *out, const char *what, unsigned int nr_pages,
			    const struct counted_operation *in_a, const struct mmref_page *was_a,
			    const struct counted_operation *in_b, const struct mmref_page *was_b)
{
	char end_a[TEXT_SIZE], end_b[TEXT_SIZE];
	bool told = false;

	for (unsigned int i = 0; i < nr_pages; i++) {
		if (same_counts(&in_a->page[i], &was_a[i]) &&
		    (!in_b || same_counts(&in_b->page[i], &was_b[i])))
			continue;
		print_page(out, told ? "" : what, i, &in_a->page[i],
			   in_b ? &in_b->page[i] : NULL);
		told = true;
	}
	if (told && end_is_plain(in_a, in_b))
		return;
	end_text(in_a, end_a);
	end_text(in_b, end_b);
	print_row(out, told ? "" : what, "", end_a, end_b);
}

static const char *run_text(const struct counts *counts)
{
	return counts->violation == MMREF_NONE ? "no violation" :
	       mmref_violation_name(counts->violation);
}

void print_counts(FILE *out, const struct counts *a, const struct counts *b)
{
	const struct mmref_page *was_a = a->first_page, *was_b = b->first_page;
	unsigned int nr_pages = a->nr_pages < b->nr_pages ? a->nr_pages : b->nr_pages;

	print_row(out, "refcount/mapcount, and who holds it", "", a->rules->name, b->rules->name);
	for (unsigned int i = 0; i < nr_pages; i++)
		print_page(out, i ? "" : "before", i, &a->first_page[i], &b->first_page[i]);

	for (size_t i = 0; i < a->nr_operations; i++) {
		const struct counted_operation *in_a = &a->operation[i];
		const struct counted_operation *in_b = counts_find(b, in_a);
		char what[TEXT_SIZE] = "";

		text_append(what, TEXT_SIZE, "%-8s %s", in_a->task_name, in_a->name);
		print_operation(out, what, nr_pages, in_a, was_a, in_b, was_b);
		was_a = in_a->page;
		if (in_b)
			was_b = in_b->page;
	}
	if (a->violation != MMREF_NONE || b->violation != MMREF_NONE)
		print_row(out, "the run", "", run_text(a), run_text(b));
}

/* Of the wider of two names, and at least 10. */
static int name_width(const char *a, const char *b)
{
	size_t width = strlen(a) > strlen(b) ? strlen(a) : strlen(b);

	return width > 10 ? (int)width : 10;
}

/* The two beside each other, below what was said of them. */
static void print_both(FILE *out, const struct counts *a, const char *text_a,
		       const struct counts *b, const char *text_b)
{
	int width = name_width(a->rules->name, b->rules->name);

	fprintf(out, "  %-*s %s\n  %-*s %s\n", width, a->rules->name, text_a, width,
		b->rules->name, text_b);
}

static void print_difference_before(FILE *out, const struct counts *a, const struct counts *b,
				    int page)
{
	char text_a[TEXT_SIZE], text_b[TEXT_SIZE];

	page_text(&a->first_page[page], text_a);
	page_text(&b->first_page[page], text_b);
	fprintf(out, "They differ before the first operation, at page %d\n", page);
	print_both(out, a, text_a, b, text_b);
}

void print_first_difference(FILE *out, const struct counts *a, const struct counts *b)
{
	int page, before = counts_differ_before(a, b);
	const struct counted_operation *in_a = counts_differ(a, b, &page), *in_b;
	char text_a[TEXT_SIZE], text_b[TEXT_SIZE];

	if (before >= 0)
		print_difference_before(out, a, b, before);
	if (!in_a) {
		fprintf(out, "No operation differs%s.\n",
			before < 0 ? ", but for the count a free page has" : "");
		return;
	}
	in_b = counts_find(b, in_a);
	fprintf(out, "The first difference: %s, by %s", in_a->name, in_a->task_name);
	if (page < 0) {
		end_text(in_a, text_a);
		end_text(in_b, text_b);
		fprintf(out, "\n");
	} else {
		page_text(&in_a->page[page], text_a);
		page_text(&in_b->page[page], text_b);
		fprintf(out, ", at page %d\n", page);
	}
	print_both(out, a, text_a, b, text_b);
}

/* --- JSON ------------------------------------------------------------------ */

void json_counts(FILE *out, const struct counts *counts)
{
	for (size_t i = 0; i < counts->nr_operations; i++) {
		const struct counted_operation *operation = &counts->operation[i];
		cJSON *object = cJSON_CreateObject(), *pages;
		char end[TEXT_SIZE];

		end_text(operation, end);
		json_add_text(object, "rules", counts->rules->name);
		json_add_text(object, "task", operation->task_name);
		json_add_text(object, "operation", operation->name);
		json_add_text(object, "end", end);
		pages = cJSON_AddArrayToObject(object, "pages");
		for (unsigned int p = 0; p < counts->nr_pages; p++)
			cJSON_AddItemToArray(pages, json_page(&operation->page[p]));
		json_line(out, object);
	}
}

cJSON *json_difference(const struct counts *a, const struct counts *b)
{
	int page;
	const struct counted_operation *in_a = counts_differ(a, b, &page);
	cJSON *difference;

	if (!in_a)
		return cJSON_CreateNull();
	difference = cJSON_CreateObject();
	json_add_text(difference, "task", in_a->task_name);
	cJSON_AddNumberToObject(difference, "lane", in_a->task);
	json_add_text(difference, "operation", in_a->name);
	cJSON_AddNumberToObject(difference, "nth", in_a->nth);
	if (page < 0)
		cJSON_AddNullToObject(difference, "page");
	else
		cJSON_AddNumberToObject(difference, "page", page);
	return difference;
}

void json_first_difference(FILE *out, const struct counts *a, const struct counts *b)
{
	cJSON *object = cJSON_CreateObject();
	int before = counts_differ_before(a, b);

	cJSON_AddItemToObject(object, "first_difference", json_difference(a, b));
	if (before >= 0)
		cJSON_AddNumberToObject(object, "page_before", before);
	json_line(out, object);
}
