// SPDX-License-Identifier: MIT
//
// A run, or two beside each other, to step through. The data are those of page.h.
//
//	item	a line of a lane: an operation that begins, or ends in an error, a step, or a violation
//		that shows
//	row	an item of each run, or null where the other run has nothing like it
//	stop	where one can stand: 0 before the first step, then each row that has a step
//
// What a scenario is called and says is somebody's text: it gets into the page as text nodes alone.
'use strict';

/* --- elements ------------------------------------------------------------------ */

function fill(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes ?? {}))
		if (value !== undefined && value !== null && value !== false)
			node.setAttribute(name, value);
	node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
	return node;
}

function make(tag, attributes, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, ...children) {
	return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

const byId = id => document.getElementById(id);
/* Where a name of C may be broken, if it must. */
const breakable = text => text.split(/(?<=[_>.])/).flatMap(part => [part, make('wbr')]);
const letter = lane => String.fromCharCode(65 + lane % 26);
const laneClass = lane => `lane lane-${lane % 8}`;
const badge = lane => make('b', { class: `badge ${laneClass(lane)}` }, letter(lane));

/* --- the data -------------------------------------------------------------------- */

/* Steps by their number, each with all of the world as it left it. */
function readSteps(run) {
	let world = {};

	run.steps = run.events.filter(event => 'step' in event).map(event => {
		world = {
			pages: event.pages ?? world.pages,
			entries: event.entries ?? world.entries,
			holdings: event.holdings ?? world.holdings,
			asleep: event.asleep ?? world.asleep,
		};
		return { ...event, world, before: null };
	});
	run.steps.forEach((step, i) => { step.before = run.steps[Math.max(i - 1, 0)].world; });
	run.shows = run.events.filter(event => 'shows' in event);
	run.ending = run.events.find(event => 'violation' in event);
	run.sleepers = run.events.filter(event => typeof event.asleep === 'string');
	run.lanes = run.tasks.map((name, lane) => ({ name, lane }))
		.filter(({ lane }) => run.steps.some(step => step.lane === lane));
}

/* The lines of a run. Lanes that are inside an operation have its name in @inside. */
function readItems(run) {
	const items = [], begun = {}, inside = {}, pending = {};
	const add = item => items.push({ ...item, inside: { ...inside } });

	function begin(lane) {
		inside[lane] = pending[lane];
		begun[lane] = (begun[lane] ?? -1) + 1;
		add({ operation: inside[lane], lane, nth: begun[lane] });
		delete pending[lane];
	}

	function goOn(step) {
		for (const { begins, ends, failed } of step.then ?? []) {
			if (begins) {
				pending[step.lane] = begins;
				continue;
			}
			if (step.lane in pending)
				begin(step.lane);
			if (failed)
				add({ ends, lane: step.lane, nth: begun[step.lane] });
			delete inside[step.lane];
		}
	}

	for (const step of run.steps.slice(1)) {
		if (!(step.lane in begun)) {
			begun[step.lane] = -1;
			if (step.operation)
				pending[step.lane] = step.operation;
		}
		if (step.lane in pending)
			begin(step.lane);
		add({ step, lane: step.lane, nth: begun[step.lane] });
		goOn(step);
		for (const { shows, lane } of run.shows.filter(({ after }) => after === step.step))
			add({ shows, lane: lane < 0 ? step.lane : lane, nth: begun[step.lane] });
	}
	return items;
}

/* Parts of a run in which one task is in one operation; the same key means the same part. */
function partsOf(items) {
	const parts = [], times = {};

	for (const item of items) {
		const name = `${item.lane}.${item.nth}`;
		const last = parts.at(-1);

		if (last?.name === name) {
			last.items.push(item);
			continue;
		}
		times[name] = (times[name] ?? -1) + 1;
		parts.push({ name, key: `${name}.${times[name]}`, items: [item] });
	}
	return parts;
}

/* The longest sequence of parts that both have, in order, and between them what one has alone. */
function pairParts(a, b) {
	const longest = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
	const pairs = [];
	let i = 0, j = 0;

	for (let m = a.length - 1; m >= 0; m--)
		for (let n = b.length - 1; n >= 0; n--)
			longest[m][n] = a[m].key === b[n].key ? longest[m + 1][n + 1] + 1 :
				Math.max(longest[m + 1][n], longest[m][n + 1]);
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i].key === b[j].key)
			pairs.push([a[i++], b[j++]]);
		else if (j === b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1]))
			pairs.push([a[i++], null]);
		else
			pairs.push([null, b[j++]]);
	}
	return pairs;
}

