import { z } from 'zod';
import { AppError } from './errors.ts';
import { GroupJid, IdempotencyKey, SubjectToken, UserId } from './ids.ts';
import { type AnyOperation, type Call, isReadOnly } from './operation.ts';
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
	/** Whether nothing may be changed. */
	readOnly: z.boolean().optional(),
	/**
	 * Whether what a person has to confirm may happen: a person called, confirmed this very call, or allowed the token to do
	 * without.
	 */
	confirmed: z.boolean(),
	/** Milliseconds since the epoch. After it nothing may be done in the name of this grant. */
	deadline: z.number().int().positive(),
	idempotencyKey: IdempotencyKey.optional(),
});
export type Grant = z.infer<typeof Grant>;

/** Refuses an operation that the caller's scopes, read-only mode or limit to some groups do not hold. */
export function assertPermitted({ scopes, readOnly, groups }: Permissions, operation: AnyOperation): void {
	if (operation.kind === 'internal') return;
	if (!scopes.includes(operation.scope))
		throw new AppError(
			'forbidden',
			`This needs the permission ${operation.scope}, which the access token does not have.`,
		);
	if (readOnly === true && !isReadOnly(operation))
		throw new AppError('forbidden', 'This would change something, and the access token is read-only.');
	if (groups !== null && operation.tool?.outsideGroups === true)
		throw new AppError(
			'forbidden',
			'This acts outside the groups that the access token is limited to, so it cannot do it.',
		);
}

export function isPermitted(permissions: Permissions, operation: AnyOperation): boolean {
	try {
		assertPermitted(permissions, operation);
		return true;
	} catch {
		return false;
	}
}

type Permissions = {
	readonly scopes: readonly Scope[];
	readonly readOnly?: boolean | undefined;
	readonly groups: readonly string[] | null;
};

/** What a person has to confirm before it happens, in one sentence; undefined when nothing. */
export function confirmationOf(operation: AnyOperation, input: Record<string, unknown>): string | undefined {
	return operation.kind === 'internal' ? undefined : operation.tool?.confirm?.(input);
}

/** Refuses what a person has to confirm and did not. */
export function assertConfirmed(
	{ confirmed }: Pick<Grant, 'confirmed'>,
	operation: AnyOperation,
	input: Record<string, unknown>,
): void {
	if (!confirmed && confirmationOf(operation, input) !== undefined) throw confirmationNeeded();
}

export function confirmationNeeded(): AppError {
	return new AppError(
		'confirmation_needed',
		'A person has to confirm this, and nobody did. Nothing was done.',
	);
}

/** Refuses a group that the caller's token is not limited to, with the same words as for a group that is not starred. */
export function assertGroupGranted(call: Pick<Call, 'groups'>, jid: string): void {
	if (call.groups !== null && !call.groups.includes(jid)) throw groupNotStarred();
}

/** The same for every group that an input names: the one that it is about, and those that it lists. */
export function assertGroupsGranted(
	call: Pick<Call, 'groups'>,
	{ jid, groups }: Record<string, unknown>,
): void {
	if (typeof jid === 'string') assertGroupGranted(call, jid);
	if (Array.isArray(groups)) for (const group of groups) assertGroupGranted(call, String(group));
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
