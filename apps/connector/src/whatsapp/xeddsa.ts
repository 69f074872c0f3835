/**
 * XEdDSA, the signatures of Signal and WhatsApp (https://signal.org/docs/specifications/xeddsa/), in the variant of
 * libsignal's `curve25519_sign`: X25519 keys sign like Ed25519 ones, and the sign of the Edwards point, which an X25519 key
 * does not tell, travels in the topmost bit of the signature.
 *
 * Verifying maps the key's u-coordinate to the Edwards y = (u - 1) / (u + 1) and is then a plain Ed25519 verification, which
 * OpenSSL does natively: about 0.1 ms instead of the 10 ms of the pure-JavaScript curve. Like every Ed25519 verification
 * today, and unlike that curve, it refuses an s that is not reduced. Signing needs a scalar multiplication that OpenSSL does
 * not offer; noble does it. The nonce is uniform: 512 random bits reduced by the group's order.
 */
import {
	createHash,
	createPublicKey,
	type KeyObject,
	randomBytes,
	verify as verifyEd25519,
} from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { LRUCache } from 'lru-cache';

const { Fn, Fp, BASE } = { Fn: ed25519.Point.Fn, Fp: ed25519.Point.Fp, BASE: ed25519.Point.BASE };
const signBit = 0x80;
const publicKeyPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Keys of authors as OpenSSL wants them; making one costs about as much as a verification. */
const edwardsKeys = new LRUCache<string, KeyObject>({ max: 20_000 });

/** Whether `signature` (64 bytes) over `message` was made with the private half of `publicKey` (32 bytes). */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
	if (publicKey.length !== 32 || signature.length !== 64) return false;
	const sign = (signature[63] ?? 0) & signBit;
	const key = edwardsKey(publicKey, sign);
	if (key === undefined) return false;
	const plain = Buffer.from(signature);
	plain[63] = (plain[63] ?? 0) & ~signBit;
	return verifyEd25519(null, message, key, plain);
}

/** Signs with an X25519 private key (32 bytes, clamped as such keys are). */
export function sign(privateKey: Uint8Array, message: Uint8Array): Buffer {
	const k = clampedScalar(privateKey);
	const A = BASE.multiply(k).toBytes();
	const r = reduced(randomBytes(64));
	const R = BASE.multiply(r).toBytes();
	const h = reduced(createHash('sha512').update(R).update(A).update(message).digest());
	const s = Fn.add(r, Fn.mul(h, k));
	const signature = Buffer.concat([R, Fn.toBytes(s)]);
	signature[63] = (signature[63] ?? 0) | ((A[31] ?? 0) & signBit);
	return signature;
}

function edwardsKey(publicKey: Uint8Array, sign: number): KeyObject | undefined {
	const id = `${sign}${Buffer.from(publicKey).toString('latin1')}`;
	const known = edwardsKeys.get(id);
	if (known !== undefined) return known;
	const u = Fp.create(littleEndian(publicKey) & ((1n << 255n) - 1n));
	const denominator = Fp.add(u, Fp.ONE);
	if (Fp.is0(denominator)) return undefined; // u = -1 is no point of the curve.
	const y = Buffer.from(Fp.toBytes(Fp.div(Fp.sub(u, Fp.ONE), denominator)));
	y[31] = (y[31] ?? 0) | sign;
	try {
		const key = createPublicKey({ key: Buffer.concat([publicKeyPrefix, y]), format: 'der', type: 'spki' });
		edwardsKeys.set(id, key);
		return key;
	} catch {
		return undefined;
	}
}

function clampedScalar(privateKey: Uint8Array): bigint {
	const bytes = Buffer.from(privateKey);
	bytes[0] = (bytes[0] ?? 0) & 248;
	bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
	return Fn.create(littleEndian(bytes));
}

function reduced(bytes: Uint8Array): bigint {
	return Fn.create(littleEndian(bytes));
}

function littleEndian(bytes: Uint8Array): bigint {
	return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
