/* SPDX-License-Identifier: MIT */
/* A search that is stopped, and gone on with by another process. */
#include "cli/cli.h"

#include <mmref/version.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#define EVERY_SECONDS	60

bool checkpoint_options_fit(const struct options *options)
{
	const struct mmref_checkpoint *checkpoint = &options->checkpoint;
	const char *of_states = checkpoint->file		   ? "--checkpoint" :
				checkpoint->resume		   ? "--resume" :
				options->bounds.check_determinism ? "--check-determinism" : NULL;

	if (checkpoint->seconds > 0 && !checkpoint->file) {
		complain("--checkpoint-seconds needs --checkpoint FILE");
		return false;
	}
	if (of_states && options->bounds.shards) {
		complain("%s is of a whole search, not of a shard", of_states);
		return false;
	}
	if (of_states && options->bounds.strategy != MMREF_STATES) {
		complain("%s is of --strategy states alone", of_states);
		return false;
	}
	return true;
}

bool fix_addresses(const struct options *options)
{
	int persona = personality(0xffffffff);

	if ((!options->checkpoint.file && !options->checkpoint.resume) ||
	    (persona != -1 && persona & ADDR_NO_RANDOMIZE))
		return true;
	if (persona != -1 && personality(persona | ADDR_NO_RANDOMIZE) != -1)
		execv("/proc/self/exe", options->words);
	complain("%s needs addresses that are not random, and the system gives none: %s",
		 options->checkpoint.file ? "--checkpoint" : "--resume", strerror(errno));
	return false;
}

void checkpoint_of(struct mmref_checkpoint *checkpoint, const struct options *options,
		   const struct mmref_program *program, const struct mmref_rules *rules)
{
	*checkpoint = options->checkpoint;
	if (!(checkpoint->seconds > 0))
		checkpoint->seconds = EVERY_SECONDS;
	checkpoint->version = MMREF_VERSION;
	checkpoint->scenario = program->file;
	checkpoint->rules = rules->name;
	checkpoint->content = program->text;
	checkpoint->content_size = strlen(program->text);
}
