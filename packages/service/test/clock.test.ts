import { expect, test } from 'vitest';
import { createManualClock, sleep } from '../src/index.ts';

test('a manual clock runs what comes due in order, with the time it was due at', () => {
	const clock = createManualClock(1_000);
	const ran: [string, number][] = [];
	const note = (name: string) => () => ran.push([name, clock.now()]);
	clock.setTimeout(note('late'), 30);
	clock.setTimeout(() => {
		note('first')();
		clock.setTimeout(note('nested'), 5);
	}, 10);
	clock.clearTimeout(clock.setTimeout(note('never'), 20));
	clock.advance(29);
	expect(ran).toEqual([
		['first', 1_010],
		['nested', 1_015],
	]);
	expect([clock.now(), clock.monotonicMs(), clock.pending()]).toEqual([1_029, 29, 1]);
	clock.advance(1);
	expect(ran.at(-1)).toEqual(['late', 1_030]);
});

test('sleep follows the clock, and its signal ends it', async () => {
	const clock = createManualClock();
	const slept = sleep(clock, 50);
	clock.advance(50);
	await slept;

	const controller = new AbortController();
	const aborted = sleep(clock, 50, controller.signal);
	controller.abort(new Error('enough'));
	await expect(aborted).rejects.toThrow('enough');
	expect(clock.pending()).toBe(0);
	await expect(sleep(clock, 50, controller.signal)).rejects.toThrow('enough');
});
