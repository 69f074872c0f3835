import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { isFull } from '@chat-manager/test-run';
import { expect, it } from 'vitest';
import {
	loadCurve,
	loadDerivation,
	useNativeCurve,
	useNativeDerivation,
} from '../src/whatsapp/native-cryptography.ts';
import { verify } from '../src/whatsapp/xeddsa.ts';

const original = { ...loadCurve() };
const native = { ...original };
useNativeCurve(native);

/** All cases in `npm run test:full`; the original needs 20 ms for each. */
const cases = isFull ? 10_000 : 100;

function keyPair(): { publicKey: Buffer; privateKey: Buffer } {
	const pair = generateKeyPairSync('x25519', {
		publicKeyEncoding: { format: 'der', type: 'spki' },
		privateKeyEncoding: { format: 'der', type: 'pkcs8' },
	});
	return {
		publicKey: Buffer.concat([Buffer.of(5), pair.publicKey.subarray(-32)]),
		privateKey: Buffer.from(pair.privateKey.subarray(-32)),
	};
}

function flipped(bytes: Uint8Array, bit = randomInt(bytes.length * 8)): Buffer {
	const copy = Buffer.from(bytes);
	copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return copy;
}

it(`agrees with the original on ${cases} random cases both ways, tampered ones included`, {
	timeout: 60_000 + cases * 600,
}, () => {
	let refused = 0;
	for (let round = 0; round < cases; round++) {
		const { publicKey, privateKey } = keyPair();
		const message = randomBytes(randomInt(1, 300));
		const signatures = [
			original.calculateSignature(privateKey, message),
			native.calculateSignature(privateKey, message),
		];
		const signature = Buffer.from(signatures[round % 2] ?? []);
		const tampered: [Buffer, Buffer, Buffer][] = [
			[publicKey, message, signature],
			[publicKey, flipped(message), signature],
			[publicKey, message, flipped(signature)],
			[Buffer.concat([Buffer.of(5), flipped(publicKey.subarray(1))]), message, signature],
		];
		// Two of the four for each: the original takes its time.
		for (const [key, text, mark] of [tampered[0], tampered[1 + (round % 3)]].filter(
			(one) => one !== undefined,
		)) {
			const expected = original.verifySignature(key, text, mark);
			expect(native.verifySignature(key, text, mark)).toBe(expected);
			if (!expected) refused++;
		}
		expect(original.verifySignature(publicKey, message, Buffer.from(signatures[1] ?? []))).toBe(true);
	}
	expect(refused).toBeGreaterThanOrEqual(cases * 0.9);
});

it('derives the same keys as the original', () => {
	const originalDerivation = { ...loadDerivation() };
	const nativeDerivation = { ...originalDerivation };
	useNativeDerivation(nativeDerivation);
	for (let round = 0; round < 2_000; round++) {
		const [key, data] = [randomBytes(randomInt(0, 200)), randomBytes(randomInt(0, 500))];
		expect(nativeDerivation.calculateMAC(key, data)).toEqual(originalDerivation.calculateMAC(key, data));
		const [salt, info, chunks] = [randomBytes(32), randomBytes(randomInt(0, 40)), randomInt(1, 4)];
		expect(nativeDerivation.deriveSecrets(data, salt, info, chunks)).toEqual(
			originalDerivation.deriveSecrets(data, salt, info, chunks),
		);
	}
	expect(() => nativeDerivation.deriveSecrets(Buffer.alloc(1), Buffer.alloc(31), Buffer.alloc(0))).toThrow();
});

it('refuses what no signature or key can be, as the original does', () => {
	const { publicKey, privateKey } = keyPair();
	const message = Buffer.from('message');
	const signature = Buffer.from(native.calculateSignature(privateKey, message));
	const wrong: Parameters<typeof native.verifySignature>[] = [
		[publicKey.subarray(0, 31), message, signature],
		[Buffer.concat([Buffer.of(6), publicKey.subarray(1)]), message, signature],
		[publicKey, message, signature.subarray(0, 63)],
	];
	for (const args of wrong) {
		expect(() => original.verifySignature(...args)).toThrow();
		expect(() => native.verifySignature(...args)).toThrow();
	}
	expect(native.verifySignature(publicKey, flipped(message), signature, true)).toBe(true);
	expect(() => native.calculateSignature(Buffer.alloc(31), message)).toThrow();
	// Points that are none, or of small order: never valid, never an exception.
	for (const u of [0n, 1n, 2n ** 255n - 20n, 2n ** 255n - 1n, 2n ** 255n - 18n]) {
		const point = Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse();
		expect(verify(point, message, signature)).toBe(false);
	}
});

it('signs with the key that the public half belongs to, each time anew', () => {
	const { publicKey, privateKey } = keyPair();
	const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), privateKey]);
	const exported = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
		format: 'der',
		type: 'spki',
	});
	expect(exported.subarray(-32)).toEqual(publicKey.subarray(1));
	const one = native.calculateSignature(privateKey, Buffer.from('same'));
	const other = native.calculateSignature(privateKey, Buffer.from('same'));
	expect(one).not.toEqual(other);
	for (const signature of [one, other])
		expect(original.verifySignature(publicKey, Buffer.from('same'), signature)).toBe(true);
});
