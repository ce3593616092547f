/* SPDX-License-Identifier: MIT */
/*
 * Does a mistake in a rule set show? Each kernel function of each rule set is made wrong in the ways
 * of mutations.h, and each variant of lib/rules/variants taken for what it is. Then the recordings
 * of that kernel are compared and the scenarios explored that enter the function, until one comes out
 * otherwise.
 *
 *	mutants [--each] [--function PATTERN] [RULES...]
 *
 * --each prints a line for each mutant, not for survivors alone. --function tries mutants of the
 * functions that match, such as '@(migrate_*|memremap_pages)'.
 *
 * A function that no scenario and no recording enters has no mutants, and is reported itself.
 *
 * The status is 0 where every mutant but those of known.tsv is killed and none of those is, where
 * every function but those of known.tsv is entered, and where no row of known.tsv is without use.
 */
#include "known.h"
#include "mutations.h"
#include "trial.h"

#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_MUTANTS 2048 /* of one rule set */

/* One wrong rule set, and what became of it. */
struct mutant {
	const char *function, *name;	 /* of a variant, "variant" and its name */
	const struct mutation *mutation; /* NULL: a variant */
	const struct mmref_rules *variant;
	struct coverage wrong; /* in which functions it is */
	pid_t process;
	char killer[64]; /* empty: none */
};

/* All mutants of one rule set, in memory that the processes which try them share. */
struct population {
	struct trial trial;
	struct mutant mutant[MAX_MUTANTS];
	unsigned int nr;
};

static struct population *population;
static unsigned int found[NR_KNOWN], surprises;
static bool each;
static const char *only = "*"; /* functions to make wrong */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* No scenario and no recording enters the function. */
static void tell_unreached(const struct mmref_rules *rules, const struct mutation *mutation)
{
	bool is_known = known_of(rules->name, mutation->function, "any") == UNREACHED;

	found[UNREACHED]++;
	surprises += !is_known;
	if (!is_known || each)
		printf("  %s %s: never entered%s\n", rules->name, mutation->function,
		       is_known ? "" : ", and known.tsv does not know");
}

/* Does @overlaid have another function at @offset than the rule set that it lies over? */
static bool is_replaced(const struct mmref_rules *overlaid, size_t offset)
{
	return mmref_rules_function_of(overlaid, offset) !=
	       mmref_rules_function_of(overlaid->ancestor, offset);
}

static void add_mutations(const struct mmref_rules *rules)
{
	bool overlaid = strstr(rules->name, MMREF_ARBITER);

	for (size_t i = 0; i < nr_mutations; i++) {
		const struct mutation *mutation = &mutations[i];
		struct mutant mutant = {
			.function = mutation->function,
			.name = mutation->name,
			.mutation = mutation,
		};

		mutant.wrong.entered[mutation->of] = true;
		/* Of an overlay, what it replaces: the rest are mutants of the set below. */
		if (!mutation->body || fnmatch(only, mutation->function, FNM_EXTMATCH) ||
		    !mmref_rules_has(rules, mutation->offset) ||
		    (overlaid && !is_replaced(rules, mutation->offset)))
			continue;
		if (trial_enters(&population->trial, &mutant.wrong))
			population->mutant[population->nr++] = mutant;
		else if (!strcmp(mutation->name, "left_out"))
			tell_unreached(rules, mutation);
	}
}

static void add_variants(const struct mmref_rules *rules)
{
	const struct mmref_rules *variant;

	for (size_t i = 0; (variant = mmref_rules_variant(i)); i++) {
		struct mutant *mutant = &population->mutant[population->nr];

		if (variant->ancestor != rules || fnmatch(only, "variant", FNM_EXTMATCH))
			continue;
		*mutant = (struct mutant){
			.function = "variant",
			.name = strchr(variant->name, '/') + 1,
			.variant = variant,
		};
		for (size_t f = 0; f < NR_FUNCTIONS; f++)
			mutant->wrong.entered[f] =
				is_replaced(variant, mmref_function_at(f)->offset);
		population->nr++;
	}
}

/* In a process of its own. */
static _Noreturn void try(struct mutant *mutant)
{
	const char *killer;
	struct mmref_rules rules;

	if (mutant->mutation)
		mutate(&rules, population->trial.rules, mutant->mutation);
	else
		rules = *mutant->variant;
	killer = trial_kills(&population->trial, &rules, &mutant->wrong);
	if (killer)
		snprintf(mutant->killer, sizeof(mutant->killer), "%s", killer);
	_exit(0);
}

