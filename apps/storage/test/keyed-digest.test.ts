import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createKeyedDigest } from '../src/search/keyed-digest.ts';

it('is HMAC-SHA-256, whatever the length, one after the other with one key', () => {
	const key = createSecretKey(randomBytes(32));
	const digest = createKeyedDigest(key);
	const texts = Array.from({ length: 700 }, (_, length) => 'wörter 日本 '.repeat(99).slice(0, length));
	for (const text of [...texts, ...texts.toReversed()])
		expect(digest(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
});
