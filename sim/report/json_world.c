/* SPDX-License-Identifier: MIT */
#include "report/json_world.h"

#include "report/json.h"

static cJSON *pages_of(const struct holders *holders)
{
	cJSON *pages = cJSON_CreateArray();

	for (unsigned int i = 0; i < holders->nr_pages; i++)
		cJSON_AddItemToArray(pages, json_page(&holders->now[i]));
	return pages;
}

static void add_entry(void *entries, const struct mmref_entry *entry)
{
	static const char *const names[] = {
		[MMREF_TABLE_PTE] = "PTE",
		[MMREF_TABLE_PMD] = "PMD",
		[MMREF_TABLE_DAX] = "DAX",
	};
	cJSON *object = cJSON_CreateObject();

	json_add_text(object, "table", names[entry->table]);
	cJSON_AddNumberToObject(object, "device", entry->device);
	cJSON_AddNumberToObject(object, "owner", entry->owner);
	cJSON_AddNumberToObject(object, "index", (double)entry->index);
	cJSON_AddNumberToObject(object, "order", entry->order);
	cJSON_AddNumberToObject(object, "page", entry->page);
	json_add_text(object, "marks", entry->marks);
	cJSON_AddItemToArray(entries, object);
}

static cJSON *entries_of(struct mmref_sim *sim)
{
	cJSON *entries = cJSON_CreateArray();

	mmref_sim_entries(sim, add_entry, entries);
	return entries;
}

static cJSON *holdings_of(struct mmref_sim *sim, const struct holders *holders)
{
	cJSON *holdings = cJSON_CreateArray();

	for (size_t i = 0; i < holders->nr_holdings; i++) {
		const struct holding *holding = &holders->holdings[i];
		cJSON *object = cJSON_CreateObject();

		cJSON_AddNumberToObject(object, "page", holding->page);
		json_add_text(object, "holder", mmref_holder_name(holding->holder));
		cJSON_AddNumberToObject(object, "units", holding->units);
		json_add_text(object, "task", holding->task < 0 ? NULL :
			      mmref_sim_task_name(sim, holding->task));
		cJSON_AddNumberToObject(object, "step", (double)holding->number);
		json_add_text(object, "operation", holding->operation);
		cJSON_AddItemToArray(holdings, object);
	}
	return holdings;
}

static cJSON *asleep_of(struct mmref_sim *sim)
{
	cJSON *asleep = cJSON_CreateArray();

	for (unsigned int i = 0; i < mmref_sim_nr_tasks(sim); i++) {
		const struct mmref_site *site = mmref_sim_asleep(sim, (int)i);
		cJSON *object;

		if (!site)
			continue;
		object = cJSON_CreateObject();
		cJSON_AddNumberToObject(object, "lane", i);
		json_add_text(object, "function", mmref_site_function(site));
		cJSON_AddItemToArray(asleep, object);
	}
	return asleep;
}

/* Add @now, which is *@last from here on, unless it is the same. */
static void add_if_changed(cJSON *object, const char *name, cJSON *now, cJSON **last)
{
	if (*last && cJSON_Compare(now, *last, true)) {
		cJSON_Delete(now);
		return;
	}
	cJSON_Delete(*last);
	*last = now;
	cJSON_AddItemToObject(object, name, cJSON_Duplicate(now, true));
}

void json_world_add(cJSON *object, struct json_world *world, struct mmref_sim *sim,
		    const struct holders *holders)
{
	add_if_changed(object, "pages", pages_of(holders), &world->pages);
	add_if_changed(object, "entries", entries_of(sim), &world->entries);
	add_if_changed(object, "holdings", holdings_of(sim, holders), &world->holdings);
	add_if_changed(object, "asleep", asleep_of(sim), &world->asleep);
}

void json_world_end(struct json_world *world)
{
	cJSON_Delete(world->pages);
	cJSON_Delete(world->entries);
	cJSON_Delete(world->holdings);
	cJSON_Delete(world->asleep);
}