function alignRows(a, b) {
	const rows = [];

	for (const pair of pairParts(partsOf(a), partsOf(b))) {
		const items = pair.map(part => part?.items ?? []);

		for (let i = 0; i < Math.max(...items.map(list => list.length)); i++)
			rows.push({ items: items.map(list => list[i] ?? null) });
	}
	return rows;
}

/* Of each stop its row, and the number of the last step that each run has taken. */
function readStops(runs, rows) {
	const stops = [{ row: null, at: runs.map(() => 0) }];

	for (const row of rows) {
		if (!row.items.some(item => item?.step))
			continue;
		row.stop = stops.length;
		stops.push({
			row,
			at: row.items.map((item, r) => item?.step?.step ?? stops.at(-1).at[r]),
		});
	}
	return stops;
}

/* --- the head of the page ---------------------------------------------------------- */

function verdictOf(run) {
	const word = run.violation ?? run.verdict;

	return make('span', { class: run.violation ? 'verdict wrong' : 'verdict' },
		make('b', {}, run.rules), ` ${run.violation ? '\u2715' : '\u2713'} ${word}`);
}

/* What the scenario says of itself: its first line, and the rest where it is asked for. */
function drawStory(story) {
	const [first, ...rest] = (story ?? '').split('\n');

	byId('story').querySelector('summary').append(first);
	byId('story').querySelector('p').append(rest.join('\n').trim());
	byId('story').hidden = !story;
}

function drawHead(runs) {
	document.title = `${runs[0].scenario} \u2013 mmref`;
	byId('title').append(runs[0].scenario);
	byId('verdicts').append(...runs.map(verdictOf));
	drawStory(runs[0].story);
}

/* --- lanes --------------------------------------------------------------------------- */

const change = (before, now) => before === now ? `${now}` : `${before}\u2192${now}`;

/* Who goes to sleep by the step, and who is woken. */
function wakesOf(step) {
	const asleep = ({ asleep }) => asleep.map(({ lane }) => lane);
	const now = asleep(step.world), was = asleep(step.before);

	return [
		now.filter(lane => !was.includes(lane) && lane === step.lane)
			.map(lane => make('span', {}, `${letter(lane)} `, make('b', {}, 'sleeps'))),
		was.filter(lane => !now.includes(lane))
			.map(lane => make('span', {}, 'wakes ', make('b', {}, letter(lane)))),
	];
}

/* "page 0 refcount 1->2", for each page that the step changed. */
function changesOf(step) {
	const changed = wakesOf(step);

	step.world.pages.forEach((page, i) => {
		const was = step.before.pages[i];
		const counts = ['refcount', 'mapcount'].filter(name => was[name] !== page[name])
			.map(name => `${name} ${change(was[name], page[name])}`);

		if (was.present !== page.present)
			counts.push(page.present ? 'memmap comes' : 'memmap goes');
		if (counts.length)
			changed.push(make('span', {}, `page ${i} `, make('b', {}, counts.join(', '))));
	});
	return changed;
}

function textOf(item) {
	if (item.shows)
		return make('strong', { class: 'wrong' }, `\u2715 ${item.shows}`);
	if (item.operation)
		return make('b', {}, item.operation);
	if (item.ends)
		return make('i', {}, item.ends);
	return make('span', {}, breakable(item.step.verb),
		make('span', { class: 'object' }, ` ${item.step.object}`));
}

