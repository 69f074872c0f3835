import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';

/** Raw keys of 32 bytes, without the 0x05 that Signal puts before a public key. */
export type KeyPair = { readonly public: Buffer; readonly private: Buffer };

const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;

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

/** X25519. Throws for keys of the wrong length and for points of low order. */
export function sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
	return diffieHellman({
		privateKey: createPrivateKey({
			key: Buffer.concat([PRIVATE_PREFIX, privateKey]),
			format: 'der',
			type: 'pkcs8',
		}),
		publicKey: createPublicKey({
			key: Buffer.concat([PUBLIC_PREFIX, publicKey]),
			format: 'der',
			type: 'spki',
		}),
	});
}
