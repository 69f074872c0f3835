import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';

/**
 * Runs a query of Baileys and makes one kind of failure out of its many: a timeout resolves as `undefined`, `[]` or `{}`;
 * a dropped connection rejects with a number; WhatsApp's own code stands in `err.data`. `parse` must fail on what a
 * timeout resolves with. Throws `AppError` only: `outcome_unknown` when WhatsApp did not say whether it was done.
 */
export async function ask<T>(query: () => Promise<unknown>, answer: z.ZodType<T>): Promise<T> {
	let value: unknown;
	try {
		value = await query();
	} catch (thrown) {
		throw fromWhatsApp(thrown);
	}
	const parsed = answer.safeParse(value);
	if (parsed.success) return parsed.data;
	throw unknownOutcome(parsed.error);
}

const Refusal = z.object({ data: z.number() });

export function fromWhatsApp(thrown: unknown): AppError {
	if (thrown instanceof AppError) return thrown;
	const refusal = Refusal.safeParse(thrown);
	if (refusal.success) return refused(refusal.data.data, thrown);
	if (thrown instanceof Error && /missing <group> node/i.test(thrown.message)) return unknownOutcome(thrown);
	return new AppError(
		'outcome_unknown',
		'The connection to WhatsApp broke while it was being asked, so it is unknown whether this was done. Look before you repeat it.',
		{ cause: thrown },
	);
}

/** The words for WhatsApp's refusals. Which code it picks where is not documented; 401 and 403 both mean "not an admin". */
function refused(code: number, cause: unknown): AppError {
	switch (code) {
		case 401:
		case 403:
			return new AppError(
				'not_group_admin',
				'WhatsApp refused this: only admins of the group may do it, or you are not in the group. Ask an admin, or choose another group.',
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
		default:
			return new AppError('whatsapp_refused', `WhatsApp refused this (code ${code}). Nothing was changed.`, {
				cause,
			});
	}
}

function unknownOutcome(cause: unknown): AppError {
	return new AppError(
		'outcome_unknown',
		'WhatsApp did not answer in time, so it is unknown whether this was done. Look before you repeat it.',
		{ cause },
	);
}