const sleeps = (item, lane) => item.step?.world.asleep.some(sleeper => sleeper.lane === lane);

/* The cell of @lane beside what another does: a bar while it is in an operation. */
function laneCell(item, lane) {
	const bar = sleeps(item, lane) ? ' bar asleep' : lane in item.inside ? ' bar' : '';

	if (item.lane !== lane)
		return make('td', { class: laneClass(lane) + bar });
	return make('td', { class: `${laneClass(lane)} bar acts` },
		item.operation ? badge(lane) : null, textOf(item));
}

const sourceOf = step => `${step.function}() ${step.source}:${step.line}`;
const sourceCell = step => make('td', { class: 'source' },
	make('span', {}, breakable(`${step.function}()`)), ' ',
	make('span', {}, breakable(`${step.source}:${step.line}`)));

function lanesOf(run, item) {
	const step = item.step;

	return [
		make('td', { class: 'number' }, step ? `${step.step}` : ''),
		...run.lanes.map(({ lane }) => laneCell(item, lane)),
		make('td', { class: 'counts' }, step ? changesOf(step) : ''),
		step ? sourceCell(step) : make('td', { class: 'source' }),
	];
}

/* One of two runs: all its lanes in one column. */
function sideOf(item, r) {
	const step = item?.step, number = `number side-${r}`;

	if (!item)
		return [make('td', { class: number }), make('td', { class: 'none', colspan: 2 })];
	return [
		make('td', { class: number }, step ? `${step.step}` : ''),
		make('td', { class: `${laneClass(item.lane)} bar acts`,
			title: step ? sourceOf(step) : null },
			item.operation ? badge(item.lane) : null, textOf(item)),
		make('td', { class: 'counts' }, step ? changesOf(step) : ''),
	];
}

function headOf(runs) {
	const task = ({ name, lane }) => [badge(lane), ` ${name}`];

	if (runs.length > 1)
		return make('tr', {}, runs.map((run, r) => [
			make('th', { class: `number side-${r}` }, run.rules),
			make('th', {}, run.lanes.map(each => make('span', { class: 'task' }, task(each)))),
			make('th', { class: 'counts' }, 'what changes'),
		]));
	return make('tr', {}, make('th', { class: 'number' }),
		runs[0].lanes.map(each => make('th', {}, task(each))),
		make('th', { class: 'counts' }, 'what changes'),
		make('th', { class: 'source' }, 'where in the model'));
}

const isDifference = (item, difference) => Boolean(difference && item?.operation &&
	item.lane === difference.lane && item.nth === difference.nth);

const differenceMark = ({ page }) => make('strong', { class: 'mark' },
	` \u2260 first difference${page === null ? '' : `, at page ${page}`}`);

function drawRow(runs, row, difference) {
	const first = row.items.find(item => item);
	const differs = row.items.some(item => isDifference(item, difference));
	const kind = ['step', 'shows', 'ends', 'operation'].find(name => first[name]);

	row.node = make('tr', { class: differs ? `${kind} differs` : kind, 'data-stop': row.stop },
		runs.length > 1 ? row.items.map(sideOf) : lanesOf(runs[0], first));
	if (differs)
		row.node.querySelectorAll('td.acts').forEach(cell => cell.append(differenceMark(difference)));
	return row.node;
}

/* A step that brought it about; a click goes there. */
function culpritRow(culprit, r) {
	const who = culprit.task ?? 'before the first step';
	const step = culprit.step ? ` at step ${culprit.step}` : '';
	const operation = culprit.operation ? `${culprit.operation}, in ` : 'in ';

	return make('tr', { class: 'culprit', 'data-run': r, 'data-step': culprit.step || null },
		make('td', { class: 'role' }, culprit.role),
		make('td', {}, make('b', {}, who + step), `: ${culprit.what}`,
			culprit.function ? make('p', { class: 'source' }, operation, sourceOf(culprit)) : null));
}

