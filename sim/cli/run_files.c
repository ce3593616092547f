/* SPDX-License-Identifier: MIT */
/* A run as files: to be taken again, for a browser, as a trace. */
#include "cli/cli.h"
#include "report/page.h"
#include "report/schedule.h"
#include "report/trace.h"

#include <errno.h>
#include <string.h>

typedef bool write_run(const char *file, const struct verdict *verdict, struct mmref_sim *sim,
		       const struct mmref_schedule *schedule);

static bool write_schedule(const char *file, const struct verdict *verdict, struct mmref_sim *sim,
			   const struct mmref_schedule *schedule)
{
	return schedule_save(file, verdict->program->file, verdict->rules->name, sim, schedule);
}

static bool write_page(const char *file, const struct verdict *verdict, struct mmref_sim *sim,
		       const struct mmref_schedule *schedule)
{
	cJSON *runs = cJSON_CreateArray();

	cJSON_AddItemToArray(runs, page_run(verdict, sim, schedule));
	return page_save(file, runs, NULL);
}

static bool write_trace(const char *file, const struct verdict *verdict, struct mmref_sim *sim,
			const struct mmref_schedule *schedule)
{
	return trace_save(file, page_run(verdict, sim, schedule));
}

enum status write_run_files(const struct verdict *verdict, struct mmref_sim *sim,
			    const struct mmref_schedule *schedule, const struct options *options)
{
	const struct {
		const char *file;
		write_run *write;
	} wanted[] = {
		{ options->save, write_schedule },
		{ options->html, write_page },
		{ options->trace, write_trace },
	};
	enum status status = STATUS_EXPECTED;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!wanted[i].file || wanted[i].write(wanted[i].file, verdict, sim, schedule))
			continue;
		complain("%s: %s", wanted[i].file, strerror(errno));
		status = STATUS_BAD_USAGE;
	}
	return status;
}
