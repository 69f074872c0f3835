import { expect, it } from 'vitest';
import { createKeyPairs, type KeyPair } from '../src/whatsapp/key-pairs.ts';
import { loadCurve } from '../src/whatsapp/native-cryptography.ts';

const original = loadCurve();
const rounds = 200;

/** Both sides of an agreement come to the same secret only if the public half belongs to the private one. */
function agrees(one: KeyPair, other: KeyPair): boolean {
	const secret = original.calculateAgreement(one.pubKey, other.privKey);
	return secret.equals(original.calculateAgreement(other.pubKey, one.privKey));
}

it('makes pairs like those of the original, ahead or at once, each once', async () => {
	const pairs = createKeyPairs(rounds);
	const atOnce = Array.from({ length: rounds }, pairs.take);
	await pairs.filled();
	const ahead = Array.from({ length: rounds }, pairs.take);
	const seen = new Set<string>();
	for (const pair of [...atOnce, ...ahead]) {
		const theirs = original.generateKeyPair();
		expect([pair.pubKey.length, pair.pubKey[0], pair.privKey.length]).toEqual([
			theirs.pubKey.length,
			theirs.pubKey[0],
			theirs.privKey.length,
		]);
		expect(agrees(pair, theirs)).toBe(true);
		// And the check tells: a foreign public half does not fit.
		expect(agrees({ ...pair, pubKey: original.generateKeyPair().pubKey }, theirs)).toBe(false);
		seen.add(pair.privKey.toString('hex'));
	}
	expect(seen.size).toBe(2 * rounds);
});