function endingOf(run, r) {
	const { ending } = run;
	const where = ending?.function ? ` in ${sourceOf(ending)}` : '';

	return make('section', { class: ending ? 'ending wrong' : 'ending' },
		make('h2', {}, ending ? `\u2715 ${ending.violation}` : '\u2713 no violation in this run',
			` under ${run.rules}`),
		ending ? make('p', {}, ending.means) : null,
		ending ? make('p', {}, `${ending.task ? `by ${ending.task}` : 'at the end of the run'}${where}`,
			ending.why ? `: ${ending.why}` : '') : null,
		ending?.repeats_from ? make('p', {}, `from step ${ending.repeats_from} the run repeats`) : null,
		run.sleepers.map(sleeper =>
			make('p', {}, `${sleeper.asleep} sleeps for ever in ${sourceOf(sleeper)}`)),
		ending?.culprit?.length ? make('h3', {}, 'who did it') : null,
		ending?.culprit?.length ? make('table', {}, ending.culprit.map(culprit =>
			culpritRow(culprit, r))) : null);
}

function drawSteps(runs, rows, difference) {
	byId('steps').append(
		make('table', { class: runs.length > 1 ? 'sides' : 'lanes',
			style: `--lanes: ${runs[0].lanes.length}` },
			make('thead', {}, headOf(runs)),
			make('tbody', {}, rows.map(row => drawRow(runs, row, difference)))),
		make('div', { class: 'endings' }, runs.map(endingOf)));
}

/* --- counts over the run ------------------------------------------------------------- */

const LABELS = 150, TOP = 16, LANE_HEIGHT = 16, CHART_HEIGHT = 58, AXIS = 18;

/* Pages whose counts change, or all where none does. */
function chartedPages(run) {
	const pages = run.steps[0].world.pages.map((page, i) => i);
	const changing = pages.filter(i => run.steps.some(step =>
		step.world.pages[i].refcount !== step.before.pages[i].refcount ||
		step.world.pages[i].mapcount !== step.before.pages[i].mapcount));

	return changing.length ? changing : pages;
}

function drawLane(run, view, lane, top) {
	const marks = view.stops.slice(1).map((stop, i) => {
		const step = run.steps[stop.at[view.r]];
		const moved = stop.at[view.r] !== view.stops[i].at[view.r];
		const x = view.x(i + 1);

		if (moved && step.lane === lane)
			return draw('rect', { class: laneClass(lane), x: x - view.step / 2, y: top + 3,
				width: Math.max(view.step - 0.5, 1), height: LANE_HEIGHT - 6 });
		if (step.world.asleep.some(sleeper => sleeper.lane === lane))
			return draw('line', { class: `${laneClass(lane)} sleep`, x1: x - view.step / 2,
				x2: x + view.step / 2, y1: top + LANE_HEIGHT / 2, y2: top + LANE_HEIGHT / 2 });
		return null;
	});

	return draw('g', {}, draw('text', { x: 4, y: top + 12 }, `${letter(lane)}  ${run.tasks[lane]}`),
		marks);
}

/* A count as stairs, and a mark where it changes: dots for one, squares for the other. */
function drawCount(run, view, page, name, y) {
	const values = view.stops.map(stop => run.steps[stop.at[view.r]].world.pages[page][name]);
	const path = values.map((value, i) => i ? `H${view.x(i)}V${y(value)}` : `M${view.x(0)},${y(value)}`);
	const marks = values.map((value, i) => {
		if (i && value === values[i - 1])
			return null;
		return name === 'refcount' ?
			draw('circle', { class: name, cx: view.x(i), cy: y(value), r: 3 }) :
			draw('rect', { class: name, x: view.x(i) - 3, y: y(value) - 3, width: 6, height: 6 });
	});

	return draw('g', {}, draw('path', { class: name, d: path.join('') }), marks);
}