static void start(struct mutant *mutant)
{
	pid_t process;

	fflush(NULL);
	process = fork();
	if (process < 0) {
		perror("fork");
		exit(2);
	}
	if (!process)
		try(mutant);
	mutant->process = process;
}

/* A mutant that took its process with it would have taken the command. */
static void collect_one(void)
{
	int status;
	pid_t process = wait(&status);

	for (unsigned int i = 0; i < population->nr; i++) {
		struct mutant *mutant = &population->mutant[i];

		if (mutant->process == process && WIFSIGNALED(status))
			snprintf(mutant->killer, sizeof(mutant->killer), "(%s)",
				 WTERMSIG(status) == SIGPROF ? "it never ends" :
							       strsignal(WTERMSIG(status)));
	}
}

static void try_all(void)
{
	long running = 0, cpus = sysconf(_SC_NPROCESSORS_ONLN);

	for (unsigned int i = 0; i < population->nr; i++, running++) {
		struct mutant *mutant = &population->mutant[i];

		if (running >= cpus) {
			collect_one();
			running--;
		}
		start(mutant);
	}
	while (running--)
		collect_one();
}

static void tell(const struct mutant *mutant)
{
	const char *rules = population->trial.rules->name;
	enum known known = known_of(rules, mutant->function, mutant->name);
	bool killed = mutant->killer[0];

	if (killed != (known == KILLED))
		surprises++;
	found[killed ? KILLED : known == EQUIVALENT ? EQUIVALENT : SURVIVES]++;
	if (killed && known != KILLED)
		printf("  %s %s %s: killed by %s, though known.tsv says that nothing could\n",
		       rules, mutant->function, mutant->name, mutant->killer);
	else if (!killed && known != EQUIVALENT)
		printf("  %s %s %s: survives%s\n", rules, mutant->function, mutant->name,
		       known == KILLED ? ", and known.tsv does not know" : "");
	else if (each)
		printf("  %s %s %s: %s%s\n", rules, mutant->function, mutant->name,
		       killed ? "killed by " : "equivalent", mutant->killer);
}

static bool try_mutants_of(const struct mmref_rules *rules)
{
	unsigned int killed = found[KILLED], equivalent = found[EQUIVALENT];
	double begun = now();

	population->nr = 0;
	if (!trial_prepare(&population->trial, rules))
		return false;
	surprises += population->trial.nr_unexpected;
	add_mutations(rules);
	add_variants(rules);
	try_all();
	for (unsigned int i = 0; i < population->nr; i++)
		tell(&population->mutant[i]);
	equivalent = found[EQUIVALENT] - equivalent;
	fflush(stdout);
	printf("%-24s %3u of %3u killed, %2u equivalent, %5.1f s\n", rules->name,
	       found[KILLED] - killed, population->nr - equivalent, equivalent, now() - begun);
	return true;
}

static bool try_all_rule_sets(void)
{
	const struct mmref_rules *rules;

	for (size_t i = 0; (rules = mmref_rules_at(i)); i++)
		if (!try_mutants_of(rules))
			return false;
	for (size_t i = 0; (rules = mmref_rules_overlaid(i)); i++)
		if (!try_mutants_of(rules))
			return false;
	return true;
}

static bool try_named(char **name)
{
	for (; *name; name++) {
		const struct mmref_rules *rules = mmref_rules_find(*name);

		if (!rules) {
			fprintf(stderr, "there is no rule set '%s'\n", *name);
			return false;
		}
		if (!try_mutants_of(rules))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	double begun = now();
	bool tried;

	each = argc > 1 && !strcmp(argv[1], "--each");
	argv += 1 + each;
	if (*argv && !strcmp(*argv, "--function") && argv[1]) {
		only = argv[1];
		argv += 2;
	}
	population = mmap(NULL, sizeof(*population), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (population == MAP_FAILED || !trial_load_all(MMREF_SOURCE_DIR) ||
	    !known_load(MMREF_SOURCE_DIR "/tests/mutants/known.tsv"))
		return 2;
	tried = *argv ? try_named(argv) : try_all_rule_sets();
	if (!tried)
		return 2;
	if (!*argv && !strcmp(only, "*") && !known_all_used())
		surprises++;
	printf("mutants killed: %u of %u; equivalent: %u, functions never entered: %u, each with its "
	       "reason; %.0f s\n",
	       found[KILLED], found[KILLED] + found[SURVIVES], found[EQUIVALENT],
	       found[UNREACHED], now() - begun);
	return surprises ? 1 : 0;
}
