import { createSecretKey, randomBytes } from 'node:crypto';
import { AppError } from '@chat-manager/contracts';
import { expect, test } from 'vitest';
import { createEnvelope } from '../src/index.ts';

const [k1, k2] = ['k1', 'k2'].map((name) => ({ name, key: createSecretKey(randomBytes(32)) })) as [Key, Key];
const old = createEnvelope({ masterKeys: [k1] });
const rotated = createEnvelope({ masterKeys: [k2, k1] });
const context = 'storage/u1/messages/7';

test('what was sealed opens, empty and large values too', () => {
	const key = old.newDataKey();
	for (const plaintext of [Buffer.alloc(0), Buffer.from('Grüße 👋'), randomBytes(100_000)])
		expect(old.open(key, old.seal(key, plaintext, context), context)).toEqual(plaintext);
});

test('the same text never looks the same', () => {
	const key = old.newDataKey();
	const sealed = Array.from({ length: 1_000 }, () =>
		old.seal(key, Buffer.from('x'), context).toString('hex'),
	);
	expect(new Set(sealed).size).toBe(1_000);
});

test('a value with any bit changed, cut short, moved or under another key does not open', () => {
	const key = old.newDataKey();
	const sealed = old.seal(key, Buffer.from('the text'), context);
	for (let index = 0; index < sealed.length; index++) {
		const tampered = Buffer.from(sealed);
		tampered.writeUInt8(tampered.readUInt8(index) ^ 1, index);
		expectClosed(() => old.open(key, tampered, context));
	}
	for (const length of [0, 1, 28, sealed.length - 1])
		expectClosed(() => old.open(key, sealed.subarray(0, length), context));
	expectClosed(() => old.open(key, sealed, 'storage/u2/messages/7'));
	expectClosed(() => old.open(old.newDataKey(), sealed, context));
});

test('after a rotation the old keys unwrap and the new one wraps', () => {
	const key = old.newDataKey();
	const wrapped = old.wrap(key, 'storage/data_keys/u1');
	expect(rotated.unwrap(wrapped, 'storage/data_keys/u1').equals(key)).toBe(true);
	expect(rotated.isCurrent(wrapped)).toBe(false);

	const rewrapped = rotated.wrap(key, 'storage/data_keys/u1');
	expect(rotated.isCurrent(rewrapped)).toBe(true);
	expectClosed(() => old.unwrap(rewrapped, 'storage/data_keys/u1'));
});

test('a wrapped key is bound to its row', () => {
	const wrapped = old.wrap(old.newDataKey(), 'storage/data_keys/u1');
	expectClosed(() => old.unwrap(wrapped, 'storage/data_keys/u2'));
	expectClosed(() => old.unwrap(wrapped.subarray(0, -1), 'storage/data_keys/u1'));
	expectClosed(() => old.unwrap(Buffer.alloc(0), 'storage/data_keys/u1'));
});

test('a master key of the same name and other bytes does not unwrap', () => {
	const other = createEnvelope({ masterKeys: [{ name: 'k1', key: createSecretKey(randomBytes(32)) }] });
	expectClosed(() => other.unwrap(old.wrap(old.newDataKey(), 'c'), 'c'));
});

function expectClosed(open: () => unknown): void {
	let thrown: unknown;
	try {
		open();
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(AppError);
	expect(thrown).toMatchObject({ code: 'internal' });
	expect(thrown).not.toHaveProperty('cause');
}

type Key = Parameters<typeof createEnvelope>[0]['masterKeys'][number];
