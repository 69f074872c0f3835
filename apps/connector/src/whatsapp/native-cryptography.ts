/**
 * A native curve below the unmodified Baileys, in this process only, unless `CM_NATIVE_CURVE=off`.
 *
 * Baileys verifies the signature of every group message with `libsignal`, in plain JavaScript: 10 ms each, nine tenths of
 * what a message costs. Here two functions of libsignal's curve module are replaced by native ones with the same contract
 * (test/native-curve.test.ts compares them on thousands of cases, tampered ones included). Its key generation and agreement
 * are native already. Baileys' modules take their copy of these functions when they are loaded, so this must run before.
 */
import { createRequire } from 'node:module';
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
};

const keyType = 5;

export function loadCurve(): CurveModule {
	return createRequire(createRequire(import.meta.url).resolve('@whiskeysockets/baileys'))(
		'libsignal/src/curve.js',
	);
}

export function useNativeCurve(curve: CurveModule = loadCurve()): void {
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

function rawKey(publicKey: Uint8Array): Uint8Array {
	if (publicKey?.byteLength === 33 && publicKey[0] === keyType) return publicKey.subarray(1);
	if (publicKey?.byteLength === 32) return publicKey;
	throw new Error('Invalid public key');
}
