import { AppError, GroupJid } from '@chat-manager/contracts';
import { z } from 'zod';
import type { Caller } from './caller.ts';

/** A parameter that is not ours is left alone: clients and proxies add their own. */
const Narrowing = z.object({
	read_only: z.enum(['true', 'false', '1', '0'], 'must be true or false').optional(),
	groups: z
		.string()
		.transform((text) => text.split(','))
		.pipe(z.array(GroupJid).min(1).max(100))
		.optional(),
});

/**
 * What a caller may do through an address that gives some of it away: `/mcp?read_only=true&groups=JID,JID`. It can only take:
 * the token's own limits hold beside it.
 */
export function narrowCaller(caller: Caller, query: unknown): Caller {
	const parsed = Narrowing.safeParse(query);
	if (!parsed.success)
		throw new AppError(
			'invalid_input',
			'The address is not understood: read_only must be true or false, groups must be JIDs of groups separated by commas, and each may be given once.',
			{ cause: parsed.error },
		);
	const { read_only: readOnly, groups } = parsed.data;
	return {
		...caller,
		readOnly: caller.readOnly || readOnly === 'true' || readOnly === '1',
		groups: groups === undefined ? caller.groups : common(caller.groups, groups),
	};
}

function common(own: readonly string[] | null, wanted: readonly string[]): readonly string[] {
	return own === null ? wanted : wanted.filter((jid) => own.includes(jid));
}
