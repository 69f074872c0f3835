import { z } from 'zod';
import { GroupJid, IdempotencyKey } from '../ids.ts';
import { operation } from '../operation.ts';
import { groupActErrors } from './group-act-errors.ts';

const jid = '120363025246125486@g.us';
const inviteLink = 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv';

export const GroupName = z
	.string()
	.trim()
	.min(1)
	.max(100)
	.meta({ description: 'The name of the group, up to 100 characters' });

/** Answered by the connector that holds the person's socket. */
export const groupChanges = {
	inviteLink: operation({
		summary: 'Get the invite link of a starred group, or with reset a new one, which voids the old link.',
		description:
			'Your device must be an admin of the group. Anyone who opens the link joins. Give an idempotencyKey with reset: repeating the call returns the same new link instead of voiding it again.',
		scope: 'groups:manage',
		input: z.strictObject({
			jid: GroupJid,
			reset: z
				.boolean()
				.default(false)
				.meta({ description: 'True makes a new link; the old one stops working for everybody' }),
			idempotencyKey: IdempotencyKey.optional(),
		}),
		output: z.object({ jid: GroupJid, inviteLink: z.url() }),
		example: { input: { jid }, output: { jid, inviteLink } },
		errors: [...groupActErrors, 'idempotency_conflict'],
		timeoutMs: 45_000,
		idempotent: false,
		tool: {
			name: 'get_group_invite_link',
			title: 'Get or reset the invite link',
			readOnly: false,
			destructive: true,
			idempotent: false,
			openWorld: true,
			confirm: ({ reset }) =>
				reset === true ? 'Make a new invite link; the old one stops working for everybody.' : undefined,
		},
	}),
	rename: operation({
		summary: 'Change the name of a starred group.',
		description: 'Everybody in the group sees it. Some groups let only admins do this.',
		scope: 'groups:manage',
		input: z.strictObject({ jid: GroupJid, name: GroupName }),
		output: z.object({ jid: GroupJid, name: z.string() }),
		example: {
			input: { jid, name: 'Acme Support (EU)' },
			output: { jid, name: 'Acme Support (EU)' },
		},
		errors: groupActErrors,
		timeoutMs: 45_000,
		idempotent: true,
		tool: {
			name: 'rename_group',
			title: 'Rename a group',
			readOnly: false,
			destructive: true,
			idempotent: true,
			openWorld: true,
		},
	}),
	describe: operation({
		summary: 'Set the description of a starred group; an empty one clears it.',
		description: 'Everybody in the group sees it. Some groups let only admins do this.',
		scope: 'groups:manage',
		input: z.strictObject({
			jid: GroupJid,
			description: z
				.string()
				.trim()
				.max(2048)
				.meta({ description: 'Up to 2048 characters; empty clears it' }),
		}),
		output: z.object({ jid: GroupJid, description: z.string().nullable() }),
		example: {
			input: { jid, description: 'Open from nine to five.' },
			output: { jid, description: 'Open from nine to five.' },
		},
		errors: groupActErrors,
		timeoutMs: 45_000,
		idempotent: true,
		tool: {
			name: 'set_group_description',
			title: 'Set the group description',
			readOnly: false,
			destructive: true,
			idempotent: true,
			openWorld: true,
		},
	}),
};
