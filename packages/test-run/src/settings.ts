import { z } from 'zod';

const settings = z.object({
	/** `npm run test:full` runs every case, `npm test` some of them. */
	CM_FULL: z.stringbool().default(false),
	/** Repeats a run that failed, which has printed its seed. */
	CM_SEED: z.coerce
		.number()
		.int()
		.min(0)
		.max(2 ** 32 - 1)
		.optional(),
});

// biome-ignore lint/style/noProcessEnv: how a test run is done is no setting of a service.
const { CM_FULL, CM_SEED } = settings.parse(process.env);

export const isFull: boolean = CM_FULL;
export const givenSeed: number | undefined = CM_SEED;
