/* SPDX-License-Identifier: MIT */
#include "report/inquest.h"

/* --- what a change may be ------------------------------------------------------- */

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

/* What says of which files, or of which folio, a page is. */
static bool belongs_elsewhere(const struct page_change *c)
{
	return c->before.page.mapping != c->after.page.mapping ||
	       c->before.page.index != c->after.page.index ||
	       c->before.page.kind != c->after.page.kind ||
	       c->before.inside.entries != c->after.inside.entries;
}

/* --- kind by kind --------------------------------------------------------------- */

/* What was in the way of whoever took the page away. */
static void say_users(struct culprit *line, const struct page_look *look)
{
	int held = 0;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (ANYBODY >> i & 1)
			held += look->page.held[i];
	say(line, " with %d page table %s and %d of its count held", look->page.mapped,
	    look->page.mapped == 1 ? "entry" : "entries", held);
}

/* The step at which it showed, if no line is of that step. */
static void tell_touch(struct inquest *q, const char *role, const char *what)
{
	for (unsigned int i = 0; i < q->culprits->nr; i++)
		if (q->culprits->line[i].number == q->shown)
			return;
	say(line_of(q, role, q->shown), "%s", what);
}

static void use_after_unplug(struct inquest *q)
{
	const struct page_change *gone = last_change(q, q->page, q->shown, memmap_went);

	tell_mappers(q, q->page);
	tell_holdings(q, "holds", q->page, USERS | WALKS);
	if (gone) {
		struct culprit *line = line_of(q, "removed", gone->number);

		say(line, "the memmap of page %u", q->page);
		say_users(line, &gone->before);
	}
	tell_touch(q, "touched", "what was gone by then");
}

static void use_after_truncate(struct inquest *q)
{
	const struct page_change *freed = last_change(q, q->page, q->shown, file_lost_it);

	tell_mappers(q, q->page);
	tell_holdings(q, "holds", q->page, USERS);
	if (freed) {
		struct culprit *line = line_of(q, "freed", freed->number);

		say(line, "the block of page %u", q->page);
		say_users(line, &freed->before);
	}
	tell_touch(q, "touched", "a block that was no longer the file's");
}

static void dirty_lost(struct inquest *q)
{
	const struct page_change *stored = last_change(q, q->page, q->shown, store_was_made);
	const struct page_change *mark = last_change(q, q->page, q->shown, lost_mark);

	say(line_of(q, "stored", stored ? stored->number : 0), "to page %u, and no flush followed",
	    q->page);
	if (mark)
		say(line_of(q, "unmarked", mark->number),
		    "the DAX entry of page %u, before it was flushed", q->page);
	say(line_of(q, "synced", q->shown), "and said that all before it is on the medium");
}

/* The last two puts of @holder, or of any. */
static void tell_puts(struct inquest *q, int holder)
{
	const struct page_change *put[2] = { NULL };

	for (size_t i = 0; i < q->history->nr_changes; i++) {
		const struct page_change *c = &q->history->changes[i];

		if (c->page != q->page ||
		    (holder < 0 ? !count_fell(c)
				: c->after.page.held[holder] >= c->before.page.held[holder]))
			continue;
		put[0] = put[1];
		put[1] = c;
	}
	for (int i = 0; i < 2; i++) {
		struct culprit *line = put[i] ? line_of(q, "put", put[i]->number) : NULL;

		if (holder >= 0 && put[i])
			say(line, "as %s, of which page %u had %d",
			    mmref_holder_name((enum mmref_holder)holder), q->page,
			    put[i]->before.page.held[holder]);
		else if (put[i])
			say_count(line, put[i]);
	}
}

static void refcount_underflow(struct inquest *q)
{
	const struct mmref_page *page = &q->history->pages[q->page].page;
	int below = -1;

	for (int i = 0; i < MMREF_NR_HOLDERS; i++)
		if (page->held[i] < 0)
			below = i;
	if (q->ending->task >= 0 || !q->ending->why)
		tell_puts(q, below);
	tell_holdings(q, "holds", q->page, ANYBODY);
}

