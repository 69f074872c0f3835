import { AppError } from '@chat-manager/contracts';
import { createManualClock } from '@chat-manager/service';
import { describe, expect, it } from 'vitest';
import { createLimits } from '../src/groups/limits.ts';

const minuteMs = 60_000;
const settings = { queriesPerMinute: 30, changesPerMinute: 10, addsPerHour: 50, messagesPerMinute: 3 };

function start() {
	const clock = createManualClock(Date.parse('2026-11-22T09:00:00Z'));
	const limits = createLimits({ clock, settings });
	/** How long to wait before a message; 0: it may go. */
	const waitMs = () => {
		try {
			limits.passMessage();
			return 0;
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			expect(error.code).toBe('whatsapp_rate_limited');
			return error.retryAfterMs;
		}
	};
	const add = () => limits.change(async () => 'added', 1);
	return { clock, limits, waitMs, add };
}

describe('messages', () => {
	it('go at a pace, after a burst', () => {
		const { clock, waitMs } = start();
		for (let count = 0; count < 6; count++) expect(waitMs()).toBe(0);
		expect(waitMs()).toBe(20_000);
		clock.advance(20_000);
		expect(waitMs()).toBe(0);
		expect(waitMs()).toBe(20_000);
	});

	it('wait after 429 and 463, longer each time, and as usual after one that was taken', () => {
		const { clock, limits, waitMs } = start();
		expect(limits.noteMessage('500')).toBeUndefined();
		expect(limits.noteMessage('463')).toBe(10 * minuteMs);
		expect(waitMs()).toBe(10 * minuteMs);
		clock.advance(10 * minuteMs);
		expect(waitMs()).toBe(0);
		expect(limits.noteMessage('463')).toBe(20 * minuteMs);
		clock.advance(20 * minuteMs);
		limits.noteMessage(null);
		expect(limits.noteMessage('463')).toBe(10 * minuteMs);
		clock.advance(10 * minuteMs);
		expect(limits.noteMessage('429')).toBe(minuteMs);
		expect(waitMs()).toBe(minuteMs);
	});
});

describe('a time-lock that WhatsApp tells of', () => {
	it('holds back messages and additions until its end, or until WhatsApp says that it is over', async () => {
		const { clock, limits, waitMs, add } = start();
		limits.restrictUntil(clock.now() + 5 * minuteMs);
		expect(waitMs()).toBe(5 * minuteMs);
		await expect(add()).rejects.toMatchObject({ code: 'whatsapp_rate_limited', retryAfterMs: 5 * minuteMs });
		expect(await limits.look(async () => 'seen')).toBe('seen');
		clock.advance(5 * minuteMs);
		expect(waitMs()).toBe(0);
		expect(await add()).toBe('added');
		limits.restrictUntil(clock.now() + 60 * minuteMs);
		limits.restrictUntil(null);
		expect(waitMs()).toBe(0);
		expect(await add()).toBe('added');
	});
});
