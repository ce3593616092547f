/* SPDX-License-Identifier: MIT */
#include "explore/limits.h"

#include "explore/clock.h"
#include "explore/progress.h"
#include "explore/workers.h"

/* Reading the clock, or the counters that processes share, costs more than a step. */
static bool is_due(const struct search *search)
{
	return search->asked % 256 == 0;
}

bool search_is_late(struct search *search)
{
	struct mmref_result *result = search->result;

	if (search->deadline && search_clock() > search->deadline)
		result->bounded_by = "max-seconds";
	return result->bounded_by;
}

bool search_is_out_of_time(struct search *search)
{
	struct mmref_result *result = search->result;

	search_report_progress(search);
	search->asked++;
	if (search->sim->interrupted)
		result->bounded_by = "interrupted";
	return result->bounded_by || (is_due(search) && search_is_late(search));
}

bool search_time_is_up(struct search *search)
{
	search_report_progress(search);
	return search->sim->interrupted || search->sim->fault.end.reason ||
	       (search->deadline && search_clock() > search->deadline);
}

bool search_is_cut_short(struct search *search)
{
	const struct mmref_options *options = search->options;
	struct mmref_result *result = search->result;

	if (search->workers && options->max_states && is_due(search))
		visited_count(&search->visited);
	if (!search_is_out_of_time(search) && options->max_states &&
	    search->visited.states >= options->max_states)
		result->bounded_by = "max-states";
	return result->bounded_by || workers_stopped(search);
}

void mmref_interrupt(struct mmref_sim *sim)
{
	if (!sim)
		return;
	sim->interrupted = 1;
}
