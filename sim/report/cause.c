/* SPDX-License-Identifier: MIT */
#include "report/cause.h"
#include "report/json.h"
#include "report/text.h"
#include "report/wrap.h"

#define INDENT		12
#define WHOSE_TEXT	160

static void print_cause(FILE *out, const struct cause *cause, struct mmref_sim *sim)
{
	const char *who = cause->task < 0 ? "before the first step" :
					      mmref_sim_task_name(sim, cause->task);
	char at[WHOSE_TEXT] = "";

	if (cause->number)
		snprintf(at, sizeof(at), " at step %zu", cause->number);
	print_wrapped(out, INDENT, "  %-9s %s%s: %s", cause->role, who, at, cause->what);
	if (cause->site)
		print_wrapped(out, INDENT, "%*s%s%sin %s(), %s:%d", INDENT, "", cause->operation,
			      cause->operation[0] ? ", " : "",
			      mmref_site_function(cause->site), source_path(cause->site->file),
			      cause->site->line);
}

void print_causes(FILE *out, const struct causes *causes, struct mmref_sim *sim)
{
	if (!causes->nr)
		return;
	fputs("\nwho did it\n", out);
	for (unsigned int i = 0; i < causes->nr; i++)
		print_cause(out, &causes->cause[i], sim);
}

cJSON *json_causes(const struct causes *causes, struct mmref_sim *sim)
{
	cJSON *array = cJSON_CreateArray();

	for (unsigned int i = 0; i < causes->nr; i++) {
		const struct cause *cause = &causes->cause[i];
		cJSON *object = cJSON_CreateObject();

		json_add_text(object, "role", cause->role);
		json_add_text(object, "task",
			      cause->task < 0 ? NULL : mmref_sim_task_name(sim, cause->task));
		cJSON_AddNumberToObject(object, "step", (double)cause->number);
		json_add_text(object, "operation",
			      cause->operation[0] ? cause->operation : NULL);
		json_add_site(object, cause->site);
		json_add_text(object, "what", cause->what);
		cJSON_AddItemToArray(array, object);
	}
	return array;
}
