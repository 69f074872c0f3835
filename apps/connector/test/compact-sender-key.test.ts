import { BufferJSON } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { compactSenderKey } from '../src/whatsapp/compact-sender-key.ts';
import { createRecentMap } from '../src/whatsapp/recent-map.ts';

const seed = 'x'.repeat(60);
const record = (iterations: number[]) =>
	Buffer.from(
		JSON.stringify([
			{ senderKeyId: 1, senderMessageKeys: iterations.map((iteration) => ({ iteration, seed })) },
		]),
	);
const kept = (bytes: Uint8Array): number[] =>
	JSON.parse(Buffer.from(bytes).toString())[0].senderMessageKeys.map(
		({ iteration }: { iteration: number }) => iteration,
	);
const range = (from: number, to: number, step = 1) =>
	Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

it('lets go of the keys that an author skips on principle', () => {
	expect(kept(compactSenderKey(record(range(1, 4_001, 2))))).toEqual(range(3_969, 4_001, 2));
});

it('keeps the keys of hundreds of messages that live ones have overtaken, until they come', () => {
	const late = range(366, 600);
	const skipped = range(1, 365, 2);
	const after = [...skipped, ...late, ...range(601, 700, 2)];
	expect(kept(compactSenderKey(record(after)))).toEqual(expect.arrayContaining(late));
	// The author uses the even ones; when they have come, the odd ones are of no use either.
	const used = after.filter((iteration) => iteration % 2 === 1);
	expect(kept(compactSenderKey(record(used)))).toHaveLength(16);
});

it('writes the seeds in the form in which Baileys reads them', () => {
	const seedBytes = Buffer.alloc(32, 7);
	const stock = Buffer.from(
		JSON.stringify([{ senderKeyId: 1, senderMessageKeys: [{ iteration: 3, seed: seedBytes }] }]),
	);
	const read = (bytes: Uint8Array) =>
		JSON.parse(Buffer.from(bytes).toString(), BufferJSON.reviver)[0].senderMessageKeys[0].seed;
	expect(Buffer.isBuffer(read(stock))).toBe(false); // The reason for all this.
	expect(read(compactSenderKey(stock))).toEqual(seedBytes);
});

it('keeps what was set or read last', () => {
	const map = createRecentMap<number>(2);
	map.set('a', 1);
	map.set('b', 2);
	expect(map.get('a')).toBe(1);
	map.set('c', 3);
	expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});
