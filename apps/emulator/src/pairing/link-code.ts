import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { MalformedStanza } from '../binary/node.ts';
import { type KeyPair, sharedSecret } from '../crypto/x25519.ts';

const ITERATIONS = 131_072;
const SALT_BYTES = 32;
const COUNTER_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const BUNDLE_INFO = 'link_code_pairing_key_bundle_encryption_key';

const deriveKey = promisify(pbkdf2);

/**
 * The cryptography of linking by code.
 *
 * Both sides hand each other an ephemeral key under a key made of the code (PBKDF2, AES-CTR; 32 bytes of salt, 16 of counter,
 * 32 of key). A wrong code goes unnoticed there. It shows when the companion's bundle cannot be opened: both identities and 32
 * random bytes, AES-GCM under the shared secret of the two ephemeral keys.
 */
export async function wrapEphemeral(code: string, publicKey: Uint8Array): Promise<Buffer> {
	const salt = randomBytes(SALT_BYTES);
	const counter = randomBytes(COUNTER_BYTES);
	const cipher = createCipheriv('aes-256-ctr', await codeKey(code, salt), counter);
	return Buffer.concat([salt, counter, cipher.update(publicKey), cipher.final()]);
}

export async function unwrapEphemeral(code: string, wrapped: Buffer): Promise<Buffer> {
	const salt = wrapped.subarray(0, SALT_BYTES);
	const counter = wrapped.subarray(SALT_BYTES, SALT_BYTES + COUNTER_BYTES);
	const decipher = createDecipheriv('aes-256-ctr', await codeKey(code, salt), counter);
	return Buffer.concat([decipher.update(wrapped.subarray(SALT_BYTES + COUNTER_BYTES)), decipher.final()]);
}

/** The secret both sides sign the device identity under; nothing when the companion used another code. */
export function openBundle(options: {
	bundle: Buffer;
	/** Of the phone. */
	ephemeral: KeyPair;
	identity: KeyPair;
	companionEphemeral: Uint8Array;
	companionIdentity: Uint8Array;
}): Buffer | undefined {
	const { bundle, ephemeral, identity, companionIdentity } = options;
	const shared = sharedSecret(ephemeral.private, options.companionEphemeral);
	const plain = open(bundle, shared);
	if (!plain) return undefined;
	const [companion, primary, random] = [0, 1, 2].map((part) =>
		plain.subarray(part * KEY_BYTES, (part + 1) * KEY_BYTES),
	);
	if (!companion?.equals(companionIdentity) || !primary?.equals(identity.public) || !random) {
		throw new MalformedStanza('The key bundle of the companion is not about the two that are being linked.');
	}
	const material = Buffer.concat([shared, sharedSecret(identity.private, companionIdentity), random]);
	return Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), 'adv_secret', KEY_BYTES));
}

function open(bundle: Buffer, shared: Buffer): Buffer | undefined {
	const salt = bundle.subarray(0, SALT_BYTES);
	const nonce = bundle.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
	const sealed = bundle.subarray(SALT_BYTES + NONCE_BYTES);
	const key = Buffer.from(hkdfSync('sha256', shared, salt, BUNDLE_INFO, KEY_BYTES));
	const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
	decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
	try {
		return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
	} catch {
		return undefined;
	}
}

function codeKey(code: string, salt: Uint8Array): Promise<Buffer> {
	return deriveKey(Buffer.from(code), salt, ITERATIONS, KEY_BYTES, 'sha256');
}
