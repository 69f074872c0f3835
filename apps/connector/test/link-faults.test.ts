import { createRandom, isFull } from '@chat-manager/test-run';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDeviceWorld } from './support/device-world.ts';

/**
 * Every fault of the simulated network on the way from a scanned QR code to a device that is connected, at each step of that
 * way. However it goes, the device is linked in the end, or it says what became of it and what to do, and the next attempt
 * links it. `npm test` draws a few by lot; `npm run test:full` runs all.
 */
const drawn = 6;
const steps = {
	'the answer to the QR code': { tag: 'iq', type: 'result' },
	'the count of keys': { tag: 'iq', xmlns: 'encrypt', type: 'get' },
	'the keys': { tag: 'iq', xmlns: 'encrypt', type: 'set' },
	'going active': { tag: 'iq', xmlns: 'passive' },
};
const ofQueries = [
	...[400, 401, 403, 404, 429, 500, 503].map((code) => ({ kind: 'error', code })),
	{ kind: 'silence', handled: false },
	{ kind: 'silence', handled: true },
];
const ofAll = [
	{ kind: 'delay', delayMs: 1_500 },
	...(['before', 'after'] as const).flatMap((moment) => [
		{ kind: 'drop', moment },
		...[401, 403, 440, 500, 503, 515].map((code) => ({ kind: 'stream-error', code, moment })),
	]),
];
const all = Object.entries(steps).flatMap(([step, match]) =>
	[...('xmlns' in match ? ofQueries : []), ...ofAll].map((fault) => ({ step, match, fault })),
);
const cases = (isFull ? all : createRandom().shuffle(all).slice(0, drawn)).map((one, index) => ({
	...one,
	phone: `15559${String(index).padStart(6, '0')}`,
	title: `${JSON.stringify(one.fault)} at ${one.step}`,
}));
const patience = { timeout: 90_000, interval: 200 };
const ended = ['unlinked', 'logged_out', 'replaced', 'restricted'];

let world: Awaited<ReturnType<typeof startDeviceWorld>>;
beforeAll(async () => {
	world = await startDeviceWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

describe('while a device is linked', () => {
	it.each(cases)(
		'$title',
		async ({ match, fault, phone }) => {
			const person = world.person(`link-${phone}`);
			await world.link(person);
			const qr = await world.shownQr(person);
			const takeBack = await world.fault({ ...fault, match, count: 1 });
			await scan(phone, qr);
			let scanned = qr;
			const settled = await vi.waitFor(async () => {
				const device = await person.device();
				if (device.qr !== null && device.qr !== scanned) {
					scanned = device.qr;
					await scan(phone, scanned);
				}
				expect(['connected', ...ended]).toContain(device.state);
				return device;
			}, patience);
			await takeBack().catch((error: unknown) => expect(String(error)).toContain('404'));
			if (settled.state === 'connected') return;
			expect(settled.advice).toMatch(/\w{3,}/);
			await person.link(phone);
		},
		240_000,
	);
});

/** The phone says so when the other side went away meanwhile; then there is another code to scan. */
async function scan(phone: string, qr: string): Promise<void> {
	await world.scan(phone, qr).catch((error: unknown) => expect(String(error)).toMatch(/: 4(10|04|00|03) /));
}
