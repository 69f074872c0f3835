import { expect, it } from 'vitest';
import { encodeStanza } from '../src/binary/encode.ts';
import { mutateStanza } from './support/mutate.ts';
import { createRandom } from './support/random.ts';
import { readSettings } from './support/settings.ts';
import { stanzaSamples } from './support/stanza-samples.ts';

const { fuzzSeed: seed } = readSettings();

// The fuzzer's own client once died of three nestings on top of each other, after tens of thousands of frames.
it(`whatever the fuzzer makes of a stanza can be written (CM_SEED=${seed})`, () => {
	const random = createRandom(seed);
	const who = {
		phone: '15550000001',
		lid: '100000000000001',
		other: '15550000002',
		group: '120363000000000001@g.us',
	};
	let longest = 0;
	for (let count = 0; count < 2000; count++) {
		const mutated = mutateStanza(random.pick(stanzaSamples(who, random)), random);
		longest = Math.max(longest, encodeStanza(mutated).length);
	}
	expect(longest).toBeGreaterThan(60_000);
});
