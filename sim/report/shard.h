/* SPDX-License-Identifier: MIT */
/*
 * What one shard found, as a line of JSON that another machine can add up: the object of
 * `mmref run`, and
 *
 *	"shard": { "number", "of", "strategy", "commuting", "prefixes", "prefix_length",
 *		   "digest", "version" }
 *	"schedules": [ { "violation", "steps", "schedule" } ... ]
 *
 * The digest is that of the scenario's text, as it was read; the version that of mmref. A schedule is the text that schedule.h tells of.
 */
#ifndef REPORT_SHARD_H
#define REPORT_SHARD_H

#include "report/verdict.h"

#include <cjson/cJSON.h>

#define SHARD_DIGEST 24

struct shard_result {
	cJSON *json; /* that the texts below lie in */
	const char *file, *rules, *strategy, *options, *digest, *version;
	bool commuting;
	unsigned int number, of;
	uint64_t prefixes;
	unsigned int prefix_length;
	enum mmref_verdict verdict; /* MMREF_ERROR, or to be judged */
	const char *error, *bounded_by;
	uint64_t states, steps, executions, max_rss_kb;
	double seconds;
	/* by kind of violation; NULL where there was none */
	const char *schedule[MMREF_NR_VIOLATIONS];
	size_t length[MMREF_NR_VIOLATIONS]; /* in steps */
};

/* @sim is that of @verdict, or NULL where there is none. */
cJSON *json_shard(const struct verdict *verdict, const struct mmref_options *options,
		  struct mmref_sim *sim, const char *version);
/* An item of "schedules". */
cJSON *json_schedule(enum mmref_violation violation, size_t steps, const char *schedule);

/* False where @line is not such an object; free it with shard_free() in any case. */
bool shard_read(struct shard_result *shard, const char *line);
void shard_free(struct shard_result *shard);

/* The hash of the script of @program, as text. */
void shard_digest(const struct mmref_program *program, char digest[SHARD_DIGEST]);

#endif
