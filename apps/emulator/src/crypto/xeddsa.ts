import { createHash, createPublicKey, randomBytes, verify as verifyNative } from 'node:crypto';
import { importPrivate, importPublic } from './x25519.ts';

/**
 * Signatures with X25519 keys (XEdDSA, in the variant of libsignal's `curve25519_sign`), at the speed of OpenSSL.
 *
 * An X25519 public key is the u-coordinate of a point; Ed25519 wants the same point as (y, sign of x).
 * y = (u - 1) / (u + 1), and the sign travels in the topmost bit of the signature.
 * Verifying is then a plain Ed25519 verification.
 *
 * Signing needs R = r·B for a fresh scalar r and S = r + H(R, A, M)·k. OpenSSL has no scalar multiplication to offer, but
 * making an Ed25519 key from a random seed *is* one: the scalar is the clamped SHA-512 of the seed, the public key is its
 * multiple. So every nonce is a throw-away Ed25519 key. (A clamped nonce is a shade less than uniform. These are the keys of
 * simulated people.) The sign of the own public key is found by signing with one and verifying; it is then remembered.
 */
const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SIGN_BIT = 0x80;
const CACHE_SIZE = 4096;

const edwardsByKey = new Map<string, Buffer>();
const signByKey = new Map<string, number>();

/** True when `signature` (64 bytes) over `message` was made with the private half of `publicKey` (32 bytes). */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
	if (publicKey.length !== 32 || signature.length !== 64) return false;
	const plain = Buffer.from(signature);
	const sign = plain.readUInt8(63) & SIGN_BIT;
	plain.writeUInt8(plain.readUInt8(63) & ~SIGN_BIT, 63);
	return verifyEdwards(edwardsKey(publicKey, sign), message, plain);
}

/** Signs with an X25519 key pair. The public half (32 bytes) is part of what is hashed. */
export function sign(privateKey: Uint8Array, publicKey: Uint8Array, message: Uint8Array): Buffer {
	const id = Buffer.from(publicKey).toString('base64');
	const known = signByKey.get(id);
	if (known !== undefined) return signAs(privateKey, publicKey, message, known);
	for (const bit of [0, SIGN_BIT]) {
		const signature = signAs(privateKey, publicKey, message, bit);
		if (verify(publicKey, message, signature)) {
			remember(signByKey, id, bit);
			return signature;
		}
	}
	throw new Error('The public key does not belong to the private key.');
}

function signAs(privateKey: Uint8Array, publicKey: Uint8Array, message: Uint8Array, bit: number): Buffer {
	const seed = randomBytes(32);
	const r = clamped(createHash('sha512').update(seed).digest().subarray(0, 32));
	const R = createPublicKey(importPrivate('Ed25519', seed))
		.export({ format: 'der', type: 'spki' })
		.subarray(-32);
	const hash = createHash('sha512').update(R).update(edwardsKey(publicKey, bit)).update(message).digest();
	const s = (r + littleEndian(hash) * clamped(privateKey)) % ORDER;
	const signature = Buffer.concat([R, toBytes(s)]);
	signature.writeUInt8(signature.readUInt8(63) | bit, 63);
	return signature;
}

/** The X25519 form of an Ed25519 public key: u = (1 + y) / (1 - y). The sign is lost. */
export function montgomeryKey(edwards: Uint8Array): Buffer {
	const y = littleEndian(edwards) & (2n ** 255n - 1n);
	return toBytes((((1n + y) % FIELD) * inverse((1n - y + FIELD) % FIELD)) % FIELD);
}

function verifyEdwards(key: Buffer, message: Uint8Array, signature: Buffer): boolean {
	try {
		return verifyNative(null, message, importPublic('Ed25519', key), signature);
	} catch {
		return false;
	}
}

function edwardsKey(publicKey: Uint8Array, sign: number): Buffer {
	const id = `${sign}${Buffer.from(publicKey).toString('base64')}`;
	const known = edwardsByKey.get(id);
	if (known) return known;
	const u = littleEndian(publicKey) & (2n ** 255n - 1n);
	const y = (((u - 1n + FIELD) % FIELD) * inverse((u + 1n) % FIELD)) % FIELD;
	const key = toBytes(y);
	key.writeUInt8(key.readUInt8(31) | sign, 31);
	remember(edwardsByKey, id, key);
	return key;
}

function inverse(value: bigint): bigint {
	let [previous, current] = [FIELD, value % FIELD];
	let [x, y] = [0n, 1n];
	while (current > 0n) {
		const quotient = previous / current;
		[previous, current] = [current, previous - quotient * current];
		[x, y] = [y, x - quotient * y];
	}
	return ((x % FIELD) + FIELD) % FIELD;
}

function clamped(scalar: Uint8Array): bigint {
	const copy = Buffer.from(scalar);
	copy.writeUInt8(copy.readUInt8(0) & 248, 0);
	copy.writeUInt8((copy.readUInt8(31) & 127) | 64, 31);
	return littleEndian(copy);
}

function littleEndian(value: Uint8Array): bigint {
	return BigInt(`0x${Buffer.from(value).reverse().toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
	return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function remember<Value>(cache: Map<string, Value>, id: string, value: Value): void {
	if (cache.size >= CACHE_SIZE) cache.clear();
	cache.set(id, value);
}