function drawChart(run, view, page, top) {
	const values = run.steps.flatMap(step => [step.world.pages[page].refcount,
		step.world.pages[page].mapcount]);
	const least = Math.min(0, ...values), most = Math.max(1, ...values);
	const y = value => top + 8 + (most - value) / (most - least) * (CHART_HEIGHT - 18);
	const line = value => [
		draw('line', { class: 'grid', x1: view.x(0), x2: view.x(view.stops.length - 1),
			y1: y(value), y2: y(value) }),
		draw('text', { class: 'value', x: LABELS - 10, y: y(value) + 4 }, `${value}`),
	];

	return draw('g', {}, draw('text', { x: 4, y: top + 16 }, `page ${page}`),
		draw('text', { class: 'refcount', x: 4, y: top + 32 }, '\u25cf refcount'),
		draw('text', { class: 'mapcount', x: 4, y: top + 46 }, '\u25a0 mapcount'),
		line(least), line(most),
		drawCount(run, view, page, 'refcount', y), drawCount(run, view, page, 'mapcount', y));
}

function drawAxis(view, top) {
	const every = [1, 2, 5, 10, 20, 50, 100, 200, 500].find(n => n * view.step > 40) ?? 1000;

	const moved = i => i === 0 || view.stops[i].at[view.r] !== view.stops[i - 1].at[view.r];

	return view.stops.map((stop, i) => i % every || !moved(i) ? null :
		draw('text', { class: 'tick', x: view.x(i), y: top + 13 }, `${stop.at[view.r]}`));
}

/* The last has its name beside it, where there is room. */
function drawViolations(run, view, bottom) {
	return run.shows.map(({ after, shows }, nth) => {
		const i = Math.max(0, view.stops.findIndex(stop => stop.at[view.r] === after));
		const late = i > view.stops.length / 2;

		return draw('g', { class: 'wrong' },
			draw('line', { x1: view.x(i), x2: view.x(i), y1: 2, y2: bottom }),
			draw('text', { x: view.x(i) + (late ? -4 : 4), y: 12,
				'text-anchor': late ? 'end' : 'start' },
				nth < run.shows.length - 1 ? '\u2715' : `\u2715 ${shows}`));
	});
}

function drawTimeline(runs, r, stops, choose) {
	const run = runs[r], width = runs.length > 1 ? 700 : 1400;
	const step = (width - LABELS - 24) / Math.max(stops.length - 1, 1);
	const view = { stops, r, step, x: i => LABELS + 8 + i * step };
	const pages = chartedPages(run);
	const lanesEnd = TOP + run.lanes.length * LANE_HEIGHT;
	const bottom = lanesEnd + pages.length * CHART_HEIGHT;
	const cursor = draw('line', { class: 'cursor', y1: TOP, y2: bottom });
	const chart = draw('svg', { viewBox: `0 0 ${width} ${bottom + AXIS}`, role: 'img',
		'aria-label': `lanes, and counts of the pages, under ${run.rules}` },
		run.lanes.map(({ lane }, i) => drawLane(run, view, lane, TOP + i * LANE_HEIGHT)),
		pages.map((page, i) => drawChart(run, view, page, lanesEnd + i * CHART_HEIGHT)),
		drawAxis(view, bottom), drawViolations(run, view, bottom), cursor);

	chart.addEventListener('click', event => {
		const at = (event.clientX - chart.getBoundingClientRect().left) /
			chart.getBoundingClientRect().width * width;

		choose(Math.round((at - view.x(0)) / step));
	});
	byId('timelines').append(make('figure', {},
		runs.length > 1 ? make('figcaption', {}, run.rules) : null, chart));
	return stop => fill(cursor, { x1: view.x(stop), x2: view.x(stop) }, []);
}

/* --- the world at a step ---------------------------------------------------------------- */