static void zero_ref_mapped(struct inquest *q)
{
	const struct page_change *zero = last_change(q, q->page, q->shown, count_came_to_zero);
	const struct mmref_page *now = &q->history->pages[q->page].page;
	const struct page_change *tail = last_change(q, q->page, q->shown, became_tail);

	tell_mappers(q, q->page);
	if (now->kind == 'T' && tail)
		say(line_of(q, "joined", tail->number),
		    "page %u to a folio as its tail: the count of its head is that of all",
		    q->page);
	else if (zero)
		say_count(line_of(q, "put", zero->number), zero);
	else if (q->culprits->nr && now->kind != 'T' &&
		 !last_change(q, q->page, q->shown, count_changed))
		say(&q->culprits->line[0], "; nobody ever held a reference to it");
}

static int ptes_of(const struct inquest *q)
{
	const struct page_look *look = &q->history->pages[q->page];
	unsigned int nr = look->page.kind == 'H' ? 1u << look->page.order : 1;
	int ptes = 0;

	for (unsigned int i = 0; i < nr && q->page + i < q->history->nr_pages; i++)
		ptes += look[i].page.mapped - look[i].inside.pmds;
	return ptes;
}

/* Where no entry was cleared that should have put something, nobody is named. */
static void entry_left_something(struct inquest *q)
{
	const struct page_look *now = &q->history->pages[q->page];
	const struct page_change *change = last_change(q, q->page, q->shown, entry_cleared);
	const struct mmref_page *page = &now->page;
	int ptes = ptes_of(q), pmds = now->inside.pmds;
	bool large = page->kind == 'H';
	bool kept_pte = page->held[HELD_BY_PTE] > ptes, kept_pmd = page->held[HELD_BY_PMD] > pmds;
	bool counted = large ? page->entire_mapcount > pmds || page->large_mapcount > ptes + pmds
			     : page->mapcount > ptes;

	if (kept_pte || kept_pmd)
		tell_holdings(q, "took", q->page,
			      kept_pte ? 1u << HELD_BY_PTE : 1u << HELD_BY_PMD);
	if (change && (kept_pte || kept_pmd || counted))
		say(line_of(q, "cleared", change->number), "an entry of page %u, and did not %s",
		    q->page, kept_pte || kept_pmd ? "put its reference"
						  : "take it out of the mapcount");
}

static void refcount_leak(struct inquest *q)
{
	const struct page_look *now = &q->history->pages[q->page];
	const int *held = now->page.held;
	const struct page_change *change = NULL;

	if (q->ending->task >= 0 || !q->ending->why) {
		change = last_change(q, q->page, q->shown, count_rose);
		if (change)
			say_count(line_of(q, "raised", change->number), change);
	} else if (held[HELD_BY_TRANSIENT] || held[HELD_BY_GATHER]) {
		tell_holdings(q, "took", q->page, WALKS);
	} else if (held[HELD_BY_GET] + held[HELD_BY_PIN] > now->inside.users) {
		tell_holdings(q, "took", q->page, USERS);
		for (unsigned int i = 0; i < q->culprits->nr; i++)
			say(&q->culprits->line[i], "; left in the hands of users: %d",
			    now->inside.users);
	} else {
		entry_left_something(q);
	}
}

static void private_lost(struct inquest *q)
{
	say(line_of(q, "unmapped", q->shown), "a private copy that the file still reaches to");
}

static void new_after_kill(struct inquest *q)
{
	int device = q->history->pages[q->page].page.device;

	for (size_t i = 0; i < q->history->nr_pgmap_changes; i++) {
		const struct pgmap_change *c = &q->history->pgmap_changes[i];

		if (c->device == device && !c->before.dying && c->after.dying)
			say(line_of(q, "killed", c->number), "the pgmap of device %d", device);
	}
	say(line_of(q, "took", q->shown), "page %u out of it", q->page);
}

/* The last that others did to the page of the step at which it showed. */
static void tell_change_before(struct inquest *q, unsigned int page)
{
	const struct page_change *change = last_of_another(q, page, q->shown, count_changed);

	if (change)
		say_count(line_of(q, "changed", change->number), change);
}

static void bug_or_warning(struct inquest *q)
{
	const struct told_step *step = &q->history->steps[q->shown - 1];
	int page = q->ending->page >= 0 ? q->ending->page : mmref_sim_page_of(q->sim, step->object);

	if (page >= 0 && (unsigned int)page < q->history->nr_pages) {
		tell_change_before(q, (unsigned int)page);
		tell_mappers(q, (unsigned int)page);
		tell_holdings(q, "holds", (unsigned int)page, ANYBODY);
	}
	say(line_of(q, "ran into", q->shown), "%s", q->ending->why ? q->ending->why : "it");
}

