import { createLogger, createManualClock } from '@chat-manager/service';
import { expect, it } from 'vitest';
import { repeat } from '../src/repeat.ts';

const logger = createLogger({ name: 'storage', level: 'silent' });

it('does what came due while it ran when that ends, once', async () => {
	const clock = createManualClock();
	const first = Promise.withResolvers<void>();
	let begun = 0;
	const repeating = repeat({ clock, logger, intervalMs: 1_000, what: 'It failed' }, () => {
		begun++;
		return first.promise;
	});
	clock.advance(3_000);
	expect(begun).toBe(1);
	first.reject(new Error('away'));
	await expect.poll(() => begun).toBe(2);
	await repeating.stop();
	clock.advance(1_000);
	expect(begun).toBe(2);
});
