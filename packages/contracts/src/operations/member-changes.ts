import { z } from 'zod';
import { GroupJid, MemberJid, Phone } from '../ids.ts';
import { operation } from '../operation.ts';
import { groupActErrors } from './group-act-errors.ts';

const jid = '120363025246125486@g.us';

/** Whom a call names: as WhatsApp knows them, or by phone number. */
export const Members = z
	.array(z.union([MemberJid, Phone]))
	.max(50)
	.meta({ description: 'Phone numbers in international format, or JIDs; at most 50' });

/**
 * What became of one person. `not_done`: nothing happened to them, and asking again is safe (after `retryAfterMs`, where
 * it is given). `unknown`: WhatsApp did not say, and the group could not be read again to see.
 */
export const AddOutcome = z.enum([
	'added',
	'already_member',
	'awaiting_approval',
	'not_on_whatsapp',
	'invite_needed',
	'not_permitted',
	'restricted',
	'not_done',
	'unknown',
]);
const RemoveOutcome = z.enum([
	'removed',
	'not_a_member',
	'not_permitted',
	'restricted',
	'not_done',
	'unknown',
]);

export const RetryAfterMs = z
	.number()
	.int()
	.nonnegative()
	.nullable()
	.meta({ description: 'When some are not_done: after how many milliseconds to ask again for them' });

/** Answered by the connector that holds the person's socket. */
export const memberChanges = {
	add: operation({
		summary: 'Add people to a starred group; you get one outcome for each of them.',
		description:
			'Your device must be an admin, unless the group lets every member add. invite_needed: the person does not let you add them, send them the link of get_group_invite_link instead. awaiting_approval: an admin has to let them in. not_done: ask again for those after retryAfterMs. People are added in small batches; many in a short time can get the account restricted.',
		scope: 'members:manage',
		input: z.strictObject({ jid: GroupJid, members: Members.min(1) }),
		output: z.object({
			jid: GroupJid,
			members: z.array(z.object({ member: z.string(), outcome: AddOutcome })),
			retryAfterMs: RetryAfterMs,
		}),
		example: {
			input: { jid, members: ['+15551234567'] },
			output: { jid, members: [{ member: '+15551234567', outcome: 'added' }], retryAfterMs: null },
		},
		errors: groupActErrors,
		timeoutMs: 60_000,
		idempotent: true,
		tool: {
			name: 'add_group_members',
			title: 'Add group members',
			readOnly: false,
			destructive: false,
			idempotent: true,
			openWorld: true,
		},
	}),
	remove: operation({
		summary: 'Remove people from a starred group; you get one outcome for each of them.',
		description:
			'Your device must be an admin of the group; its creator cannot be removed (not_permitted). not_done: ask again for those after retryAfterMs.',
		scope: 'members:manage',
		input: z.strictObject({ jid: GroupJid, members: Members.min(1) }),
		output: z.object({
			jid: GroupJid,
			members: z.array(z.object({ member: z.string(), outcome: RemoveOutcome })),
			retryAfterMs: RetryAfterMs,
		}),
		example: {
			input: { jid, members: ['98765432101234@lid'] },
			output: { jid, members: [{ member: '98765432101234@lid', outcome: 'removed' }], retryAfterMs: null },
		},
		errors: groupActErrors,
		timeoutMs: 60_000,
		idempotent: true,
		tool: {
			name: 'remove_group_members',
			title: 'Remove group members',
			readOnly: false,
			destructive: true,
			idempotent: true,
			openWorld: true,
			confirm: ({ members }) => `Remove these people from this group: ${String(members)}.`,
		},
	}),
};
