/* SPDX-License-Identifier: MIT */
#include "report/diagnose.h"

#include "report/diagnosis.h"

/* --- tests of a change ----------------------------------------------------- */

static bool count_fell(const struct page_change *c)
{
	return c->after.page.refcount < c->before.page.refcount;
}

static bool count_rose(const struct page_change *c)
{
	return c->after.page.refcount > c->before.page.refcount;
}

static bool count_changed(const struct page_change *c)
{
	return c->after.page.refcount != c->before.page.refcount;
}

static bool count_came_to_zero(const struct page_change *c)
{
	return count_fell(c) && !c->after.page.refcount;
}

static bool memmap_went(const struct page_change *c)
{
	return c->before.page.present && !c->after.page.present;
}

static bool file_lost_it(const struct page_change *c)
{
	return c->before.inside.files & ~c->after.inside.files;
}

static bool entry_cleared(const struct page_change *c)
{
	return c->after.page.mapped < c->before.page.mapped;
}

static bool store_was_made(const struct page_change *c)
{
	return !c->before.inside.unflushed && c->after.inside.unflushed;
}

static bool lost_mark(const struct page_change *c)
{
	bool dirty = c->before.inside.marked_dirty && !c->after.inside.marked_dirty;
	bool towrite = c->before.inside.marked_towrite && !c->after.inside.marked_towrite;

	return (dirty || towrite) && c->after.inside.unflushed;
}

static bool became_tail(const struct page_change *c)
{
	return c->before.page.kind != 'T' && c->after.page.kind == 'T';
}

/* Did the change affect which files, or which folio, the page belongs to? */
static bool belongs_elsewhere(const struct page_change *c)
{
	return c->before.page.mapping != c->after.page.mapping ||
	       c->before.page.index != c->after.page.index ||
	       c->before.page.kind != c->after.page.kind ||
	       c->before.inside.entries != c->after.inside.entries;
}

/* --- one function for each kind of violation ----------------------------------- */

/* Say how the page was still in use when it was taken away. */
static void say_users(struct cause *cause, const struct page_look *look)
{
	int held = 0;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (ANYBODY >> i & 1)
			held += look->page.held[i];
	say(cause, " with %d page table %s and %d of its count held", look->page.mapped,
	    look->page.mapped == 1 ? "entry" : "entries", held);
}

/* Add the step at which the violation showed, unless it is a cause already. */
static void add_touch(struct diagnosis *d, const char *role, const char *what)
{
	for (unsigned int i = 0; i < d->causes->nr; i++)
		if (d->causes->cause[i].number == d->shown)
			return;
	say(cause_of_step(d, role, d->shown), "%s", what);
}

static void use_after_unplug(struct diagnosis *d)
{
	const struct page_change *gone = last_change(d, d->page, d->shown, memmap_went);

	add_mappers(d, d->page);
	add_holdings(d, "holds", d->page, USERS | WALKS);
	if (gone) {
		struct cause *cause = cause_of_step(d, "removed", gone->number);

		say(cause, "the memmap of page %u", d->page);
		say_users(cause, &gone->before);
	}
	add_touch(d, "touched", "what was gone by then");
}

static void use_after_truncate(struct diagnosis *d)
{
	const struct page_change *freed = last_change(d, d->page, d->shown, file_lost_it);

	add_mappers(d, d->page);
	add_holdings(d, "holds", d->page, USERS);
	if (freed) {
		struct cause *cause = cause_of_step(d, "freed", freed->number);

		say(cause, "the block of page %u", d->page);
		say_users(cause, &freed->before);
	}
	add_touch(d, "touched", "a block that was no longer the file's");
}

static void dirty_lost(struct diagnosis *d)
{
	const struct page_change *stored = last_change(d, d->page, d->shown, store_was_made);
	const struct page_change *mark = last_change(d, d->page, d->shown, lost_mark);

	say(cause_of_step(d, "stored", stored ? stored->number : 0),
	    "to page %u, and no flush followed", d->page);
	if (mark)
		say(cause_of_step(d, "unmarked", mark->number),
		    "the DAX entry of page %u, before it was flushed", d->page);
	say(cause_of_step(d, "synced", d->shown), "and said that all before it is on the medium");
}

/* The last two puts: of @holder, or of any holder if that is negative. */
static void add_puts(struct diagnosis *d, int holder)
{
	const struct page_change *put[2] = { NULL };

	for (size_t i = 0; i < d->history->nr_changes; i++) {
		const struct page_change *c = &d->history->changes[i];

		if (c->page != d->page ||
		    (holder < 0 ? !count_fell(c)
				: c->after.page.held[holder] >= c->before.page.held[holder]))
			continue;
		put[0] = put[1];
		put[1] = c;
	}
	for (int i = 0; i < 2; i++) {
		struct cause *cause = put[i] ? cause_of_step(d, "put", put[i]->number) : NULL;

		if (holder >= 0 && put[i])
			say(cause, "as %s, of which page %u had %d",
			    mmref_holder_name((enum mmref_holder)holder), d->page,
			    put[i]->before.page.held[holder]);
		else if (put[i])
			say_count(cause, put[i]);
	}
}

