import { randomInt } from 'node:crypto';
import { askSimulator } from '@chat-manager/dev-env';
import { isFull } from '@chat-manager/test-run';
import type { Page, Request, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { arrive, ask, getPhones, link, meetNeighbours } from './support/arrive.ts';
import { withDashboard } from './support/dashboard.ts';
import { openHistory, somebody } from './support/fill.ts';

const dashboard = withDashboard();
/** The most that WhatsApp allows. */
const memberCount = isFull ? 1_024 : 256;
const messageCount = isFull ? 100_000 : 3_000;
/** What fits on a screen, what is kept ready around it, and the frame of the page. */
const maxElements = 900;

it(`holds only what is seen of ${memberCount} members and ${messageCount} messages`, {
	timeout: 900_000,
}, async () => {
	const visit = await dashboard.visit('/sign-in');
	const { page } = visit;
	const { id } = await arrive(dashboard, visit);
	const neighbours = await meetNeighbours(dashboard, 'The whole town');
	const { jid, you } = neighbours;
	const phones = await getPhones(dashboard, memberCount - 2);
	for (let index = 0; index < phones.length; index += 500)
		await askSimulator(dashboard.system, `/admin/groups/${jid}/participants`, {
			by: you,
			action: 'add',
			phones: phones.slice(index, index + 500),
		});
	await link(dashboard, visit, you);
	await ask(dashboard, visit, 'groups/star', { jid });
	await using history = await openHistory(dashboard, id, neighbours);
	const seed = randomInt(1_000_000);
	process.stdout.write(`Seed of the messages: ${seed}\n`);
	const people = Array.from({ length: 200 }, (_, index) => somebody(`Neighbour ${index}`));
	const now = Date.now();
	const minuteMs = 60_000;
	const texts = Array.from({ length: messageCount }, (_, index) => textOf(seed, index));
	await history.publish(
		texts.map((text, index) => {
			const at = new Date(now - (index + 1) * minuteMs);
			return history.message(jid, at, people[(seed + index) % people.length] ?? somebody(null), { text });
		}),
	);
	await history.settled();

	await page.goto(`${dashboard.system.url}/app/groups/${jid.replace('@g.us', '')}?tab=members`);
	await page.getByText(`${memberCount} members`).waitFor();
	const members = await scrollToEnd(page, 'Members', memberCount);
	await page.getByRole('tab', { name: 'Messages' }).click();
	const letGo = await holdOlderMessages(page);
	await page.getByText('Something new').waitFor({ state: 'detached' });
	const isBeginning = (request: Request) => isMessages(request) && !isOlder(request);
	const beginning = page.waitForResponse((response) => isBeginning(response.request()));
	await history.publish([history.message(jid, new Date(), somebody('Neighbour'), { text: 'Something new' })]);
	await beginning;
	await letGo();
	await page.evaluate('scrollTo(0, 0)');
	await page.getByText('Something new').waitFor();
	// That, and what Carlos wrote, is in the group too.
	const messages = await scrollToEnd(page, 'Messages', messageCount + 2);
	await page.getByText(texts.at(-1) ?? '', { exact: true }).waitFor();
	await page.getByRole('textbox', { name: 'Search messages' }).fill(`number${messageCount - 1}`);
	await expect.poll(() => page.getByRole('article').count()).toBe(1);
	await page.getByText(texts.at(-1) ?? '', { exact: true }).waitFor();
	process.stdout.write(`${JSON.stringify({ memberCount, messageCount, members, messages })}\n`);
});

/** Long and short ones, each with a word of its own. */
function textOf(seed: number, index: number): string {
	return `number${index} ${'all the neighbours know it by now '.repeat((seed + index * 7) % 5)}`.trim();
}

const isMessages = (request: Request) => request.url().endsWith('/api/messages/list');
const isOlder = (request: Request) => request.postDataJSON().before !== undefined;

/** Scrolls until older messages are asked for, and has them wait; until they have come once they are let go. */
async function holdOlderMessages(page: Page): Promise<() => Promise<void>> {
	const gate = Promise.withResolvers<void>();
	const hold = async (route: Route) => {
		if (isOlder(route.request())) await gate.promise;
		await route.continue();
	};
	await page.route('**/api/messages/list', hold);
	const asked = page.waitForRequest((request) => isMessages(request) && isOlder(request));
	await page.getByRole('list', { name: 'Messages' }).getByRole('listitem').first().waitFor();
	await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
	const response = (await asked).response();
	return async () => {
		gate.resolve();
		await response;
		await page.unroute('**/api/messages/list', hold);
	};
}

/** Scrolls as far down as there is anything, page after page; how much the page ever held, and the slowest frame. */
async function scrollToEnd(page: Page, label: string, count: number) {
	await page.getByRole('list', { name: label }).getByRole('listitem').first().waitFor();
	const startedAt = Date.now();
	const seen = await page.evaluate<{
		rows: number;
		elements: number;
		frameMs: number;
		last: number;
	}>(`(async () => {
		const seen = { rows: 0, elements: 0, frameMs: 0, last: 0 };
		let before = performance.now();
		while (seen.last < ${count}) {
			scrollTo(0, document.documentElement.scrollHeight);
			await new Promise(requestAnimationFrame);
			const now = performance.now();
			seen.frameMs = Math.max(seen.frameMs, Math.round(now - before));
			before = now;
			const rows = document.querySelectorAll('ul[aria-label="${label}"] > li');
			seen.rows = Math.max(seen.rows, rows.length);
			seen.elements = Math.max(seen.elements, document.querySelectorAll('*').length);
			seen.last = Math.max(seen.last, Number([...rows].at(-1)?.getAttribute('aria-posinset') ?? 0));
		}
		return seen;
	})()`);
	expect(seen.last).toBe(count);
	expect(seen.rows).toBeLessThan(60);
	expect(seen.elements).toBeLessThan(maxElements);
	return { ...seen, seconds: Math.round((Date.now() - startedAt) / 100) / 10 };
}
