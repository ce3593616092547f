// SPDX-License-Identifier: MIT
// What a page shows is what --json says of the same run. See pages.sh.
'use strict';

const { chromium } = require('playwright-core');
const fs = require('fs');
const path = require('path');

const work = process.argv[2];
let passed = 0, failed = 0;

function expect(name, got, wanted) {
	if (JSON.stringify(got) === JSON.stringify(wanted)) {
		passed++;
		return;
	}
	failed++;
	console.log(`FAILED  ${name}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

const lines = name => fs.readFileSync(path.join(work, `${name}.json`), 'utf8').trim().split('\n')
	.map(line => JSON.parse(line));

/* Open @file; what the console says, and what is asked of the network, is an error. */
async function open(browser, file, options = {}) {
	const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });

	page.errors = [];
	page.on('console', message => page.errors.push(message.text()));
	page.on('pageerror', error => page.errors.push(error.message));
	page.on('request', request => {
		if (request.url() !== `file://${encodeURI(file)}`)
			page.errors.push(`asks for ${request.url()}`);
	});
	await page.goto(`file://${encodeURI(file)}`);
	return page;
}

/* The step that is shown, and of each page what is in its row. */
const shown = page => page.evaluate(() => [...document.querySelectorAll('.world')].map(world => ({
	step: Number(world.dataset.step),
	pages: Object.fromEntries([...world.querySelectorAll('[data-pfn]')].map(row =>
		[row.dataset.pfn, Object.fromEntries([...row.cells].map(cell =>
			[cell.className.split(' ')[0], cell.textContent]))])),
})));

const held = page => Object.entries(page.held).map(([holder, units]) => `${holder} ${units}`)
	.join(', ') || 'nobody';

/* How often the counts of the page and of @steps differ, stepping from the first to the last. */
async function differences(page, steps) {
	const differing = [];
	let compared = 0;

	await page.keyboard.press('Home');
	for (const step of steps) {
		await page.keyboard.press('ArrowRight');
		const [{ step: number, pages }] = await shown(page);

		if (number !== step.step)
			differing.push(`step ${number} instead of ${step.step}`);
		if (!step.page)
			continue;
		compared++;
		const row = pages[step.page.pfn];
		const same = step.page.present ? row.refcount === `${step.page.refcount}` &&
			row.mapcount === `${step.page.mapcount}` && row.ptes === `${step.page.ptes}` &&
			row.held === held(step.page) : row.gone === 'memmap gone';
		if (!same)
			differing.push(`step ${number}: ${JSON.stringify(row)}`);
	}
	return { compared, differing };
}

/* Who did it is told as explain tells it, and a click goes to the step. */
async function culprits(page, name, { culprit }) {
	const rows = page.locator('tr.culprit');
	const told = await rows.locator('td:nth-child(2)').evaluateAll(cells => cells.map(cell =>
		cell.firstChild.textContent + cell.childNodes[1].textContent));

	expect(`${name}: who did it`, told, culprit.map(({ task, step, what }) =>
		`${task ?? 'before the first step'}${step ? ` at step ${step}` : ''}: ${what}`));
	for (const [i, { step }] of culprit.entries()) {
		if (!step)
			continue;
		await rows.nth(i).click();
		await page.mouse.move(0, 0);
		expect(`${name}: to the step of who did it`, (await shown(page))[0].step, step);
	}
}

/* A lane keeps room for words, however narrow the window is. */
async function narrow(browser, name) {
	const page = await open(browser, path.join(work, `${name}.html`), { viewport:
		{ width: 1000, height: 700 } });
	const widths = await page.locator('table.lanes thead th').evaluateAll(cells => cells.map(cell =>
		cell.getBoundingClientRect().width));

	expect(`${name}: lanes have room`, Math.min(...widths.slice(1)) >= 130, true);
	await page.close();
}

async function explained(browser, name) {
	const file = path.join(work, `${name}.html`);
	const page = await open(browser, file);
	const steps = lines(name).filter(line => line.step);
	const ending = lines(name).find(line => line.means);
	const { compared, differing } = await differences(page, steps);

	expect(`${name}: counts at each step`, differing, []);
	expect(`${name}: steps that touch a page`, compared > 0, true);
	await page.keyboard.press('ArrowRight');
	expect(`${name}: no step after the last`, (await shown(page))[0].step, steps.length);
	await page.keyboard.press('ArrowLeft');
	expect(`${name}: a step back`, (await shown(page))[0].step, steps.length - 1);
	await page.keyboard.press('Home');
	expect(`${name}: before the first`, (await shown(page))[0].step, 0);
	await page.keyboard.press('End');
	expect(`${name}: the last`, (await shown(page))[0].step, steps.length);
	await page.locator('#scrubber').fill('3');
	expect(`${name}: the scrubber`, (await shown(page))[0].step, 3);
	await page.locator('tr.step').nth(4).hover();
	expect(`${name}: pointed at`, (await shown(page))[0].step, 5);
	expect(`${name}: the violation in the lanes`,
		await page.locator('tr.shows strong').last().textContent(), `\u2715 ${ending.violation}`);
	expect(`${name}: what it means`,
		(await page.locator('.ending').textContent()).includes(ending.means), true);
	await culprits(page, name, ending);
	expect(`${name}: less than a megabyte`, fs.statSync(file).size < 1 << 20, true);
	expect(`${name}: nothing said, nothing asked for`, page.errors, []);
	await page.close();
}

