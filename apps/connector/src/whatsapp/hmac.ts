import { hash } from 'node:crypto';

const blockBytes = 64;

/**
 * HMAC-SHA-256 (RFC 2104) from two plain hashes. Node's `createHmac` takes several times as long for a key that is a buffer
 * since 24.18 (it first asks whether it is a key object, by way of an exception), and Signal computes ten for each message.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Buffer {
	const short = key.length > blockBytes ? hash('sha256', key, 'buffer') : key;
	const inner = Buffer.alloc(blockBytes + data.length, 0x36);
	const outer = Buffer.alloc(blockBytes + 32, 0x5c);
	for (const [index, byte] of short.entries()) {
		inner[index] = byte ^ 0x36;
		outer[index] = byte ^ 0x5c;
	}
	inner.set(data, blockBytes);
	outer.set(hash('sha256', inner, 'buffer'), blockBytes);
	return hash('sha256', outer, 'buffer');
}