/* Who last said where the page belongs, and who of the others did. */
static void shape_or_share(struct inquest *q)
{
	const struct page_change *other = last_of_another(q, q->page, q->shown, belongs_elsewhere);
	const struct page_change *last = last_change(q, q->page, q->shown, belongs_elsewhere);
	const struct page_change *both[] = { other, last };

	for (int i = 0; i < 2; i++) {
		struct culprit *line;

		if (!both[i] || is_told(q, "changed", both[i]->number))
			continue;
		line = line_of(q, "changed", both[i]->number);
		say(line, "page %u: DAX entries %d->%d, mapping %d->%d, index or share %lu->%lu",
		    q->page, both[i]->before.inside.entries, both[i]->after.inside.entries,
		    both[i]->before.page.mapping, both[i]->after.page.mapping,
		    both[i]->before.page.index, both[i]->after.page.index);
	}
	tell_touch(q, "showed", q->ending->why ? q->ending->why : "it");
}

/* What @task does in each round of a loop. */
static void tell_round(struct inquest *q, int task)
{
	const struct history *history = q->history;
	size_t first = 0, steps = 0;

	for (size_t n = q->ending->loop; n < history->nr_steps; n++) {
		if (history->steps[n].task != task)
			continue;
		first = first ? first : n + 1;
		steps++;
	}
	if (first)
		say(line_of(q, "repeats", first), "from here on, %zu steps each time", steps);
	for (size_t i = 0; i < history->nr_changes; i++) {
		const struct page_change *c = &history->changes[i];

		if (c->number <= q->ending->loop || history->steps[c->number - 1].task != task ||
		    !count_rose(c))
			continue;
		say_count(line_of(q, "raises", c->number), c);
		break;
	}
}

static void livelock_of(struct inquest *q)
{
	for (int task = 0; task < (int)mmref_sim_nr_tasks(q->sim); task++)
		tell_round(q, task);
}

/* --- all of them ---------------------------------------------------------------- */

static const struct {
	void (*inquire)(struct inquest *q);
	bool of_a_page;	/* and silent where it is not known which */
} kinds[MMREF_NR_VIOLATIONS] = {
	[MMREF_USE_AFTER_UNPLUG] = { use_after_unplug, true },
	[MMREF_USE_AFTER_TRUNCATE] = { use_after_truncate, true },
	[MMREF_DIRTY_LOST] = { dirty_lost, true },
	[MMREF_PRIVATE_LOST] = { private_lost, false },
	[MMREF_KERNEL_BUG] = { bug_or_warning, false },
	[MMREF_REFCOUNT_UNDERFLOW] = { refcount_underflow, true },
	[MMREF_ZERO_REF_MAPPED] = { zero_ref_mapped, true },
	[MMREF_LOST_WAKEUP] = { tell_waits, false },
	[MMREF_UNPLUG_HANGS] = { tell_waits, false },
	[MMREF_DEADLOCK] = { tell_waits, false },
	[MMREF_BAD_SPLIT] = { shape_or_share, true },
	[MMREF_BAD_SHARE] = { shape_or_share, true },
	[MMREF_LIVELOCK] = { livelock_of, false },
	[MMREF_REFCOUNT_LEAK] = { refcount_leak, true },
	[MMREF_NEW_AFTER_KILL] = { new_after_kill, true },
	[MMREF_BAD_MAPPING] = { shape_or_share, true },
	[MMREF_KERNEL_WARNING] = { bug_or_warning, false },
};

void find_culprits(struct culprits *culprits, const struct ending *ending,
		   const struct holders *holders, const struct history *history)
{
	struct inquest q = {
		.culprits = culprits,
		.ending = ending,
		.holders = holders,
		.history = history,
		.sim = history->sim,
		.page = ending->page >= 0 ? (unsigned int)ending->page : 0,
	};

	*culprits = (struct culprits){ .nr = 0 };
	if (!ending->violated || history->short_of_memory || holders->short_of_memory ||
	    !history->nr_steps)
		return;
	q.shown = history->shown[ending->violation];
	if (!q.shown || !kinds[ending->violation].inquire)
		return;
	if (kinds[ending->violation].of_a_page && (ending->page < 0 || q.page >= history->nr_pages))
		return;
	kinds[ending->violation].inquire(&q);
}
