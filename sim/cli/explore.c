/* SPDX-License-Identifier: MIT */
/*
 * One exploration at a time, ended by SIGINT with what it has found so far; where it
 * is kept to be gone on with, by SIGTERM, too.
 */
#include "cli/cli.h"
#include "cli/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct mmref_sim *volatile exploring;
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
	if (exploring)
		mmref_interrupt(exploring);
}

/*
 * SIGINT may come more than once: from the terminal, and from who started us. The
 * handler runs on a stack of its own: on a fiber's, its traces could tell equal
 * states apart.
 */
static void catch_interrupts(const struct mmref_checkpoint *checkpoint)
{
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART | SA_ONSTACK };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	if (checkpoint && checkpoint->file)
		sigaction(SIGTERM, &action, NULL);
}

/* Texts that verdicts keep: the last of them are read when the command ends. */
static const char *keep(const char *text)
{
	static struct kept {
		struct kept *next;
		char text[];
	} *all;
	struct kept *kept = malloc(sizeof(*kept) + strlen(text) + 1);

	if (!kept)
		return "the exploring failed";
	strcpy(kept->text, text);
	kept->next = all;
	all = kept;
	return kept->text;
}

static void complain_of_error(struct verdict *verdict, struct mmref_sim *sim)
{
	struct mmref_result *result = &verdict->result;
	const struct mmref_site *site = result->error_site;
	char text[640];

	if (result->fault.task >= 0) {
		fault_text(verdict, sim, text, sizeof(text));
		result->error = keep(text);
	}
	if (result->error_file && result->error_number)
		complain("%s: %s: %s", result->error_file, result->error,
			 strerror(result->error_number));
	else if (result->error_file)
		complain("%s: %s", result->error_file, result->error);
	else if (site)
		complain("%s under %s: %s: %s: %s, %s:%d", verdict->program->file,
			 verdict->rules->name, result->error, mmref_site_function(site),
			 site->verb, site->file, site->line);
	else
		complain("%s under %s: %s", verdict->program->file, verdict->rules->name,
			 result->error ? result->error : "the exploring failed");
}

static void fail_to_set_scene(struct verdict *verdict)
{
	char text[640];

	verdict->result.verdict = MMREF_ERROR;
	if (fault_text_of_scene(verdict->rules, text, sizeof(text)))
		verdict->result.error = keep(text);
	complain("%s under %s: %s", verdict->program->file, verdict->rules->name,
		 verdict->result.error);
}

void explore(struct verdict *verdict, const struct mmref_program *program,
	     const struct mmref_rules *rules, const struct mmref_options *bounds,
	     struct mmref_sim **kept)
{
	struct mmref_result *result = &verdict->result;
	struct mmref_options options = *bounds;
	struct mmref_sim *sim;

	*verdict = (struct verdict){ .program = program, .rules = rules };
	if (kept)
		*kept = NULL;
	if (interrupted) {
		result->verdict = MMREF_BOUNDED;
		result->bounded_by = "interrupted";
		return;
	}
	sim = mmref_sim_program(program, rules, &result->error);
	if (!sim) {
		fail_to_set_scene(verdict);
		return;
	}

	exploring = sim;
	catch_interrupts(bounds->checkpoint);
	options.progress_cookie = verdict;
	mmref_explore(sim, &options, result);
	exploring = NULL;
	if (options.progress)
		progress_clear();
	if (result->verdict == MMREF_ERROR)
		complain_of_error(verdict, sim);

	if (kept)
		*kept = sim;
	else
		mmref_sim_free(sim);
}
