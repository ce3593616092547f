/* SPDX-License-Identifier: MIT */
/* The rule sets, with the overlay and the variants. */
#include <string.h>

#include <mmref/kernel.h>

#include "rules/rules.h"
#include "rules/variants/variants.h"

static const struct {
	const struct mmref_rules *rules;
	const char *also;
} sets[] = {
	{ &mmref_v6_1, "old" },
	{ &mmref_v6_12, NULL },
	{ &mmref_williams_2022_v2, NULL },
	{ &mmref_williams_2022, NULL },
	{ &mmref_gunthorpe_2022, NULL },
	{ &mmref_popple_2023, NULL },
	{ &mmref_v6_15, NULL },
	{ &mmref_v7_2, "new" },
};

#define NR_SETS	(sizeof(sets) / sizeof(sets[0]))

/* Each set once more, with the overlay; written before main() and only read from then on. */
static struct mmref_rules overlaid[NR_SETS];
static char overlaid_name[NR_SETS][40];

static void __attribute__((constructor)) overlay_all(void)
{
	for (size_t i = 0; i < NR_SETS; i++) {
		strcat(strcpy(overlaid_name[i], sets[i].rules->name), MMREF_ARBITER);
		overlaid[i] = *sets[i].rules;
		overlaid[i].name = overlaid_name[i];
		overlaid[i].ancestor = sets[i].rules;
		overlaid[i].summary = "the same, and whoever holds pages holds their inode";
		mmref_overlay_arbiter(&overlaid[i]);
	}
}

static const struct mmref_rules *const variants[] = {
#define X(variant) &variant,
	RULES_VARIANTS(X)
#undef X
};

#define NR_VARIANTS	(sizeof(variants) / sizeof(variants[0]))

/* Is @name, the first @length characters of it, @is? */
static bool is_named(const char *is, const char *name, size_t length)
{
	return is && strlen(is) == length && !memcmp(is, name, length);
}

const struct mmref_rules *mmref_rules_find(const char *name)
{
	size_t length = name ? strlen(name) : 0, over = strlen(MMREF_ARBITER);
	bool with = length > over && !strcmp(name + length - over, MMREF_ARBITER);

	if (!name)
		return NULL;
	if (with)
		length -= over;
	for (size_t i = 0; i < NR_SETS; i++)
		if (is_named(sets[i].rules->name, name, length) ||
		    is_named(sets[i].also, name, length))
			return with ? &overlaid[i] : sets[i].rules;
	for (size_t i = 0; !with && i < NR_VARIANTS; i++)
		if (!strcmp(variants[i]->name, name))
			return variants[i];
	return NULL;
}

const struct mmref_rules *mmref_rules_at(size_t i)
{
	return i < NR_SETS ? sets[i].rules : NULL;
}

const struct mmref_rules *mmref_rules_variant(size_t i)
{
	return i < NR_VARIANTS ? variants[i] : NULL;
}

const struct mmref_rules *mmref_rules_overlaid(size_t i)
{
	return i < NR_SETS ? &overlaid[i] : NULL;
}