function table(name, head, rows, none) {
	return make('section', { class: name },
		make('h3', {}, head[0]),
		rows.length ? make('table', {},
			make('thead', {}, make('tr', {}, head.slice(1).map(text => make('th', {}, text)))),
			make('tbody', {}, rows)) : make('p', { class: 'none' }, none));
}

const cell = (name, text, changed) =>
	make('td', { class: changed ? `${name} changed` : name }, `${text}`);

const heldText = held => Object.entries(held).map(([holder, units]) => `${holder} ${units}`)
	.join(', ') || 'nobody';

function pageRow(page, was, i) {
	const row = make('tr', { 'data-page': i, 'data-pfn': page.pfn }, cell('page', i));

	if (!page.present) {
		row.append(make('td', { class: 'gone', colspan: 4 }, 'memmap gone'));
		return row;
	}
	row.append(...['refcount', 'mapcount', 'ptes'].map(name =>
		cell(name, page[name], page[name] !== was[name])),
		cell('held', heldText(page.held), heldText(page.held) !== heldText(was.held)));
	return row;
}

const placeOf = entry => entry.table === 'DAX' ?
	`inode ${entry.owner}${entry.device ? ` of device ${entry.device}` : ''}, page ${entry.index}` :
	`mm ${entry.owner}, page ${entry.index}`;

const entryText = entry => JSON.stringify(entry);

function entryRow(entry, before) {
	const changed = !before.some(was => entryText(was) === entryText(entry));
	const last = entry.page + (1 << entry.order) - 1;
	const page = entry.page < 0 ? '\u2013' : entry.order ? `${entry.page}\u2013${last}` : entry.page;

	return make('tr', {}, cell('table', entry.order ? `${entry.table}, order ${entry.order}` :
		entry.table), cell('place', placeOf(entry)), cell('page', page, changed),
		cell('marks', entry.marks, changed));
}

function holdingRow(holding, choose, origin) {
	const since = holding.task === null ? 'before the first step' :
		`step ${holding.step}, ${holding.task}${holding.operation ? `, ${holding.operation}` : ''}`;
	const row = make('tr', { tabindex: 0 }, cell('page', holding.page), cell('holder', holding.holder),
		cell('units', holding.units), cell('since', since));

	row.addEventListener('click', () => choose(holding.step));
	row.addEventListener('mouseenter', () => origin(holding.step, true));
	row.addEventListener('mouseleave', () => origin(holding.step, false));
	return row;
}

function stepHead(run, step) {
	if (!step.step)
		return [make('h2', {}, `${run.rules}: before the first step`)];
	return [
		make('h2', {}, `${run.rules}: step ${step.step} of ${run.steps.length - 1}`),
		make('p', {}, badge(step.lane), ` ${run.tasks[step.lane]}`,
			step.operation ? `: ${step.operation}` : ''),
		make('p', { class: 'what' }, make('b', {}, `${step.verb} `), step.object),
		make('p', { class: 'source' }, sourceOf(step)),
	];
}

function drawWorld(run, number, choose, origin) {
	const step = run.steps[number], { world, before } = step;
	const sleeping = world.asleep.filter(sleeper => run.lanes.some(({ lane }) =>
		lane === sleeper.lane));

	return make('section', { class: 'world', 'data-rules': run.rules, 'data-step': number },
		stepHead(run, step),
		table('pages', ['Pages', 'page', 'refcount', 'mapcount', 'entries', 'held by'],
			world.pages.map((page, i) => pageRow(page, before.pages[i], i)), 'there are none'),
		table('ledger', ['Who holds what', 'page', 'holder', 'units', 'since'],
			world.holdings.map(holding => holdingRow(holding, choose, origin)), 'nobody holds anything'),
		table('entries', ['Page tables and DAX entries', '', 'where', 'page', ''],
			world.entries.map(entry => entryRow(entry, before.entries)), 'all are empty'),
		table('asleep', ['Asleep', '', 'in'],
			sleeping.map(({ lane, function: name }) => make('tr', {},
				cell('task', `${letter(lane)} ${run.tasks[lane]}`), cell('function', `${name}()`))),
			'nobody'));
}

