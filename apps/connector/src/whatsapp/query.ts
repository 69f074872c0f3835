import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';

/** Whether a query only looks, or changes something: then it matters that nobody knows whether it was done. */
export type Purpose = 'look' | 'change';

/**
 * Runs a query of Baileys and makes one kind of failure out of its many: a timeout resolves as `undefined`, `[]` or `{}`;
 * a dropped connection rejects with a number; WhatsApp's own code stands in `err.data`. `answer` must fail on what a
 * timeout resolves with. Throws `AppError` only: `outcome_unknown` when it is unknown whether a change was done, never for
 * a look.
 */
export async function ask<T>(
	purpose: Purpose,
	query: () => Promise<unknown>,
	answer: z.ZodType<T>,
): Promise<T> {
	let value: unknown;
	try {
		value = await query();
	} catch (thrown) {
		throw fromWhatsApp(thrown, purpose);
	}
	const parsed = answer.safeParse(value);
	if (parsed.success) return parsed.data;
	throw silence(purpose, parsed.error);
}

const Refusal = z.object({ data: z.number() });
/** What a query with a time of its own rejects with when that is over. */
const TimedOut = z.object({ output: z.object({ statusCode: z.literal(408) }) });

/** WhatsApp's code behind one of our errors; `undefined` when it did not refuse. */
export function whatsappCode(error: unknown): number | undefined {
	const refusal = error instanceof AppError ? Refusal.safeParse(error.cause) : undefined;
	return refusal?.success ? refusal.data.data : undefined;
}

export function fromWhatsApp(thrown: unknown, purpose: Purpose): AppError {
	if (thrown instanceof AppError) return thrown;
	const refusal = Refusal.safeParse(thrown);
	if (refusal.success) return refused(refusal.data.data, thrown);
	if (TimedOut.safeParse(thrown).success) return silence(purpose, thrown);
	return purpose === 'look'
		? new AppError(
				'device_offline',
				'The connection to WhatsApp broke while it was being asked. Nothing was changed; try again in a few seconds.',
				{ cause: thrown, retryAfterMs: 5_000 },
			)
		: new AppError(
				'outcome_unknown',
				'The connection to WhatsApp broke while it was being asked, so it is unknown whether this was done. Look before you repeat it.',
				{ cause: thrown },
			);
}

/** The same for a query that is about no group of its own: there is nothing of which one could be no admin or no member. */
export function aboutNoGroup(error: unknown): unknown {
	const code = whatsappCode(error);
	const isAboutGroup =
		error instanceof AppError && ['not_group_admin', 'group_not_found'].includes(error.code);
	return code !== undefined && isAboutGroup ? refusal(code, error.cause) : error;
}

/** An answer came, and what it should contain is not in it. */
export function unreadable(purpose: Purpose): AppError {
	return purpose === 'look'
		? new AppError('whatsapp_refused', 'WhatsApp gave an answer that could not be read. Nothing was changed.')
		: new AppError(
				'outcome_unknown',
				'WhatsApp gave an answer that could not be read, so it is unknown whether this was done. Look before you repeat it.',
			);
}

/**
 * The words for WhatsApp's refusals. Which code it picks where is not documented; 401 and 403 mean "not an admin" or "not a
 * member", 463 that the account may not reach out to people for a while.
 */
function refused(code: number, cause: unknown): AppError {
	switch (code) {
		case 401:
		case 403:
			return new AppError(
				'not_group_admin',
				'WhatsApp refused this: only admins of the group may do it. Ask an admin to make you one, or choose another group.',
				{ cause },
			);
		case 404:
		case 410:
			return new AppError('group_not_found', 'WhatsApp knows no such group of yours. Check the JID.', {
				cause,
			});
		case 429:
			return new AppError('whatsapp_rate_limited', 'WhatsApp asks to slow down. Try again in a minute.', {
				cause,
				retryAfterMs: 60_000,
			});
		case 463:
			return new AppError(
				'whatsapp_rate_limited',
				'WhatsApp does not let this account reach out to people at the moment. Wait before you try again; repeating makes it worse.',
				{ cause, retryAfterMs: 600_000 },
			);
		default:
			return refusal(code, cause);
	}
}

function refusal(code: number, cause: unknown): AppError {
	return new AppError('whatsapp_refused', `WhatsApp refused this (code ${code}). Nothing was changed.`, {
		cause,
	});
}

function silence(purpose: Purpose, cause: unknown): AppError {
	return purpose === 'look'
		? new AppError(
				'timeout',
				'WhatsApp did not answer in time. Nothing was changed; try again in a moment.',
				{
					cause,
				},
			)
		: new AppError(
				'outcome_unknown',
				'WhatsApp did not answer in time, so it is unknown whether this was done. Look before you repeat it.',
				{ cause },
			);
}
