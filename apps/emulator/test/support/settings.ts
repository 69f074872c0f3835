import { z } from 'zod';

/** What can be set from outside for the tests of the emulator. */
const settings = z.object({
	CM_FULL: z.stringbool().default(false).describe('The long runs: 50,000 mutated frames instead of 2,000'),
	CM_SEED: z.coerce
		.number()
		.int()
		.min(0)
		.optional()
		.describe('Repeats the mutations of an earlier run, which has printed its seed'),
	CM_CHROMIUM: z.string().min(1).default('/usr/bin/chromium').describe('The browser of the browser tests'),
});

export function readSettings(): Settings {
	// biome-ignore lint/style/noProcessEnv: the emulator imports nothing of ours, hence no defineConfig; this is the one place of its tests
	const { CM_FULL, CM_SEED, CM_CHROMIUM } = settings.parse(process.env);
	return {
		full: CM_FULL,
		fuzzSeed: CM_SEED ?? Math.floor(Math.random() * 2 ** 32),
		chromium: CM_CHROMIUM,
	};
}

type Settings = { readonly full: boolean; readonly fuzzSeed: number; readonly chromium: string };
