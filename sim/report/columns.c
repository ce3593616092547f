/* SPDX-License-Identifier: MIT */
#include "report/columns.h"

#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>

#define GAP	  1	 /* blanks between pages */
#define GONE	  "gone" /* for a refcount: there is no struct page to look at */
#define PIN_UNITS 1024	 /* of the count, for each pin of a page of order 0 */

static const char *const heads[NR_CELLS] = {
	[CELL_REF] = "ref", [CELL_MAP] = "map",	  [CELL_PTE] = "pte",
	[CELL_PIN] = "pin", [CELL_INODE] = "ino", [CELL_DIRTY] = "dirty",
};

/* What the looks through a run found. */
struct survey {
	struct columns *columns;
	struct history history;
	bool *changes; /* of each page: its counts do */
	int violated;  /* the page that the gravest violation is about, or -1 */
	enum mmref_violation violation;
	bool varies[NR_CELLS], counts[NR_CELLS]; /* differs between steps; is not 0 */
	bool unmapped;				 /* a mapcount is not what page tables say */
};

/* --- one page --------------------------------------------------------------- */

static void mapping_text(const struct mmref_page *page, char *text)
{
	if (page->mapping > 0)
		snprintf(text, CELL_TEXT, "%d", page->mapping);
	else
		strcpy(text, page->mapping ? "anon" : "-");
}

static const char *dirty_text(const struct page_inside *inside)
{
	if (inside->unflushed)
		return inside->marked_dirty ? "both" : "store";
	return inside->marked_dirty ? "mark" : "-";
}

static void look_at(const struct page_look *look, struct page_cells *cells)
{
	const struct mmref_page *page = &look->page;
	int units = page->held[HELD_BY_PIN];

	memset(cells, 0, sizeof(*cells));
	strcpy(cells->text[CELL_DIRTY], dirty_text(&look->inside));
	snprintf(cells->text[CELL_PTE], CELL_TEXT, "%d", page->mapped);
	/* A pin is many units of an order-0 page, one of a large folio, whatever becomes of that. */
	snprintf(cells->text[CELL_PIN], CELL_TEXT, "%d", units / PIN_UNITS + units % PIN_UNITS);
	if (!page->present) {
		strcpy(cells->text[CELL_REF], GONE);
		strcpy(cells->text[CELL_MAP], "-");
		strcpy(cells->text[CELL_INODE], "-");
		return;
	}
	snprintf(cells->text[CELL_REF], CELL_TEXT, "%d", page->refcount);
	snprintf(cells->text[CELL_MAP], CELL_TEXT, "%d", page->mapcount);
	mapping_text(page, cells->text[CELL_INODE]);
}

void columns_start(struct columns *columns, const struct history *history)
{
	columns_step(columns, history);
	columns_step(columns, history);
}

void columns_step(struct columns *columns, const struct history *history)
{
	struct page_cells *was = columns->now;

	columns->now = columns->before;
	columns->before = was;
	for (unsigned int i = 0; i < history->nr_pages; i++)
		look_at(&history->pages[i], &columns->now[i]);
}

/* --- which, and how wide ------------------------------------------------------ */

static void survey_page(struct survey *survey, unsigned int i)
{
	const struct page_cells *now = &survey->columns->now[i];
	const struct page_cells *before = &survey->columns->before[i];

	for (int cell = 0; cell < NR_CELLS; cell++) {
		bool differs = strcmp(now->text[cell], before->text[cell]) != 0;

		survey->varies[cell] |= differs;
		survey->counts[cell] |= strcmp(now->text[cell], "0") != 0;
		survey->changes[i] |= differs && cell != CELL_DIRTY;
		if (survey->columns->width[cell] < strlen(now->text[cell]))
			survey->columns->width[cell] = strlen(now->text[cell]);
	}
	survey->unmapped |= strcmp(now->text[CELL_MAP], now->text[CELL_PTE]) &&
			    strcmp(now->text[CELL_REF], GONE);
}

static void survey_pages(struct survey *survey)
{
	columns_step(survey->columns, &survey->history);
	for (unsigned int i = 0; i < survey->history.nr_pages; i++)
		survey_page(survey, i);
}

static void on_step(void *cookie, size_t number, int task, const struct mmref_step *step)
{
	struct survey *survey = cookie;

	(void)number;
	history_step(&survey->history, task, step, NULL);
	survey_pages(survey);
}

static void on_violation(void *cookie, int task, const struct mmref_found *found)
{
	struct survey *survey = cookie;

	(void)task;
	if (survey->violation != MMREF_NONE && survey->violation <= found->violation)
		return;
	survey->violation = found->violation;
	survey->violated = found->page;
}

static size_t page_width(const struct columns *columns)
{
	size_t width = 0;

	for (int cell = 0; cell < NR_CELLS; cell++)
		if (columns->has[cell])
			width += columns->width[cell] + 1;
	return width + GAP;
}

