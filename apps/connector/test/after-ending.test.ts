import { describe, expect, it } from 'vitest';
import { afterEnding, type Ending } from '../src/devices/device-life.ts';

const ending = (change: Partial<Ending>): Ending => ({
	code: 0,
	isNewLogin: false,
	isRunOut: false,
	isCodeTyped: false,
	codeRefusal: null,
	needsPasskey: false,
	waitMs: null,
	...change,
});
const linked = { wasLinked: true, method: 'qr' as const, failures: 0, random: () => 1 };
const linking = { ...linked, wasLinked: false };
const minuteMs = 60_000;

describe('a device that is linked', () => {
	it.each([
		[401, 'logged_out', 'removed_on_phone'],
		[409, 'logged_out', 'link_void'],
		[411, 'logged_out', 'link_void'],
		[419, 'logged_out', 'link_void'],
		[403, 'restricted', 'banned'],
		[406, 'restricted', 'banned'],
		[440, 'replaced', null],
	])('is given up at %i: %s', (code, state, reason) => {
		expect(afterEnding(ending({ code }), linked)).toEqual({ state, reason, afterMs: null });
	});

	it('waits as long as WhatsApp says', () => {
		expect(afterEnding(ending({ code: 402, waitMs: 5 * minuteMs }), linked)).toEqual({
			state: 'restricted',
			reason: 'banned_for_a_while',
			afterMs: 5 * minuteMs,
		});
		expect(afterEnding(ending({ code: 503, waitMs: 2 * minuteMs }), linked)).toMatchObject({
			reason: 'asked_to_wait',
			afterMs: 2 * minuteMs,
		});
		const waits = [0, 1, 2, 9].map((failures) => afterEnding(ending({ code: 429 }), { ...linked, failures }));
		expect(waits.map(({ afterMs }) => (afterMs ?? 0) / minuteMs)).toEqual([1, 2, 4, 16]);
		expect(afterEnding(ending({ code: 405 }), linked)).toMatchObject({
			reason: 'client_too_old',
			afterMs: 60 * minuteMs,
		});
	});

	it('comes back later each time, up to a minute, each at a time of its own', () => {
		const waits = Array.from({ length: 12 }, (_, failures) =>
			afterEnding(ending({ code: 428 }), { ...linked, failures }),
		);
		expect(waits.slice(0, 4).map(({ afterMs }) => afterMs)).toEqual([500, 1_000, 2_000, 4_000]);
		expect(waits.at(-1)).toEqual({ state: 'offline', reason: null, afterMs: minuteMs });
		expect(waits[4]?.state).toBe('reconnecting');
		expect(afterEnding(ending({ code: 428 }), { ...linked, random: () => 0 }).afterMs).toBe(250);
	});

	it('does not spin when it is told to restart again and again', () => {
		expect(afterEnding(ending({ code: 515 }), linked).afterMs).toBe(0);
		expect(afterEnding(ending({ code: 515 }), { ...linked, failures: 3 }).afterMs).toBe(4_000);
	});
});

describe('a device that is being linked', () => {
	it.each([
		[{ needsPasskey: true, code: 428 }, 'passkey_required', null],
		[{ isRunOut: true, code: 408 }, 'unlinked', 'qr_expired'],
		[{ isCodeTyped: true, code: 428 }, 'unlinked', 'code_refused'],
		[{ codeRefusal: 400 }, 'unlinked', 'code_refused'],
		[{ codeRefusal: 429 }, 'unlinked', 'asked_to_wait'],
		[{ code: 429 }, 'unlinked', 'asked_to_wait'],
		[{ code: 403 }, 'restricted', 'banned'],
		[{ code: 402 }, 'restricted', 'banned_for_a_while'],
		[{ code: 405 }, 'restricted', 'client_too_old'],
	])('stops with %o: %s', (change, state, reason) => {
		expect(afterEnding(ending(change), linking)).toEqual({ state, reason, afterMs: null });
	});

	it('says of a code what it says of a QR code', () => {
		const byCode = { ...linking, method: 'code' as const };
		expect(afterEnding(ending({ isRunOut: true }), byCode).reason).toBe('code_expired');
	});

	it('tries a connection that breaks off five times more, and no oftener', () => {
		const states = Array.from({ length: 6 }, (_, failures) =>
			afterEnding(ending({ code: 408 }), { ...linking, failures }),
		);
		expect(states.slice(0, 5).map(({ state }) => state)).toEqual(Array(5).fill('linking'));
		expect(states[5]).toEqual({ state: 'unlinked', reason: 'unreachable', afterMs: null });
	});

	it('goes on at once when it was linked', () => {
		expect(afterEnding(ending({ code: 515, isNewLogin: true }), linking)).toEqual({
			state: 'connecting',
			reason: null,
			afterMs: 0,
		});
	});
});
