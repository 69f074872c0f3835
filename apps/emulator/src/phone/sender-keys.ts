import { createCipheriv, createPublicKey, type KeyObject, randomBytes, randomInt, sign } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { hmacSha256 } from '../crypto/hmac.ts';
import { importPrivate } from '../crypto/x25519.ts';
import { montgomeryKey } from '../crypto/xeddsa.ts';
import type { Vault } from './vault.ts';

/**
 * The sender keys with which a simulated phone writes to groups. Receivers cannot tell them from Baileys' own:
 *
 *     message key = HMAC(chain key, 1) → HKDF "WhisperGroup" → IV and AES-256-CBC key
 *     next chain key = HMAC(chain key, 2)
 *     message = 33 ‖ SenderKeyMessage{id, iteration, ciphertext} ‖ signature of all that
 *
 * Baileys' own sender does the same thirty times slower: it keeps every skipped key and rewrites them with each message.
 *
 * The signature is XEdDSA, which OpenSSL cannot make with an X25519 key. So the key is born as an Ed25519 key, which OpenSSL does
 * sign with, and is handed out in its X25519 form. Its sign, which that form lacks, travels in the topmost bit of the signature.
 */
export type SenderKeys = {
	encrypt(group: string, plain: Uint8Array): Buffer;
	/** What a device needs in order to read everything from now on: a SenderKeyDistributionMessage. */
	distribution(group: string): Buffer;
	/** False when the next message will be the first one under a new key. */
	has(group: string): boolean;
};

const VERSION = Buffer.from([0x33]);
const TABLE = 'own-sender-key';
const INFO = Buffer.from('WhisperGroup');
const SALT = Buffer.alloc(32);
const FIRST = Buffer.from([1]);
const SECOND = Buffer.from([2]);
const MAX_KEY_ID = 2 ** 31 - 1;

export function createSenderKeys(vault: Vault): SenderKeys {
	const rows = vault.store.get(TABLE) ?? new Map<string, unknown>();
	vault.store.set(TABLE, rows);

	function of(group: string): SenderKey {
		const known = rows.get(group);
		if (isSenderKey(known)) return known;
		const made = {
			id: randomInt(MAX_KEY_ID),
			iteration: 0,
			chainKey: randomBytes(32),
			seed: randomBytes(32),
		};
		rows.set(group, made);
		return made;
	}
	return {
		has: (group) => rows.has(group),
		encrypt(group, plain) {
			const key = of(group);
			const body = proto.SenderKeyMessage.encode({
				id: key.id,
				iteration: key.iteration,
				ciphertext: seal(hmacSha256(key.chainKey, FIRST), plain),
			}).finish();
			key.iteration++;
			key.chainKey = hmacSha256(key.chainKey, SECOND);
			const signed = Buffer.concat([VERSION, body]);
			const { privateKey, signBit } = signing(key);
			const signature = sign(null, signed, privateKey);
			signature.writeUInt8(signature.readUInt8(63) | signBit, 63);
			return Buffer.concat([signed, signature]);
		},
		distribution(group) {
			const key = of(group);
			const { id, iteration, chainKey } = key;
			const signingKey = signing(key).publicKey;
			const body = proto.SenderKeyDistributionMessage.encode({
				id,
				iteration,
				chainKey,
				signingKey,
			}).finish();
			return Buffer.concat([VERSION, body]);
		},
	};
}

function seal(seed: Buffer, plain: Uint8Array): Buffer {
	// HKDF (RFC 5869) by hand: the one of Node costs as much as all the rest here.
	const secret = hmacSha256(SALT, seed);
	const first = hmacSha256(secret, Buffer.concat([INFO, FIRST]));
	const second = hmacSha256(secret, Buffer.concat([first, INFO, SECOND]));
	const key = Buffer.concat([first.subarray(16), second.subarray(0, 16)]);
	// As text: since Node 24.18 a buffer that is a key costs five times as much as all the rest of a cipher.
	const options = { encoding: 'latin1' } as const;
	const cipher = createCipheriv('aes-256-cbc', key.toString('latin1'), first.subarray(0, 16), options);
	return Buffer.concat([cipher.update(plain), cipher.final()]);
}

function signing(key: SenderKey): SigningKey {
	const known = signingKeys.get(key);
	if (known) return known;
	const privateKey = importPrivate('Ed25519', key.seed);
	const edwards = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
	const made = {
		privateKey,
		publicKey: Buffer.concat([Buffer.from([5]), montgomeryKey(edwards)]),
		signBit: edwards.readUInt8(31) & 0x80,
	};
	signingKeys.set(key, made);
	return made;
}

function isSenderKey(value: unknown): value is SenderKey {
	return typeof value === 'object' && value !== null && 'chainKey' in value && 'seed' in value;
}

const signingKeys = new WeakMap<SenderKey, SigningKey>();

type SenderKey = { readonly id: number; iteration: number; chainKey: Buffer; readonly seed: Buffer };
type SigningKey = { readonly privateKey: KeyObject; readonly publicKey: Buffer; readonly signBit: number };