static void refcount_underflow(struct diagnosis *d)
{
	const struct mmref_page *page = &d->history->pages[d->page].page;
	int below = -1;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (page->held[i] < 0)
			below = i;
	if (d->end->task >= 0 || !d->end->why)
		add_puts(d, below);
	add_holdings(d, "holds", d->page, ANYBODY);
}

static void zero_ref_mapped(struct diagnosis *d)
{
	const struct page_change *zero = last_change(d, d->page, d->shown, count_came_to_zero);
	const struct mmref_page *now = &d->history->pages[d->page].page;
	const struct page_change *tail = last_change(d, d->page, d->shown, became_tail);

	add_mappers(d, d->page);
	if (now->kind == 'T' && tail)
		say(cause_of_step(d, "joined", tail->number),
		    "page %u to a folio as its tail: the count of its head is that of all",
		    d->page);
	else if (zero)
		say_count(cause_of_step(d, "put", zero->number), zero);
	else if (d->causes->nr && now->kind != 'T' &&
		 !last_change(d, d->page, d->shown, count_changed))
		say(&d->causes->cause[0], "; nobody ever held a reference to it");
}

static int ptes_of(const struct diagnosis *d)
{
	const struct page_look *look = &d->history->pages[d->page];
	unsigned int nr = look->page.kind == 'H' ? 1u << look->page.order : 1;
	int ptes = 0;

	for (unsigned int i = 0; i < nr && d->page + i < d->history->nr_pages; i++)
		ptes += look[i].page.mapped - look[i].inside.pmds;
	return ptes;
}

/* Where no entry was cleared that should have put something, nobody is named. */
static void entry_left_something(struct diagnosis *d)
{
	const struct page_look *now = &d->history->pages[d->page];
	const struct page_change *change = last_change(d, d->page, d->shown, entry_cleared);
	const struct mmref_page *page = &now->page;
	int ptes = ptes_of(d), pmds = now->inside.pmds;
	bool large = page->kind == 'H';
	bool kept_pte = page->held[HELD_BY_PTE] > ptes, kept_pmd = page->held[HELD_BY_PMD] > pmds;
	bool counted = large ? page->entire_mapcount > pmds || page->large_mapcount > ptes + pmds
			     : page->mapcount > ptes;

	if (kept_pte || kept_pmd)
		add_holdings(d, "took", d->page,
			      kept_pte ? 1u << HELD_BY_PTE : 1u << HELD_BY_PMD);
	if (change && (kept_pte || kept_pmd || counted))
		say(cause_of_step(d, "cleared", change->number), "an entry of page %u, and did not %s",
		    d->page, kept_pte || kept_pmd ? "put its reference"
						  : "take it out of the mapcount");
}

static void refcount_leak(struct diagnosis *d)
{
	const struct page_look *now = &d->history->pages[d->page];
	const int *held = now->page.held;
	const struct page_change *change = NULL;

	if (d->end->task >= 0 || !d->end->why) {
		change = last_change(d, d->page, d->shown, count_rose);
		if (change)
			say_count(cause_of_step(d, "raised", change->number), change);
	} else if (held[HELD_BY_TRANSIENT] || held[HELD_BY_GATHER]) {
		add_holdings(d, "took", d->page, WALKS);
	} else if (held[HELD_BY_GET] + held[HELD_BY_PIN] > now->inside.users) {
		add_holdings(d, "took", d->page, USERS);
		for (unsigned int i = 0; i < d->causes->nr; i++)
			say(&d->causes->cause[i], "; left in the hands of users: %d",
			    now->inside.users);
	} else {
		entry_left_something(d);
	}
}

static void private_lost(struct diagnosis *d)
{
	say(cause_of_step(d, "unmapped", d->shown), "a private copy that the file still reaches to");
}

static void new_after_kill(struct diagnosis *d)
{
	int device = d->history->pages[d->page].page.device;

	for (size_t i = 0; i < d->history->nr_pgmap_changes; i++) {
		const struct pgmap_change *c = &d->history->pgmap_changes[i];

		if (c->device == device && !c->before.dying && c->after.dying)
			say(cause_of_step(d, "killed", c->number), "the pgmap of device %d",
			    device);
	}
	say(cause_of_step(d, "took", d->shown), "page %u out of it", d->page);
}

/* The last count change that another task made to the page, before the violation. */
static void add_change_before(struct diagnosis *d, unsigned int page)
{
	const struct page_change *change = last_of_another(d, page, d->shown, count_changed);

	if (change)
		say_count(cause_of_step(d, "changed", change->number), change);
}

