/* SPDX-License-Identifier: MIT */
#include "report/test_format.h"
#include <mmref/report.h>

#include <inttypes.h>
#include <stdlib.h>

#define WORD_TEXT	64

/* What there is to say of a verdict, in words. */
struct case_text {
	char word[WORD_TEXT];
	const char *verdict, *expected;
	enum judgement judgement;
	char *run;		/* the run that violates, as lines; NULL: none to show */
};

/* The run is told where somebody has to look into it. */
static char *run_text(const struct verdict *verdict, struct mmref_sim *sim)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!sim || !verdict->result.nr_found)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	mmref_print_run(out, sim, &verdict->result.found[0]);
	fclose(out);
	return text;
}

static void describe_case(struct case_text *text, const struct verdict *verdict,
			  struct mmref_sim *sim)
{
	text->verdict = verdict_word(&verdict->result, text->word, sizeof(text->word));
	text->expected = expectation_word(expectation_of(verdict->program, verdict->rules));
	text->judgement = judge_verdict(verdict);
	text->run = text->judgement == NOT_AS_EXPECTED ? run_text(verdict, sim) : NULL;
}

/* --- TAP ------------------------------------------------------------------------- */

/* A '#' would begin a directive, and a line break end the line. */
static void put_tap(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

static void put_diagnostics(FILE *out, const char *text)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins)
			fputs(*text == '\n' ? "#" : "# ", out);
		fputc(*text, out);
		begins = *text == '\n';
	}
	if (!begins)
		fputc('\n', out);
}

static void add_tap(struct test_report *report, const struct verdict *verdict,
		    const struct case_text *text)
{
	const struct mmref_result *result = &verdict->result;
	FILE *out = report->out;

	fprintf(out, "%s %zu ", text->judgement == NOT_AS_EXPECTED ? "not ok" : "ok", report->nr);
	put_tap(out, verdict->program->name);
	fputc(' ', out);
	put_tap(out, verdict->rules->name);
	if (text->judgement == CUT_SHORT)
		fprintf(out, " # SKIP %s", text->verdict);
	fprintf(out, "\n# verdict %s, expected %s, %" PRIu64 " states, %.3f seconds\n", text->verdict,
		text->expected, result->states, result->seconds);
	if (result->verdict == MMREF_ERROR && result->error)
		put_diagnostics(out, result->error);
	if (text->run)
		put_diagnostics(out, text->run);
	fflush(out);
}

/* --- JUnit ------------------------------------------------------------------------- */

/* XML has no control characters, not even escaped. */
static void put_xml(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc((unsigned char)*text < ' ' && *text != '\n' && *text != '\t' ? '?' :
										       *text, out);
		}
	}
}

/* <@element message="...">, the error and the run, </@element> */
static void put_element(FILE *out, const char *element, const struct verdict *verdict,
			const struct case_text *text)
{
	const char *error = verdict->result.verdict == MMREF_ERROR ? verdict->result.error : NULL;

	fprintf(out, "\n      <%s message=\"", element);
	put_xml(out, text->verdict);
	fputs(", expected ", out);
	put_xml(out, text->expected);
	fputs("\">", out);
	put_xml(out, error ? error : text->run ? text->run : "");
	fprintf(out, "</%s>\n    ", element);
}

static void add_junit(struct test_report *report, const struct verdict *verdict,
		      const struct case_text *text)
{
	FILE *out = report->cases;

	fputs("    <testcase classname=\"", out);
	put_xml(out, verdict->rules->name);
	fputs("\" name=\"", out);
	put_xml(out, verdict->program->name);
	fputs("\" file=\"", out);
	put_xml(out, verdict->program->file);
	fprintf(out, "\" time=\"%.3f\">", verdict->result.seconds);
	if (verdict->result.verdict == MMREF_ERROR)
		put_element(out, "error", verdict, text);
	else if (text->judgement == NOT_AS_EXPECTED)
		put_element(out, "failure", verdict, text);
	else if (text->judgement == CUT_SHORT)
		put_element(out, "skipped", verdict, text);
	fputs("</testcase>\n", out);
}

static void end_junit(struct test_report *report)
{
	fclose(report->cases);
	fprintf(report->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		"  <testsuite name=\"mmref\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"%zu\" time=\"%.3f\">\n%s  </testsuite>\n</testsuites>\n",
		report->nr, report->failed, report->errors, report->skipped, report->seconds,
		report->text ? report->text : "");
	free(report->text);
}

/* --- both --------------------------------------------------------------------------- */

bool test_report_begin(struct test_report *report, enum test_format format, FILE *out, size_t nr)
{
	*report = (struct test_report){ .format = format, .out = out };
	if (format == FORMAT_TAP)
		fprintf(out, "TAP version 14\n1..%zu\n", nr);
	if (format == FORMAT_JUNIT)
		report->cases = open_memstream(&report->text, &report->size);
	return format != FORMAT_JUNIT || report->cases;
}

void test_report_add(struct test_report *report, const struct verdict *verdict,
		     struct mmref_sim *sim)
{
	struct case_text text;

	if (report->format == FORMAT_TABLE)
		return;
	describe_case(&text, verdict, sim);
	report->nr++;
	report->seconds += verdict->result.seconds;
	if (verdict->result.verdict == MMREF_ERROR)
		report->errors++;
	else if (text.judgement == NOT_AS_EXPECTED)
		report->failed++;
	else if (text.judgement == CUT_SHORT)
		report->skipped++;
	if (report->format == FORMAT_TAP)
		add_tap(report, verdict, &text);
	else
		add_junit(report, verdict, &text);
	free(text.run);
}

void test_report_end(struct test_report *report)
{
	if (report->format == FORMAT_JUNIT)
		end_junit(report);
}
