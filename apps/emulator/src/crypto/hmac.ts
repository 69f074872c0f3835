import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const INNER = 0x36;
const OUTER = 0x5c;

/** HMAC-SHA-256 (RFC 2104) for keys of up to 64 bytes. Made of two one-shot hashes, which costs half of a Hmac object. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Buffer {
	if (key.length > BLOCK_BYTES) throw new RangeError('The key is longer than a block.');
	const inner = padded(key, INNER, message);
	return hash('sha256', padded(key, OUTER, hash('sha256', inner, 'buffer')), 'buffer');
}

function padded(key: Uint8Array, pad: number, tail: Uint8Array): Buffer {
	const out = Buffer.alloc(BLOCK_BYTES + tail.length, pad);
	for (let index = 0; index < key.length; index++) out[index] = (key[index] ?? 0) ^ pad;
	out.set(tail, BLOCK_BYTES);
	return out;
}
