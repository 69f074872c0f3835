import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

/**
 * The one place that encrypts:
 *
 *   sealed = version (1 byte, now 1) | IV (12 random bytes) | tag (16 bytes) | ciphertext
 *
 * AES-256-GCM with the context and the version as additional data. Random IVs are safe for 2^32 values a key
 * (NIST SP 800-38D, 8.3); a data key belongs to one user in one service.
 */
const version = 1;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + ivBytes + tagBytes;
const algorithm = 'aes-256-gcm';

export function sealBytes(key: KeyObject, plaintext: Uint8Array, context: string): Buffer {
	const iv = nextIv();
	const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
	cipher.setAAD(additionalData(context));
	const ciphertext = cipher.update(plaintext);
	cipher.final();
	const sealed = Buffer.allocUnsafe(headBytes + ciphertext.length);
	sealed[0] = version;
	sealed.set(iv, 1);
	sealed.set(cipher.getAuthTag(), 1 + ivBytes);
	sealed.set(ciphertext, headBytes);
	return sealed;
}

/** Undefined when it does not open; why is told to nobody. */
export function openSealed(key: KeyObject, sealed: Uint8Array, context: string): Buffer | undefined {
	if (sealed.length < headBytes || sealed[0] !== version) return undefined;
	const decipher = createDecipheriv(algorithm, key, sealed.subarray(1, 1 + ivBytes), {
		authTagLength: tagBytes,
	});
	decipher.setAAD(additionalData(context));
	decipher.setAuthTag(sealed.subarray(1 + ivBytes, headBytes));
	const plaintext = decipher.update(sealed.subarray(headBytes));
	try {
		decipher.final();
	} catch {
		return undefined;
	}
	return plaintext;
}

function additionalData(context: string): Buffer {
	return Buffer.from(`${version}/${context}`);
}

/** Random bytes are fetched for many IVs at once: one call each costs about as much as the encryption. */
const pool = Buffer.alloc(ivBytes * 256);
let poolOffset = pool.length;

function nextIv(): Buffer {
	if (poolOffset === pool.length) {
		randomFillSync(pool);
		poolOffset = 0;
	}
	const iv = Buffer.from(pool.subarray(poolOffset, poolOffset + ivBytes));
	poolOffset += ivBytes;
	return iv;
}