static void choose_cells(const struct survey *survey)
{
	struct columns *columns = survey->columns;

	columns->has[CELL_REF] = columns->has[CELL_MAP] = true;
	columns->has[CELL_PTE] = survey->unmapped && survey->counts[CELL_PTE];
	columns->has[CELL_PIN] = survey->counts[CELL_PIN];
	columns->has[CELL_INODE] = survey->varies[CELL_INODE];
	columns->has[CELL_DIRTY] = survey->violation == MMREF_DIRTY_LOST;
	for (int cell = 0; cell < NR_CELLS; cell++)
		if (columns->width[cell] < strlen(heads[cell]))
			columns->width[cell] = strlen(heads[cell]);
}

/* The page that is wrong, and as many of those that change as there is room for. */
static void choose_pages(const struct survey *survey, size_t room)
{
	struct columns *columns = survey->columns;
	unsigned int most = (unsigned int)(room / page_width(columns)), others;

	if (most < 1)
		most = 1;
	others = survey->violated >= 0 ? most - 1 : most;
	for (unsigned int i = 0; i < survey->history.nr_pages; i++) {
		if ((int)i != survey->violated && (!survey->changes[i] || !others))
			continue;
		others -= (int)i != survey->violated;
		columns->page[columns->nr_shown++] = i;
	}
}

static bool make_room(struct columns *columns, struct survey *survey)
{
	size_t nr = survey->history.nr_pages + 1;

	columns->now = calloc(nr, sizeof(*columns->now));
	columns->before = calloc(nr, sizeof(*columns->before));
	columns->page = calloc(nr, sizeof(*columns->page));
	survey->changes = calloc(nr, sizeof(*survey->changes));
	return columns->now && columns->before && columns->page && survey->changes;
}

bool columns_begin(struct columns *columns, struct mmref_sim *sim,
		   const struct mmref_schedule *schedule, size_t room)
{
	struct survey survey = { .columns = columns, .violated = -1 };
	struct mmref_observer observer = {
		.cookie = &survey,
		.step = on_step,
		.violation = on_violation,
	};
	bool found_room;

	memset(columns, 0, sizeof(*columns));
	mmref_rewind(sim);
	history_begin(&survey.history, sim);
	found_room = make_room(columns, &survey);
	if (found_room) {
		columns_start(columns, &survey.history);
		survey_pages(&survey);
		mmref_replay(sim, schedule, &observer);
		choose_cells(&survey);
		choose_pages(&survey, room);
	}
	history_end(&survey.history);
	free(survey.changes);
	return found_room;
}

void columns_end(struct columns *columns)
{
	free(columns->now);
	free(columns->before);
	free(columns->page);
}

bool columns_show(const struct columns *columns, unsigned int page)
{
	for (unsigned int i = 0; i < columns->nr_shown; i++)
		if (columns->page[i] == page)
			return true;
	return false;
}

bool columns_changed(const struct columns *columns, unsigned int page, enum cell cell)
{
	return columns_show(columns, page) && columns->has[cell] &&
	       strcmp(columns->now[page].text[cell], columns->before[page].text[cell]);
}

/* --- on paper ----------------------------------------------------------------- */

size_t columns_width(const struct columns *columns)
{
	return columns->nr_shown * page_width(columns);
}

void columns_print_heads(const struct columns *columns, FILE *out, int indent)
{
	int width = (int)page_width(columns);
	char name[32];

	if (!columns->nr_shown)
		return;
	fprintf(out, "%*s", indent, "");
	for (unsigned int i = 0; i < columns->nr_shown; i++) {
		snprintf(name, sizeof(name), "page %u", columns->page[i]);
		fprintf(out, "%-*s", i + 1 < columns->nr_shown ? width : 0, name);
	}
	fprintf(out, "\n%*s", indent, "");
	for (unsigned int i = 0; i < columns->nr_shown; i++) {
		int gap = i ? GAP + 1 : 0;

		for (int cell = 0; cell < NR_CELLS; cell++) {
			if (!columns->has[cell])
				continue;
			fprintf(out, "%*s%*s", gap, "", (int)columns->width[cell], heads[cell]);
			gap = 1;
		}
	}
	fputc('\n', out);
}

static void print_cell(FILE *out, const char *text, bool changed, int width)
{
	fprintf(out, "%s%*s%s%s", changed ? terminal_bold(out) : "", width, text,
		changed ? "*" : " ", changed ? terminal_plain(out) : "");
}

void columns_print(const struct columns *columns, FILE *out)
{
	for (unsigned int i = 0; i < columns->nr_shown; i++) {
		unsigned int page = columns->page[i];

		for (int cell = 0; cell < NR_CELLS; cell++)
			if (columns->has[cell])
				print_cell(out, columns->now[page].text[cell],
					   columns_changed(columns, page, cell),
					   (int)columns->width[cell]);
		fprintf(out, "%*s", GAP, "");
	}
}
