/* SPDX-License-Identifier: MIT */
#include "report/run_end.h"

#include "report/text.h"
#include "report/wrap.h"

#define WHOSE_TEXT     160
#define HOLDING_INDENT 20

/* A run goes on after a warning, and may end in a graver violation. */
void run_end_violation(struct run_end *end, int task, const struct mmref_found *found)
{
	if (end->violated && end->violation <= found->violation)
		return;
	end->violated = true;
	end->violation = found->violation;
	end->site = found->site;
	end->why = found->why;
	end->page = found->page;
	end->task = task;
	end->loop = found->loop;
}

void run_end_asleep(struct run_end *end, int task, const struct mmref_site *site)
{
	if (end->nr_sleepers == MOST_TASKS)
		return;
	end->sleeper[end->nr_sleepers++] = (struct sleeper){ task, site };
}

static void print_violation(FILE *out, const struct run_end *end, struct mmref_sim *sim)
{
	char whose[WHOSE_TEXT] = "at the end of the run";

	print_wrapped(out, 2, "%s: %s", mmref_violation_name(end->violation),
		      mmref_violation_means(end->violation));
	if (end->task >= 0)
		snprintf(whose, sizeof(whose), "by %s", mmref_sim_task_name(sim, end->task));
	if (end->site)
		print_wrapped(out, 4, "  %s in %s(), %s:%d", whose,
			      mmref_site_function(end->site), source_path(end->site->file),
			      end->site->line);
	else
		print_wrapped(out, 4, "  %s", whose);
	if (end->why)
		print_wrapped(out, 4, "  %s", end->why);
	if (end->violation == MMREF_LIVELOCK)
		fprintf(out, "  from step %zu the run repeats\n", end->loop + 1);
}

static void print_holding(FILE *out, const struct holding *holding, struct mmref_sim *sim)
{
	const char *holder = mmref_holder_name(holding->holder);
	const char *operation = holding->operation ? holding->operation : "between operations";

	if (holding->task < 0)
		fprintf(out, "  %5d  %-10s from before the first step\n", holding->units, holder);
	else
		print_wrapped(out, HOLDING_INDENT,
			      "  %5d  %-10s taken by %s at step %zu, %s (%s:%d)", holding->units,
			      holder, mmref_sim_task_name(sim, holding->task), holding->number,
			      operation, source_path(holding->site->file), holding->site->line);
}

/* The ledger of page @i: each reference, and the step that took it. */
static void print_ledger(FILE *out, const struct holders *holders, unsigned int i,
			 struct mmref_sim *sim)
{
	const struct mmref_page *page = &holders->now[i];
	bool any = false;

	fputc('\n', out);
	print_wrapped(out, 2, "page %u (pfn %lu): refcount %d, mapcount %d, %d page table %s%s", i,
		      page->pfn, page->refcount, page->mapcount, page->mapped,
		      page->mapped == 1 ? "entry names it" : "entries name it",
		      page->present ? "" : "; its memmap is gone");
	for (size_t h = 0; h < holders->nr_holdings; h++) {
		if (holders->holdings[h].page != i)
			continue;
		print_holding(out, &holders->holdings[h], sim);
		any = true;
	}
	if (!any)
		fputs("  held by nobody\n", out);
}

static void print_sleepers(FILE *out, const struct run_end *end, struct mmref_sim *sim)
{
	if (!end->nr_sleepers)
		return;
	fputs("\nasleep for ever\n", out);
	for (unsigned int i = 0; i < end->nr_sleepers; i++) {
		const struct sleeper *sleeper = &end->sleeper[i];

		print_wrapped(out, 4, "  %-10s in %s(), %s, %s:%d",
			      mmref_sim_task_name(sim, sleeper->task),
			      mmref_site_function(sleeper->site), sleeper->site->verb,
			      source_path(sleeper->site->file), sleeper->site->line);
	}
}

/* The ledger of the page that the violation names, or those of @pages. */
static void print_ledgers(FILE *out, const struct run_end *end, const struct holders *holders,
			  struct mmref_sim *sim, const unsigned int *pages, unsigned int nr_pages)
{
	if (end->page >= 0) {
		if ((unsigned int)end->page < holders->nr_pages)
			print_ledger(out, holders, (unsigned int)end->page, sim);
		return;
	}
	for (unsigned int i = 0; i < nr_pages; i++)
		print_ledger(out, holders, pages[i], sim);
}

void print_run_end(FILE *out, const struct run_end *end, const struct holders *holders,
		  struct mmref_sim *sim, const unsigned int *pages, unsigned int nr_pages)
{
	fputc('\n', out);
	if (end->violated)
		print_violation(out, end, sim);
	else
		fputs("This run ends without a violation.\n", out);

	if (end->violated)
		print_ledgers(out, end, holders, sim, pages, nr_pages);
	print_sleepers(out, end, sim);
	if (holders->short_of_memory)
		fputs("\nThere was no memory to keep who holds what; not all of it is told.\n",
		      out);
}
