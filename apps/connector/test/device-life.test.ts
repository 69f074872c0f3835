import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awaySeconds, startDeviceWorld, waiting } from './support/device-world.ts';

/** How links end and break, on real connections: what the person and the subscribers are told. */
let world: Awaited<ReturnType<typeof startDeviceWorld>>;
beforeAll(async () => {
	world = await startDeviceWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

describe.concurrent('the end of a link', () => {
	it.each([
		['restricted', 'banned', 403, '15552000021'],
		['restricted', 'banned', 406, '15552000022'],
		['logged_out', 'link_void', 411, '15552000023'],
		['logged_out', 'removed_on_phone', 401, '15552000024'],
	])('%s (%s) when a login is turned away with %i (complaint 3)', async (state, reason, code, phone) => {
		const person = await world.linked(`end-${code}`, phone);
		await world.fault({ kind: 'login-failure', code, device: phone });
		await world.fault({ kind: 'drop', device: phone });
		await world.deviceIs(person, { state, reason, phone: null, retryAt: null });
		await world.toldIs(`end-${code}`, ['connected connected', `disconnected ${state} ${reason}`]);
		await expect(person.holder.groups.list({}, person.caller())).rejects.toMatchObject({
			code: 'device_offline',
		});
		await person.link(phone); // And it can be linked anew.
		await world.toldIs(`end-${code}`, [
			'connected connected',
			`disconnected ${state} ${reason}`,
			'connected connected',
		]);
	});

	it('replaced, when another program took it over, is not fought (complaint 12)', async () => {
		const person = await world.linked('replaced', '15552000025');
		await world.fault({ kind: 'stream-error', code: 440, device: '15552000025' });
		await world.deviceIs(person, { state: 'replaced', advice: expect.stringContaining('Another program') });
		await world.toldIs('replaced', ['connected connected', 'disconnected replaced']);
	});

	it('unlinked here, is told once', async () => {
		const person = await world.linked('unlinked', '15552000026');
		await person.anywhere.devices.unlink({}, person.caller());
		await world.deviceIs(person, { state: 'unlinked', reason: 'unlinked_here' });
		await world.toldIs('unlinked', ['connected connected', 'disconnected unlinked unlinked_here']);
		expect(await world.devicesOf('15552000026')).toEqual([]);
	});
});

describe.concurrent('unlinking', () => {
	it.each([
		['no answer', { kind: 'silence' }, '15552000051', true],
		['no answer, though it was done', { kind: 'silence', handled: true }, '15552000052', false],
		['a refusal', { kind: 'error', code: 500 }, '15552000053', true],
		['a broken connection', { kind: 'drop', moment: 'before' }, '15552000054', true],
		['a device that is offline', undefined, '15552000055', true],
	])('is done here with %s, and told once', async (_what, what, phone, staysOnPhone) => {
		const person = await world.linked(`leaving-${phone}`, phone);
		const match = { tag: 'iq', xmlns: 'md', type: 'set', child: 'remove-companion-device' };
		if (what !== undefined) await world.fault({ ...what, match, device: phone });
		else {
			await world.fault({ kind: 'login-failure', code: 503, count: 99, device: phone });
			await world.fault({ kind: 'drop', device: phone });
		}
		expect(await person.anywhere.devices.unlink({}, person.caller())).toMatchObject({
			state: 'unlinked',
			reason: 'unlinked_here',
			phone: null,
		});
		expect((await world.devicesOf(phone)).length).toBe(staysOnPhone ? 1 : 0);
		await vi.waitFor(
			() => expect(world.told(`leaving-${phone}`).at(-1)).toMatch(/^disconnected unlinked/),
			waiting,
		);
		await world.deviceIs(person, { state: 'unlinked' });
	});
});

describe.concurrent('an interruption', () => {
	it('for as long as WhatsApp says, when an account is banned for a while', async () => {
		const phone = '15552000031';
		const person = await world.linked('for-a-while', phone);
		await world.fault({ kind: 'login-failure', code: 402, expireSeconds: 4, device: phone });
		await world.fault({ kind: 'drop', device: phone });
		await world.deviceIs(person, {
			state: 'restricted',
			reason: 'banned_for_a_while',
			retryAt: expect.any(String),
			phone: `+${phone}`,
		});
		await person.connected();
		expect(await person.device()).toMatchObject({ reason: null, retryAt: null });
	});

	it.each([
		[429, 'offline', 'asked_to_wait', 50_000, '15552000032'],
		[405, 'restricted', 'client_too_old', 3_000_000, '15552000033'],
	])('with %i is waited out, and the link stays', async (code, state, reason, atLeastMs, phone) => {
		const person = await world.linked(`wait-${code}`, phone);
		const before = Date.now();
		await world.fault({ kind: 'login-failure', code, device: phone });
		await world.fault({ kind: 'drop', device: phone });
		await world.deviceIs(person, { state, reason });
		const { retryAt } = await person.device();
		expect(Date.parse(retryAt ?? '') - before).toBeGreaterThan(atLeastMs);
		await expect(world.link(person)).rejects.toMatchObject({ code: 'already_linked' });
	});

	it.each([
		['a broken connection', { kind: 'drop' }, '15552000034'],
		['a restart that WhatsApp asks for', { kind: 'stream-error', code: 515 }, '15552000035'],
	])('of a moment (%s) is told to nobody', async (_what, what, phone) => {
		const person = await world.linked(`blip-${phone}`, phone);
		const before = await world.connectedAtMs(`blip-${phone}`);
		await world.fault({ ...what, device: phone });
		await vi.waitFor(
			async () => expect(await world.connectedAtMs(`blip-${phone}`)).toBeGreaterThan(before),
			waiting,
		);
		await person.anywhere.devices.unlink({}, person.caller());
		await world.toldIs(`blip-${phone}`, ['connected connected', 'disconnected unlinked unlinked_here']);
	});

	it('that lasts is told, from when it began, and so is its end', async () => {
		const phone = '15552000036';
		const person = await world.linked('away', phone);
		const takeBack = await world.fault({ kind: 'login-failure', code: 503, device: phone, count: 99 });
		const before = Date.now();
		await world.fault({ kind: 'drop', device: phone });
		await vi.waitFor(() => expect(world.told('away')).toHaveLength(2), waiting);
		const gone = world.eventsOf('device.disconnected', 'away')[0];
		expect(gone?.data.state).toMatch(/^(connecting|reconnecting|offline)$/);
		// It is told after a while only, and from its beginning.
		const beganAt = Date.parse(gone?.at ?? '');
		expect(beganAt).toBeGreaterThanOrEqual(before);
		expect(Date.now() - beganAt).toBeGreaterThanOrEqual(awaySeconds * 1_000);
		await takeBack();
		await person.connected();
		await vi.waitFor(() => expect(world.told('away').at(-1)).toBe('connected connected'), waiting);
	});

	it('of a connection on which nothing arrives any more is noticed (complaint 4)', async () => {
		const phone = '15552000037';
		const person = await world.linked('silent', phone);
		const silence = [
			{ kind: 'silence', match: {}, device: phone, count: 10_000 },
			{ kind: 'lose', match: {}, device: phone, count: 10_000 },
		];
		const takeBacks = await Promise.all(silence.map(world.fault));
		await world.deviceIs(person, { state: expect.stringMatching(/^(reconnecting|connecting|offline)$/) });
		for (const takeBack of takeBacks) await takeBack();
		await person.connected();
	});
});

it('holds to what WhatsApp said over a restart too', async () => {
	const phone = '15552000062';
	const person = await world.linked('long-wait', phone);
	// An hour, so that it is not over before this test is.
	await world.fault({ kind: 'login-failure', code: 402, expireSeconds: 3_600, device: phone });
	await world.fault({ kind: 'drop', device: phone });
	await world.deviceIs(person, { state: 'restricted', reason: 'banned_for_a_while' });
	const { retryAt } = await person.device();
	const connector = world.system.service('connector');
	const leases = async () => (await world.owners()).get(person.userId);
	await connector.stop();
	expect(await leases()).toBeNull();
	await connector.start();
	await vi.waitFor(async () => expect(await leases()).not.toBeNull(), waiting);
	// Another device is back, so this one would be, too.
	await (await world.linked('after-restart', '15552000061')).connected();
	expect(await person.device()).toMatchObject({ state: 'restricted', reason: 'banned_for_a_while', retryAt });
});