/* Who sleeps for ever does so from one step on, and at the end. */
async function sleeping(browser, name) {
	const page = await open(browser, path.join(work, `${name}.html`));
	const { asleep } = lines(name).find(line => line.asleep);
	const counts = await page.locator('tr.step .counts').allTextContents();
	const step = counts.findLastIndex(text => text === 'B sleeps');

	expect(`${name}: who goes to sleep acts`, lines(name).filter(line => line.step)[step].task, asleep);
	expect(`${name}: who is asleep`, await page.locator('.asleep .task').allTextContents(),
		[`B ${asleep}`]);
	for (let last = counts.length; last > step; last--)
		await page.keyboard.press('ArrowLeft');
	expect(`${name}: nobody was asleep before`, await page.locator('.asleep .none').count(), 1);
	await page.close();
}

/* What fails is told where it ends, and what returns is not. */
async function failing(browser, name) {
	const page = await open(browser, path.join(work, `${name}.html`));
	const told = await page.locator('tr.ends i').allTextContents();
	const wanted = lines(name).flatMap(line => line.then ?? []).filter(event => event.failed);

	expect(`${name}: some fail, others return`, wanted.length > 0 &&
		lines(name).some(line => line.then?.some(event => event.ends === 'returns')), true);
	expect(`${name}: what fails`, told, wanted.map(event => event.ends));
	await page.close();
}

/* A page with one count changed is told apart. */
async function changed(browser, name) {
	const html = fs.readFileSync(path.join(work, `${name}.html`), 'utf8');
	const file = path.join(work, 'changed.html');

	fs.writeFileSync(file, html.replace(/("pages":\[\{[^\]]*"refcount":)2,/, '$17,'));
	const page = await open(browser, file);
	const { differing } = await differences(page, lines(name).filter(line => line.step));

	expect('a changed count is told apart', differing.length > 0, true);
	await page.close();
}

async function compared(browser, name) {
	const page = await open(browser, path.join(work, `${name}.html`));
	const wanted = lines(name).find(line => 'first_difference' in line).first_difference;
	const marked = await page.locator('tr.differs').evaluateAll(rows => rows.map(row =>
		row.querySelector('td.acts b:not(.badge)').textContent));

	expect(`${name}: the first difference`, marked, wanted ? [wanted.operation] : []);
	if (wanted) {
		const mark = await page.locator('tr.differs .mark').first().textContent();
		const badge = await page.locator('tr.differs .badge').first().textContent();

		expect(`${name}: its task`, badge, String.fromCharCode(65 + wanted.lane));
		expect(`${name}: its page`, mark.includes(`at page ${wanted.page}`), wanted.page !== null);
	}
	await page.keyboard.press('End');
	const ends = (await shown(page)).map(world => world.pages);
	for (const [side, rules] of [...new Set(lines(name).filter(line => line.pages)
		.map(line => line.rules))].entries()) {
		const last = lines(name).filter(line => line.pages && line.rules === rules).at(-1);

		for (const of of last.pages)
			expect(`${name}: page ${of.pfn} at the end under ${rules}`,
				of.present ? ends[side][of.pfn].refcount : ends[side][of.pfn].gone,
				of.present ? `${of.refcount}` : 'memmap gone');
	}
	expect(`${name}: nothing said, nothing asked for`, page.errors, []);
	await page.close();
}

async function hostile(browser) {
	const page = await open(browser, path.join(work, 'hostile.html'));
	const markup = '<script>window.broken = 1</script>';

	await page.locator('summary').click();
	expect('markup: nothing of it has run', await page.evaluate(() => window.broken), undefined);
	expect('markup: the name', await page.locator('h1').textContent(),
		'<img src=x onerror="window.broken = 1">');
	expect('markup: the story', (await page.locator('#story').textContent()).includes(markup), true);
	expect('markup: a task', await page.locator('#steps th').nth(1).textContent(), `A ${markup}`);
	expect('markup: no element of it', await page.locator('img, script:not(#runs)').count(), 1);
	expect('markup: nothing said, nothing asked for', page.errors, []);
	await page.close();
}

/* Light, dark and on paper. */
async function looks(browser) {
	const file = path.join(work, 'explain-wakeup.html');
	const papers = [];

	for (const colorScheme of ['light', 'dark']) {
		const page = await open(browser, file, { colorScheme });

		papers.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
		await page.emulateMedia({ media: 'print' });
		expect('paper has no buttons', await page.locator('nav').isVisible(), false);
		expect('paper has all steps', await page.evaluate(() =>
			document.getElementById('steps').scrollHeight <=
			document.getElementById('steps').clientHeight), true);
		await page.close();
	}
	expect('dark is not light', papers[0] !== papers[1], true);
}

(async () => {
	const browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox'] });

	for (const name of ['explain-unplug', 'explain-wakeup', 'explain-share', 'explain-private'])
		await explained(browser, name);
	await narrow(browser, 'explain-private');
	await sleeping(browser, 'explain-wakeup');
	await failing(browser, 'explain-failing');
	await changed(browser, 'explain-wakeup');
	for (const name of ['compare-end', 'compare-page', 'compare-same'])
		await compared(browser, name);
	await hostile(browser);
	await looks(browser);
	await browser.close();
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed ? 1 : 0);
})();
