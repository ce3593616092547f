// SPDX-License-Identifier: MIT
// node trace.js TRACE JSON: is the trace of explain --trace whole, and that of the run which
// explain --json tells of? Prints what is wrong, and the number of events and arrows.
'use strict';

const fs = require('fs');

const wrong = [];
const events = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')).traceEvents;
const lines = fs.readFileSync(process.argv[3], 'utf8').trim().split('\n').map(line => JSON.parse(line));
const steps = lines.filter(line => line.step);
const check = (right, what) => right || wrong.push(what);
const of = phase => events.filter(({ ph }) => ph === phase);
const told = JSON.stringify;

function checkFields() {
	const known = { M: ['args'], B: [], E: [], X: ['dur', 'args'], C: ['args'], s: ['id', 'cat'],
		f: ['id', 'cat', 'bp'], i: ['s'] };
	let last = 0;

	for (const event of events) {
		check(event.ph in known, `unknown phase: ${told(event)}`);
		check(typeof event.name === 'string' && Number.isInteger(event.pid) &&
			Number.isInteger(event.tid) && Number.isInteger(event.ts), `a field is bad: ${told(event)}`);
		for (const field of known[event.ph] ?? [])
			check(field in event, `no ${field}: ${told(event)}`);
		check(event.ts >= last, `earlier than the one before: ${told(event)}`);
		last = event.ts;
	}
}

/* Every begin has an end; a step lies in the operation that it is part of. */
function checkNesting() {
	const open = {}, slices = of('X');
	let nth = 0;

	for (const event of events) {
		if (event.ph === 'B') {
			check(!open[event.tid], `begun in another: ${told(event)}`);
			open[event.tid] = event;
		} else if (event.ph === 'E') {
			check(open[event.tid], `ends what was not begun: ${told(event)}`);
			delete open[event.tid];
		} else if (event.ph === 'X') {
			check((open[event.tid]?.name ?? null) === (steps[nth]?.operation ?? null),
				`in operation ${open[event.tid]?.name}: ${told(event)}`);
			nth++;
		}
	}
	check(!Object.keys(open).length, `not ended: ${told(open)}`);
	for (let i = 1; i < slices.length; i++)
		check(slices[i - 1].ts + slices[i - 1].dur < slices[i].ts, `overlaps: ${told(slices[i])}`);
}

function checkSteps() {
	const slices = of('X');
	const names = Object.fromEntries(of('M').filter(({ name }) => name === 'thread_name')
		.map(({ tid, args }) => [tid, args.name]));

	check(slices.length === steps.length, `${slices.length} slices, ${steps.length} steps`);
	slices.forEach((slice, i) => {
		const step = steps[i], { args } = slice;

		check(step && args.step === step.step && slice.name === step.verb &&
			names[slice.tid] === step.task && args.object === step.object &&
			args.function === step.function && args.source === step.source &&
			args.line === step.line, `not step ${told(step)}: ${told(slice)}`);
	});
}

/* The slice of @event's track that it lies in. */
const sliceOf = event => of('X').find(({ tid, ts, dur }) => tid === event.tid &&
	ts <= event.ts && event.ts < ts + dur);

function checkFlows() {
	for (const start of of('s')) {
		const ends = of('f').filter(({ id }) => id === start.id);

		check(of('s').filter(({ id }) => id === start.id).length === 1, `begun twice: ${told(start)}`);
		check(ends.length === 1 && ends[0].name === start.name && ends[0].cat === start.cat,
			`joins nothing, or too much: ${told(start)}`);
		check(ends.length && ends[0].ts > start.ts, `ends before it begins: ${told(start)}`);
		check(sliceOf(start) && ends.every(sliceOf), `in no step: ${told(start)}`);
	}
	check(of('s').length === of('f').length, 'an arrow that begins nowhere');
}

/* The counter of a page, as a step that touches its "page 0 refcount" or the like left it. */
function checkCounters() {
	let compared = 0;

	for (const { step, page, object } of steps.filter(line => line.page)) {
		const [track] = object.match(/^page \d+ /) ?? [];

		if (!track)
			continue;
		for (const name of ['refcount', 'mapcount']) {
			const counter = of('C').filter(event => event.ts < (step + 1) * 1000 &&
				event.name === track + name).at(-1);

			compared++;
			check(counter?.args[name] === page[name], `step ${step}: ${told(counter)}`);
		}
	}
	check(compared > 0, 'no counts to compare');
}

function checkViolation() {
	const marks = of('i').map(({ name }) => name);
	const { violation } = lines.find(line => line.means);

	check(marks.includes(violation), `no mark for ${violation}: ${marks}`);
}

checkFields();
checkNesting();
checkSteps();
checkFlows();
checkCounters();
checkViolation();
if (wrong.length)
	console.log(wrong.slice(0, 3).join('\n'));
const arrows = cat => of('s').filter(event => event.cat === cat).length;
console.log(`${events.length} events, ${arrows('wake')} wakes, ${arrows('reference')} references`);
process.exit(wrong.length ? 1 : 0);
