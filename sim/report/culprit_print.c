/* SPDX-License-Identifier: MIT */
#include "report/culprit.h"
#include "report/json.h"
#include "report/lanes.h"
#include "report/wrap.h"

#define INDENT		12
#define WHOSE_TEXT	160

static void print_culprit(FILE *out, const struct culprit *culprit, struct mmref_sim *sim)
{
	const char *who = culprit->task < 0 ? "before the first step" :
					      mmref_sim_task_name(sim, culprit->task);
	char at[WHOSE_TEXT] = "";

	if (culprit->number)
		snprintf(at, sizeof(at), " at step %zu", culprit->number);
	print_wrapped(out, INDENT, "  %-9s %s%s: %s", culprit->role, who, at, culprit->what);
	if (culprit->site)
		print_wrapped(out, INDENT, "%*s%s%sin %s(), %s:%d", INDENT, "", culprit->operation,
			      culprit->operation[0] ? ", " : "",
			      mmref_site_function(culprit->site), source_path(culprit->site->file),
			      culprit->site->line);
}

void print_culprits(FILE *out, const struct culprits *culprits, struct mmref_sim *sim)
{
	if (!culprits->nr)
		return;
	fputs("\nwho did it\n", out);
	for (unsigned int i = 0; i < culprits->nr; i++)
		print_culprit(out, &culprits->line[i], sim);
}

cJSON *json_culprits(const struct culprits *culprits, struct mmref_sim *sim)
{
	cJSON *array = cJSON_CreateArray();

	for (unsigned int i = 0; i < culprits->nr; i++) {
		const struct culprit *culprit = &culprits->line[i];
		cJSON *object = cJSON_CreateObject();

		json_add_text(object, "role", culprit->role);
		json_add_text(object, "task",
			      culprit->task < 0 ? NULL : mmref_sim_task_name(sim, culprit->task));
		cJSON_AddNumberToObject(object, "step", (double)culprit->number);
		json_add_text(object, "operation",
			      culprit->operation[0] ? culprit->operation : NULL);
		json_add_site(object, culprit->site);
		json_add_text(object, "what", culprit->what);
		cJSON_AddItemToArray(array, object);
	}
	return array;
}