/* --- stepping ------------------------------------------------------------------------------ */

function begin({ runs, difference }) {
	let chosen = -1;

	runs.forEach(readSteps);
	const items = runs.map(readItems);
	const rows = runs.length > 1 ? alignRows(...items) : items[0].map(item => ({ items: [item] }));
	const stops = readStops(runs, rows);
	const stopOf = (r, number) => stops.findIndex(stop => stop.at[r] === number);

	/* Show the world at a stop, be it the one chosen or one pointed at. */
	function show(stop) {
		byId('worlds').replaceChildren(...runs.map((run, r) =>
			drawWorld(run, stops[stop].at[r], number => choose(stopOf(r, number)),
				(number, on) => stops[stopOf(r, number)].row?.node.classList.toggle('origin', on))));
		cursors.forEach(move => move(stop));
	}

	/* At either end there is more to see than a step. */
	function bringIntoView(row) {
		if (!row)
			byId('steps').scrollTop = 0;
		else if (row === stops.at(-1).row)
			byId('steps').scrollTop = byId('steps').scrollHeight;
		else
			row.node.scrollIntoView({ block: 'nearest' });
	}

	function choose(stop) {
		const to = Math.min(Math.max(stop, 0), stops.length - 1);

		stops[chosen]?.row?.node.classList.remove('chosen');
		chosen = to;
		stops[to].row?.node.classList.add('chosen');
		bringIntoView(stops[to].row);
		byId('scrubber').value = to;
		byId('where').textContent = runs.map((run, r) =>
			`${stops[to].at[r]} of ${run.steps.length - 1}`).join(' | ');
		show(to);
	}

	const keys = {
		ArrowRight: () => chosen + 1, ArrowDown: () => chosen + 1,
		ArrowLeft: () => chosen - 1, ArrowUp: () => chosen - 1,
		PageDown: () => chosen + 10, PageUp: () => chosen - 10,
		Home: () => 0, End: () => stops.length - 1,
	};

	function listen() {
		document.addEventListener('keydown', event => {
			if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey)
				return;
			event.preventDefault();
			choose(keys[event.key]());
		});
		byId('scrubber').addEventListener('input', event => choose(Number(event.target.value)));
		for (const [id, key] of [['first', 'Home'], ['back', 'ArrowLeft'], ['next', 'ArrowRight'],
			['last', 'End']])
			byId(id).addEventListener('click', () => choose(keys[key]()));
		for (const row of document.querySelectorAll('.culprit[data-step]'))
			row.addEventListener('click', () =>
				choose(stopOf(Number(row.dataset.run), Number(row.dataset.step))));
		for (const { row } of stops.slice(1)) {
			row.node.addEventListener('click', () => choose(row.stop));
			row.node.addEventListener('mouseenter', () => show(row.stop));
			row.node.addEventListener('mouseleave', () => show(chosen));
		}
		window.addEventListener('hashchange', () => choose(linked()));
	}

	/* page.html#12 is step 12 of the first run; else where it goes wrong, or differs first. */
	function linked() {
		const number = Number.parseInt(location.hash.slice(1), 10);
		const differing = rows.findIndex(row => row.items.some(item =>
			isDifference(item, difference)));

		if (stopOf(0, number) >= 0)
			return stopOf(0, number);
		if (runs.length === 1 || differing < 0)
			return stops.length - 1;
		return rows.slice(differing).find(row => row.stop)?.stop ?? 0;
	}

	drawHead(runs);
	drawSteps(runs, rows, difference);
	const cursors = runs.map((run, r) => drawTimeline(runs, r, stops, choose));
	byId('scrubber').max = stops.length - 1;
	listen();
	choose(linked());
}

begin(JSON.parse(byId('runs').textContent));