static void bug_or_warning(struct diagnosis *d)
{
	const struct step_record *step = &d->history->steps[d->shown - 1];
	int page = d->end->page >= 0 ? d->end->page : mmref_sim_page_of(d->sim, step->object);

	if (page >= 0 && (unsigned int)page < d->history->nr_pages) {
		add_change_before(d, (unsigned int)page);
		add_mappers(d, (unsigned int)page);
		add_holdings(d, "holds", (unsigned int)page, ANYBODY);
	}
	say(cause_of_step(d, "ran into", d->shown), "%s", d->end->why ? d->end->why : "it");
}

/* The last change of where the page belongs, and the last one by another task. */
static void shape_or_share(struct diagnosis *d)
{
	const struct page_change *other = last_of_another(d, d->page, d->shown, belongs_elsewhere);
	const struct page_change *last = last_change(d, d->page, d->shown, belongs_elsewhere);
	const struct page_change *both[] = { other, last };

	for (int i = 0; i < 2; i++) {
		struct cause *cause;

		if (!both[i] || has_cause(d, "changed", both[i]->number))
			continue;
		cause = cause_of_step(d, "changed", both[i]->number);
		say(cause, "page %u: DAX entries %d->%d, mapping %d->%d, index or share %lu->%lu",
		    d->page, both[i]->before.inside.entries, both[i]->after.inside.entries,
		    both[i]->before.page.mapping, both[i]->after.page.mapping,
		    both[i]->before.page.index, both[i]->after.page.index);
	}
	add_touch(d, "showed", d->end->why ? d->end->why : "it");
}

/* What @task does in each round of the loop. */
static void add_round(struct diagnosis *d, int task)
{
	const struct history *history = d->history;
	size_t first = 0, steps = 0;

	for (size_t n = d->end->loop; n < history->nr_steps; n++) {
		if (history->steps[n].task != task)
			continue;
		first = first ? first : n + 1;
		steps++;
	}
	if (first)
		say(cause_of_step(d, "repeats", first), "from here on, %zu steps each time", steps);
	for (size_t i = 0; i < history->nr_changes; i++) {
		const struct page_change *c = &history->changes[i];

		if (c->number <= d->end->loop || history->steps[c->number - 1].task != task ||
		    !count_rose(c))
			continue;
		say_count(cause_of_step(d, "raises", c->number), c);
		break;
	}
}

static void livelock_of(struct diagnosis *d)
{
	for (int task = 0; task < (int)mmref_sim_nr_tasks(d->sim); task++)
		add_round(d, task);
}

/* --- all kinds ----------------------------------------------------------------- */

static const struct {
	void (*diagnose)(struct diagnosis *d);
	bool of_a_page;	/* find nothing unless the page is known */
} kinds[MMREF_NR_VIOLATIONS] = {
	[MMREF_USE_AFTER_UNPLUG] = { use_after_unplug, true },
	[MMREF_USE_AFTER_TRUNCATE] = { use_after_truncate, true },
	[MMREF_DIRTY_LOST] = { dirty_lost, true },
	[MMREF_PRIVATE_LOST] = { private_lost, false },
	[MMREF_KERNEL_BUG] = { bug_or_warning, false },
	[MMREF_REFCOUNT_UNDERFLOW] = { refcount_underflow, true },
	[MMREF_ZERO_REF_MAPPED] = { zero_ref_mapped, true },
	[MMREF_LOST_WAKEUP] = { add_waits, false },
	[MMREF_UNPLUG_HANGS] = { add_waits, false },
	[MMREF_DEADLOCK] = { add_waits, false },
	[MMREF_BAD_SPLIT] = { shape_or_share, true },
	[MMREF_BAD_SHARE] = { shape_or_share, true },
	[MMREF_LIVELOCK] = { livelock_of, false },
	[MMREF_REFCOUNT_LEAK] = { refcount_leak, true },
	[MMREF_NEW_AFTER_KILL] = { new_after_kill, true },
	[MMREF_BAD_MAPPING] = { shape_or_share, true },
	[MMREF_KERNEL_WARNING] = { bug_or_warning, false },
};

void find_causes(struct causes *causes, const struct run_end *end,
		   const struct holders *holders, const struct history *history)
{
	struct diagnosis d = {
		.causes = causes,
		.end = end,
		.holders = holders,
		.history = history,
		.sim = history->sim,
		.page = end->page >= 0 ? (unsigned int)end->page : 0,
	};

	*causes = (struct causes){ .nr = 0 };
	if (!end->violated || history->short_of_memory || holders->short_of_memory ||
	    !history->nr_steps)
		return;
	d.shown = history->shown[end->violation];
	if (!d.shown || !kinds[end->violation].diagnose)
		return;
	if (kinds[end->violation].of_a_page && (end->page < 0 || d.page >= history->nr_pages))
		return;
	kinds[end->violation].diagnose(&d);
}
