import { createHmac, hkdfSync } from 'node:crypto';

/** A keyed digest of values: equal for equal ones, whatever the order of their keys. */
export type Digest = (...values: readonly unknown[]) => string;

/** @param purpose Keeps the digests of one use apart from those of any other under the same secret. */
export function createDigest(secret: string, purpose: string): Digest {
	const key = deriveKey(secret, purpose);
	return (...values) => {
		const digest = createHmac('sha256', key).update(JSON.stringify(values, sorted)).digest();
		return digest.subarray(0, 16).toString('base64url');
	};
}

/** A key of its own for each purpose, from the one secret that all replicas share. */
export function deriveKey(secret: string, purpose: string): Uint8Array {
	return new Uint8Array(hkdfSync('sha256', secret, '', `chat-manager ${purpose}`, 32));
}

function sorted(_key: string, value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
