/* SPDX-License-Identifier: MIT */
/* One exploration at a time, ended by SIGINT with what it has found so far. */
#include "cli/cli.h"

#include <signal.h>

static struct mmref_sim *volatile exploring;
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
	if (exploring)
		mmref_interrupt(exploring);
}

/* SIGINT may come more than once: from the terminal, and from who started us. */
static void catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

void explore(struct verdict *verdict, const struct mmref_program *program,
	     const struct mmref_rules *rules, const struct mmref_options *bounds,
	     struct mmref_sim **kept)
{
	struct mmref_result *result = &verdict->result;
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
		result->verdict = MMREF_ERROR;
		complain("%s under %s: %s", program->file, rules->name, result->error);
		return;
	}

	exploring = sim;
	catch_interrupts();
	mmref_explore(sim, bounds, result);
	exploring = NULL;
	if (result->verdict == MMREF_ERROR)
		complain("%s under %s: %s", program->file, rules->name,
			 result->error ? result->error : "the exploring failed");

	if (kept)
		*kept = sim;
	else
		mmref_sim_free(sim);
}
