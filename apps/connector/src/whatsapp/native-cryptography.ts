/**
 * Native cryptography below the unmodified Baileys, in this process only, unless `CM_NATIVE_CURVE=off`.
 *
 * Baileys verifies the signature of every group message with `libsignal`, in plain JavaScript: 10 ms each, nine tenths of
 * what a message costs. Here two functions of libsignal's curve module are replaced by native ones with the same contract
 * (test/native-cryptography.test.ts compares them on thousands of cases, tampered ones included). Its agreement is
 * native already; key pairs are made ahead on other threads (key-pairs.ts). So are its two functions that derive keys, for the sake of the HMAC (hmac.ts). Baileys' modules take their copy of these functions when they are loaded, so this must run before.
 */
import { createRequire } from 'node:module';
import { hmacSha256 } from './hmac.ts';
import { createKeyPairs, type KeyPair } from './key-pairs.ts';
import { sign, verify } from './xeddsa.ts';

/** @see node_modules/libsignal/src/curve.js, whose argument checks are kept. */
export type CurveModule = {
	verifySignature(
		publicKey: Uint8Array,
		message: Uint8Array,
		signature: Uint8Array,
		isInit?: boolean,
	): boolean;
	calculateSignature(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
	generateKeyPair(): KeyPair;
	calculateAgreement(publicKey: Uint8Array, privateKey: Uint8Array): Buffer;
};

/** @see node_modules/libsignal/src/crypto.js */
export type DerivationModule = {
	calculateMAC(key: Buffer, data: Buffer): Buffer;
	deriveSecrets(input: Buffer, salt: Buffer, info: Buffer, chunks?: number): Buffer[];
};

const keyType = 5;

/** The modules of libsignal that Baileys uses. */
const load = createRequire(createRequire(import.meta.url).resolve('@whiskeysockets/baileys'));
export const loadCurve = (): CurveModule => load('libsignal/src/curve.js');
export const loadDerivation = (): DerivationModule => load('libsignal/src/crypto.js');

/** Puts the native functions in the place of libsignal's. */
export function useNativeCryptography(): void {
	useNativeCurve(loadCurve());
	useNativeDerivation(loadDerivation());
	useKeysMadeAhead(loadCurve());
}

function useKeysMadeAhead(curve: CurveModule): void {
	const pairs = createKeyPairs();
	curve.generateKeyPair = pairs.take;
	pairs.filled().catch(() => {}); // Then each is made where it is needed.
}

export function useNativeCurve(curve: CurveModule): void {
	curve.verifySignature = (publicKey, message, signature, isInit) => {
		if (!message) throw new Error('Invalid message');
		if (signature?.byteLength !== 64) throw new Error('Invalid signature');
		const key = rawKey(publicKey);
		return isInit === true ? true : verify(key, message, signature);
	};
	curve.calculateSignature = (privateKey, message) => {
		if (privateKey?.byteLength !== 32) throw new Error('Invalid private key');
		if (!message) throw new Error('Invalid message');
		return sign(privateKey, message);
	};
}

export function useNativeDerivation(derivation: DerivationModule): void {
	derivation.calculateMAC = hmacSha256;
	// HKDF (RFC 5869), its first one to three blocks, as separate buffers.
	derivation.deriveSecrets = (input, salt, info, chunks = 3) => {
		if (salt.length !== 32) throw new Error('Got salt of incorrect length');
		const key = hmacSha256(salt, input);
		const blocks: Buffer[] = [];
		for (let number = 1; number <= chunks; number++) {
			blocks.push(
				hmacSha256(key, Buffer.concat([blocks.at(-1) ?? Buffer.alloc(0), info, Buffer.of(number)])),
			);
		}
		return blocks;
	};
}

function rawKey(publicKey: Uint8Array): Uint8Array {
	if (publicKey?.byteLength === 33 && publicKey[0] === keyType) return publicKey.subarray(1);
	if (publicKey?.byteLength === 32) return publicKey;
	throw new Error('Invalid public key');
}
