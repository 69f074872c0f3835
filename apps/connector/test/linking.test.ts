import { isFull } from '@chat-manager/test-run';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { admin } from './support/connector-system.ts';
import { startDeviceWorld, waiting } from './support/device-world.ts';

/** How a device is linked, and how that ends when it does not work. */
let world: Awaited<ReturnType<typeof startDeviceWorld>>;
beforeAll(async () => {
	world = await startDeviceWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Their faults are meant for every device that is not linked: nothing else may be on its way to the network. */
describe('linking, one at a time', () => {
	it('with a code that WhatsApp does not give ends, and says what to do', async () => {
		const person = world.person('refused');
		const match = { tag: 'iq', xmlns: 'md', type: 'set', child: 'link_code_companion_reg' };
		await world.fault({ kind: 'error', code: 429, match });
		await world.link(person, { method: 'code', phone: '15552000006' });
		await world.deviceIs(person, { state: 'unlinked', reason: 'asked_to_wait', code: null });
		expect(world.told('refused')).toEqual([]);
	});

	it.each([
		[403, 'restricted', 'banned'],
		[405, 'restricted', 'client_too_old'],
		[429, 'unlinked', 'asked_to_wait'],
	])('turned away with %i ends: %s', async (code, state, reason) => {
		const person = world.person(`turned-away-${code}`);
		await world.fault({ kind: 'login-failure', code });
		await world.link(person);
		await world.deviceIs(person, { state, reason, qr: null, advice: expect.stringMatching(/\w{3,}/) });
	});

	it('that cannot reach WhatsApp stops after some attempts (complaint 11)', async () => {
		const person = world.person('unreachable');
		const takeBack = await world.fault({ kind: 'login-failure', code: 503, count: 99 });
		onTestFinished(async () => void (await takeBack()));
		await world.link(person);
		await vi.waitFor(
			async () =>
				expect(await person.device()).toMatchObject({ state: 'unlinked', reason: 'unreachable', qr: null }),
			{ timeout: 45_000, interval: 200 },
		);
	});

	it('goes on when WhatsApp breaks off, with a new code', async () => {
		const person = world.person('broken-off');
		const phone = '15552000005';
		await world.phone(phone);
		const match = { tag: 'iq', xmlns: 'md', type: 'set', child: 'link_code_companion_reg' };
		await world.fault({ kind: 'drop', match, moment: 'before' });
		await world.link(person, { method: 'code', phone });
		await world.type(phone, await askedCode(person, phone));
		await person.connected();
	});
});

describe.concurrent('linking', () => {
	it('by a code that is typed into the phone (complaint 1)', async () => {
		const person = world.person('code');
		const phone = '15552000001';
		await world.phone(phone);
		expect(await world.link(person, { method: 'code', phone: '+1 (555) 200-0001' })).toMatchObject({
			state: 'linking',
			advice: expect.stringContaining('Type the code'),
		});
		const code = await world.shownCode(person);
		expect(code).toMatch(/^[1-9A-HJKLMNP-TV-Z]{8}$/);
		const shown = await person.device();
		expect(shown).toMatchObject({ state: 'linking', qr: null, codeExpiresAt: expect.any(String) });
		expect(await world.link(person, { method: 'code', phone })).toEqual(shown);
		await world.type(phone, code);
		await person.connected();
		expect(await person.device()).toMatchObject({ code: null, phone: `+${phone}`, reason: null });
		await world.toldIs('code', ['connected connected']);
	});

	it('by a code needs a number', async () => {
		await expect(world.link(world.person('no-number'), { method: 'code' })).rejects.toMatchObject({
			code: 'invalid_input',
			message: expect.stringMatching(/^phone: /),
		});
	});

	it('with a wrong code ends, and says so; then a QR code works, whatever the attempt left behind (complaint 1)', async () => {
		const person = world.person('wrong');
		const phone = '15552000002';
		await world.phone(phone);
		await world.link(person, { method: 'code', phone });
		await world.shownCode(person);
		await expect(world.type(phone, '11111111')).rejects.toThrow('403');
		await world.deviceIs(person, {
			state: 'unlinked',
			reason: 'code_refused',
			code: null,
			advice: expect.stringContaining('mistyped'),
		});
		await person.link(phone);
		await world.toldIs('wrong', ['connected connected']);
	});

	it('in one way can be left for another, and for another number', async () => {
		const person = world.person('changing');
		const [first, second] = ['15552000003', '15552000004'] as const;
		await world.link(person, { method: 'code', phone: first });
		await world.shownCode(person);
		await world.link(person, { method: 'code', phone: second });
		await world.type(second, await askedCode(person, second));
		await world.deviceIs(person, { state: 'connected', phone: `+${second}` });
	});
});

describe.concurrent('a passkey', () => {
	it.each(['qr', 'code'] as const)(
		'that is asked for by %s is said, and linking works when it is not (complaint 2)',
		async (method) => {
			const phone = method === 'qr' ? '15552000011' : '15552000012';
			const person = world.person(`passkey-${method}`);
			await world.phone(phone);
			await world.fault({ kind: 'passkey', device: phone });
			await world.link(person, method === 'qr' ? { method } : { method, phone });
			const scanned =
				method === 'qr'
					? world.shownQr(person).then((qr) => world.scan(phone, qr))
					: world.shownCode(person).then((code) => world.type(phone, code));
			await expect(scanned).rejects.toThrow('403');
			await world.deviceIs(person, {
				state: 'passkey_required',
				qr: null,
				code: null,
				advice: expect.stringContaining('passkey'),
			});
			expect(await world.devicesOf(phone)).toEqual([]);
			await person.link(phone);
		},
	);
});

if (isFull)
	describe.concurrent('nobody', () => {
		it.each(['qr', 'code'] as const)(
			'uses what is shown by %s: it ends when WhatsApp shows no more',
			async (method) => {
				const person = world.person(`nobody-${method}`);
				await world.link(person, method === 'qr' ? { method } : { method, phone: '15552000041' });
				await vi.waitFor(
					async () =>
						expect(await person.device()).toMatchObject({ state: 'unlinked', reason: `${method}_expired` }),
					{ timeout: 200_000, interval: 1_000 },
				);
			},
			240_000,
		);
	});

/**
 * The code of the request that the network has: what is shown is taken back before the next connection is made, so that what
 * stands there from then on is the code of that one.
 */
async function askedCode(person: ReturnType<typeof world.person>, phone: string): Promise<string> {
	const Asked = z.object({ pairings: z.array(z.object({ codeFor: z.string().optional() })) });
	await vi.waitFor(async () => {
		const { pairings } = Asked.parse(await admin(world.system, '/admin/pairings'));
		expect(pairings.map(({ codeFor }) => codeFor)).toContain(phone);
	}, waiting);
	return world.shownCode(person);
}
