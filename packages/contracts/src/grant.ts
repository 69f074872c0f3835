import { z } from 'zod';
import { AppError } from './errors.ts';
import { GroupJid, IdempotencyKey, SubjectToken, UserId } from './ids.ts';
import type { Call } from './operation.ts';
import { Scope } from './scopes.ts';

/**
 * What a caller may do, signed by the gateway (Ed25519) and carried by every request on the bus. The service that acts
 * verifies it, so what a token may not do is refused there, whoever put the request on the bus.
 */
export const Grant = z.strictObject({
	callId: SubjectToken,
	userId: UserId,
	/** The access token behind the call; absent for a signed-in person. */
	tokenId: SubjectToken.optional(),
	scopes: z.array(Scope),
	/** The groups that the token is limited to; null: no limit. */
	groups: z.array(GroupJid).nullable(),
	/** Whether a person confirmed this very call. */
	confirmed: z.boolean(),
	/** Milliseconds since the epoch. After it nothing may be done in the name of this grant. */
	deadline: z.number().int().positive(),
	idempotencyKey: IdempotencyKey.optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Refuses a group that the caller's token is not limited to, with the same words as for a group that is not starred. */
export function assertGroupGranted(call: Pick<Call, 'groups'>, jid: string): void {
	if (call.groups !== null && !call.groups.includes(jid)) throw groupNotStarred();
}

/** Right before an effect: an answer that nobody waits for must not happen. */
export function assertInTime(call: Pick<Call, 'deadline'>, now: number): void {
	if (now >= call.deadline)
		throw new AppError('timeout', 'The request ran out of time and nothing was done. Try again.');
}

/** One answer for "not starred", "not yours" and "does not exist": a foreign group cannot be told from a missing one. */
export function groupNotStarred(): AppError {
	return new AppError(
		'group_not_starred',
		'This group is not among your starred groups. Call list_starred_groups for the groups that you can use, or star_group with its JID first.',
	);
}
