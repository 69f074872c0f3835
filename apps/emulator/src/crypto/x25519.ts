import {
	createPrivateKey,
	createPublicKey,
	diffieHellman,
	generateKeyPairSync,
	type KeyObject,
} from 'node:crypto';

/** Raw keys of 32 bytes, without the 0x05 that Signal puts before a public key. */
export type KeyPair = { readonly public: Buffer; readonly private: Buffer };

const KEY_BYTES = 32;
const NOTHING = Buffer.alloc(KEY_BYTES).toString('base64url');

export function generateKeyPair(): KeyPair {
	const pair = generateKeyPairSync('x25519', {
		publicKeyEncoding: { format: 'der', type: 'spki' },
		privateKeyEncoding: { format: 'der', type: 'pkcs8' },
	});
	return {
		public: Buffer.from(pair.publicKey.subarray(-KEY_BYTES)),
		private: Buffer.from(pair.privateKey.subarray(-KEY_BYTES)),
	};
}

export function publicKeyOf(privateKey: Uint8Array): Buffer {
	const key = createPublicKey(importPrivate('X25519', privateKey));
	return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

/** X25519. Throws for keys of the wrong length and for points of low order. */
export function sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
	return diffieHellman({
		privateKey: importPrivate('X25519', privateKey),
		publicKey: importPublic('X25519', publicKey),
	});
}

// As JSON web keys: OpenSSL takes longer to read a DER key.
export type Curve = 'X25519' | 'Ed25519';

/** The private scalar of X25519, the seed of Ed25519. What stands for the public half is not looked at. */
export function importPrivate(crv: Curve, bytes: Uint8Array): KeyObject {
	return createPrivateKey({ key: { kty: 'OKP', crv, d: text(bytes), x: NOTHING }, format: 'jwk' });
}

export function importPublic(crv: Curve, bytes: Uint8Array): KeyObject {
	return createPublicKey({ key: { kty: 'OKP', crv, x: text(bytes) }, format: 'jwk' });
}

function text(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64url');
}
