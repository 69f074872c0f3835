import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { onSignal, openBucket, sendSignal } from '../src/index.ts';
import { startBus } from './support.ts';

let net: Awaited<ReturnType<typeof startBus>>;
beforeAll(async () => {
	net = await startBus();
});
afterAll(() => net[Symbol.asyncDispose]());

it('brings a signal to every listener, and only what fits', async () => {
	const signal = { service: 'gateway', name: 'token-revoked', data: z.object({ tokenId: z.string() }) };
	const heard: string[] = [];
	using _one = onSignal(net.bus, signal, ({ tokenId }) => heard.push(`one ${tokenId}`));
	using _two = onSignal(await net.connect('other'), signal, ({ tokenId }) => heard.push(`two ${tokenId}`));
	await expect
		.poll(() => {
			sendSignal(net.bus, signal, { tokenId: 't1' });
			return new Set(heard);
		})
		.toEqual(new Set(['one t1', 'two t1']));
	sendSignal(net.bus, { ...signal, data: z.object({ other: z.number() }) }, { other: 1 });
	sendSignal(net.bus, signal, { tokenId: 't2' });
	await expect.poll(() => heard).toContain('one t2');
	expect(heard.every((line) => /t[12]$/.test(line))).toBe(true);
});

it('shows a bucket as it stands, then each change, a deletion as undefined', async () => {
	const bucket = await openBucket(net.bus, 'TEST', z.object({ n: z.number() }));
	await bucket.put('a', { n: 1 });
	const seen: unknown[] = [];
	await using _watching = await bucket.watch((key, value) => seen.push([key, value?.n]));
	await expect.poll(() => seen).toEqual([['a', 1]]);
	await bucket.put('a', { n: 2 });
	// Of a key the bucket keeps what it is now: who has not read yet what it was is not told of that any more.
	await expect.poll(() => seen.slice(1)).toEqual([['a', 2]]);
	await bucket.delete('a');
	await expect.poll(() => seen.slice(2)).toEqual([['a', undefined]]);
});
