import { z } from 'zod';
import type { Ending } from '../devices/device-life.ts';
import type { LinkSigns } from './link-signs.ts';

const Boom = z.object({ output: z.object({ statusCode: z.number() }) });
/** What `<failure>` carries: for how long it lasts, in seconds. */
const Failure = z.object({ data: z.object({ expire: z.coerce.number().positive() }) });
/** Baileys ends the connection by itself then, with the code of a timeout. */
const RunOut = z.object({ message: z.literal('QR refs attempts ended') });

/** Baileys' status code; 0 for what has none. */
export function statusCode(error: unknown): number {
	const boom = Boom.safeParse(error);
	return boom.success ? boom.data.output.statusCode : 0;
}

/** Why a connection ended, from the error with which Baileys ends it and from what was seen on the way. */
export function readEnding(error: unknown, signs: LinkSigns & { isNewLogin: boolean }): Ending {
	const expireSeconds = Failure.safeParse(error).data?.data.expire;
	return {
		...signs,
		code: statusCode(error),
		isRunOut: RunOut.safeParse(error).success,
		waitMs: expireSeconds === undefined ? null : expireSeconds * 1_000,
	};
}
