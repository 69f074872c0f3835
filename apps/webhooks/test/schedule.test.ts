import { describe, expect, it } from 'vitest';
import { parseRetryAfter, retryDelayMs } from '../src/delivery/schedule.ts';

const now = Date.UTC(2026, 10, 22, 9);
const middle = () => 0.5;
const hour = 3_600_000;

describe('retryDelayMs', () => {
	it('gives twelve attempts over about three days', () => {
		const delays: number[] = [];
		for (let made = 1; ; made++) {
			const delay = retryDelayMs({ made, retryAfter: undefined, now }, middle);
			if (delay === undefined) break;
			delays.push(delay);
		}
		expect(delays.map((delay) => delay / 1_000)).toEqual([
			5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400,
		]);
	});

	it('spreads each delay by a tenth', () => {
		const at = (random: number) => retryDelayMs({ made: 4, retryAfter: undefined, now }, () => random);
		expect(at(0)).toBe(540_000);
		expect(at(0.999_999)).toBe(660_000);
	});

	it('waits longer when it is asked to, up to a day, and never shorter', () => {
		const delay = (retryAfter: string) => retryDelayMs({ made: 2, retryAfter, now }, middle);
		expect(delay('600')).toBe(600_000);
		expect(delay('1')).toBe(30_000);
		expect(delay('9999999')).toBe(24 * hour);
		expect(delay('Sun, 22 Nov 2026 10:00:00 GMT')).toBe(hour);
		expect(delay('soon')).toBe(30_000);
	});

	it('ends, whatever is asked', () => {
		expect(retryDelayMs({ made: 12, retryAfter: '60', now }, middle)).toBeUndefined();
	});
});

describe('parseRetryAfter', () => {
	it.each([
		['120', 120_000],
		[' 0 ', 0],
		['Sun, 22 Nov 2026 09:02:00 GMT', 120_000],
		['Sunday, 22-Nov-26 09:02:00 GMT', 120_000],
		['Sun, 22 Nov 2020 09:02:00 GMT', 0],
		['-5', undefined],
		['1.5', undefined],
		['2026-11-22', undefined],
		['', undefined],
		[undefined, undefined],
	])('reads %j as %j', (value, expected) => {
		expect(parseRetryAfter(value, now)).toBe(expected);
	});
});
