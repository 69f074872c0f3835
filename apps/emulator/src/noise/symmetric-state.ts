import {
	createCipheriv,
	createDecipheriv,
	createSecretKey,
	hash as digest,
	hkdfSync,
	type KeyObject,
} from 'node:crypto';
import { MalformedStanza } from '../binary/node.ts';

const PROTOCOL = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0', 'latin1');
const TAG_BYTES = 16;
const NONE = Buffer.alloc(0);

/**
 * The symmetric half of a Noise handshake: a hash `h` of everything said so far, a chaining key, and a cipher key with its
 * counter. The protocol's name is exactly 32 bytes, so it is the first hash, chaining key and cipher key itself.
 */
export type SymmetricState = {
	mixHash(data: Uint8Array): void;
	mixKey(secret: Uint8Array): void;
	encrypt(plain: Uint8Array): Buffer;
	decrypt(cipher: Uint8Array): Buffer;
	/** The two transport ciphers, once the handshake is complete. */
	split(): { fromClient: Cipher; toClient: Cipher };
};

/** One direction of the transport: AES-256-GCM without associated data, counting from 0. */
export type Cipher = { encrypt(plain: Uint8Array): Buffer; decrypt(cipher: Uint8Array): Buffer };

export function createSymmetricState(): SymmetricState {
	let hash: Buffer = PROTOCOL;
	let chaining: Buffer = PROTOCOL;
	let key: Buffer = PROTOCOL;
	let counter = 0;
	function mixHash(data: Uint8Array): void {
		hash = digest('sha256', Buffer.concat([hash, data]), 'buffer');
	}
	return {
		mixHash,
		mixKey(secret) {
			[chaining, key] = derive(secret, chaining);
			counter = 0;
		},
		encrypt(plain) {
			const cipher = seal(key, counter++, plain, hash);
			mixHash(cipher);
			return cipher;
		},
		decrypt(cipher) {
			const plain = open(key, counter++, cipher, hash);
			mixHash(cipher);
			return plain;
		},
		split() {
			const [first, second] = derive(NONE, chaining);
			return { fromClient: createCipher(first), toClient: createCipher(second) };
		},
	};
}

function createCipher(secret: Buffer): Cipher {
	// Made once: a cipher that is given bytes as its key makes such an object every time, which costs more than the cipher.
	const key = createSecretKey(secret);
	let counter = 0;
	return {
		encrypt: (plain) => seal(key, counter++, plain, NONE),
		decrypt: (cipher) => open(key, counter++, cipher, NONE),
	};
}

function derive(secret: Uint8Array, salt: Buffer): [Buffer, Buffer] {
	const material = Buffer.from(hkdfSync('sha256', secret, salt, NONE, 64));
	return [material.subarray(0, 32), material.subarray(32)];
}

function nonce(counter: number): Buffer {
	const iv = Buffer.alloc(12);
	iv.writeUInt32BE(counter, 8);
	return iv;
}

function seal(key: Buffer | KeyObject, counter: number, plain: Uint8Array, associated: Buffer): Buffer {
	const cipher = createCipheriv('aes-256-gcm', key, nonce(counter));
	cipher.setAAD(associated);
	return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer | KeyObject, counter: number, sealed: Uint8Array, associated: Buffer): Buffer {
	const end = sealed.length - TAG_BYTES;
	if (end < 0) throw new MalformedStanza('The frame is too short to be encrypted.');
	const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter), { authTagLength: TAG_BYTES });
	decipher.setAAD(associated);
	decipher.setAuthTag(sealed.subarray(end));
	try {
		return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
	} catch (cause) {
		throw new MalformedStanza('The frame is not encrypted with the right key.', { cause });
	}
}
