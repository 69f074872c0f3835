import { hash, hkdfSync } from 'node:crypto';

/** A keyed digest of values: equal for equal ones, whatever the order of their keys. */
export type Digest = (...values: readonly unknown[]) => string;

/** @param purpose Keeps the digests of one use apart from those of any other under the same secret. */
export function createDigest(secret: string, purpose: string): Digest {
	const key = Buffer.from(deriveKey(secret, purpose)).toString('hex');
	// Half of the hash is kept, so nobody can go on hashing from it: that is all that an HMAC, which is slow, would add.
	return (...values) =>
		hash('sha256', `${key}${JSON.stringify(values, sorted)}`, 'buffer').toString('base64url', 0, 16);
}

/** A key of its own for each purpose, from the one secret that all replicas share. */
export function deriveKey(secret: string, purpose: string): Uint8Array {
	return new Uint8Array(hkdfSync('sha256', secret, '', `chat-manager ${purpose}`, 32));
}

function sorted(_key: string, value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
