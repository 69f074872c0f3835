import { z } from 'zod';
import { Cursor, GroupJid, Instant, MemberJid, UserId } from '../ids.ts';
import { internalOperation, operation } from '../operation.ts';
import { memberChanges } from './member-changes.ts';
import { Person, Role } from './shapes.ts';

const jid = '120363025246125486@g.us';
const member = '98765432101234@lid';
const at = '2026-11-22T09:00:00.000Z';
const activity = { lastMessageAt: Instant.nullable(), messageCount: z.number().int().nonnegative() };

/** Answered by the connector that holds the person's socket. */
export const liveMembers = {
	...memberChanges,
	list: operation({
		summary: "List a group's current members with name, phone number, role, last message and message count.",
		description:
			'A live look-up: the device must be connected. When WhatsApp asks to slow down, live is false and the members are those last seen. Counts cover the messages captured since the group was starred.',
		scope: 'groups:read',
		input: z.strictObject({ jid: GroupJid, cursor: Cursor.optional() }),
		output: z.object({
			participants: z.array(Person.extend({ role: Role, ...activity })),
			nextCursor: Cursor.nullable(),
			live: z.boolean().meta({ description: 'Whether WhatsApp was asked just now; false: as last seen' }),
		}),
		example: {
			input: { jid },
			output: {
				participants: [
					{
						jid: member,
						name: 'Ana',
						phone: '+15551234567',
						role: 'admin',
						lastMessageAt: at,
						messageCount: 42,
					},
				],
				nextCursor: null,
				live: true,
			},
		},
		errors: [
			'device_offline',
			'group_not_starred',
			'group_not_found',
			'not_group_member',
			'whatsapp_rate_limited',
			'whatsapp_refused',
		],
		timeoutMs: 25_000,
		idempotent: true,
		tool: {
			name: 'list_group_participants',
			title: 'List group participants',
			readOnly: true,
			destructive: false,
			idempotent: true,
			openWorld: true,
			quotesMembers: true,
		},
	}),
};

const Change = Person.extend({
	at: Instant,
	by: MemberJid.nullable().meta({ description: 'Who did it; null where WhatsApp does not say' }),
	how: z.enum(['added', 'invite_link', 'left', 'removed', 'unknown']),
});

/** Answered by storage. */
export const recordedMembers = {
	changes: operation({
		summary: 'List members who joined or left since the group was last visited, as two lists.',
		description:
			'Each change says when, by whom and how, where WhatsApp tells it. mark_group_visited clears the lists.',
		scope: 'groups:read',
		input: z.strictObject({ jid: GroupJid }),
		output: z.object({
			since: Instant,
			joined: z.array(Change),
			left: z.array(Change),
			omitted: z
				.object({ joined: z.number().int().nonnegative(), left: z.number().int().nonnegative() })
				.optional()
				.meta({
					description: 'How many more there are of each than fit into this answer; the newest are shown',
				}),
		}),
		example: {
			input: { jid },
			output: {
				since: at,
				joined: [{ jid: member, name: 'Ana', phone: '+15551234567', at, by: null, how: 'invite_link' }],
				left: [],
			},
		},
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: true,
		tool: {
			name: 'get_membership_changes',
			title: 'Get membership changes',
			readOnly: true,
			destructive: false,
			idempotent: true,
			openWorld: true,
			quotesMembers: true,
		},
	}),
	activity: internalOperation({
		summary: 'What the record knows of the members of a starred group: names and message counts.',
		callers: ['connector'],
		input: z.strictObject({ userId: UserId, jid: GroupJid }),
		output: z.object({
			members: z.array(z.object({ jid: MemberJid, name: z.string().nullable(), ...activity })),
		}),
		example: {
			input: { userId: 'u1', jid },
			output: { members: [{ jid: member, name: 'Ana', lastMessageAt: at, messageCount: 42 }] },
		},
		errors: [],
		timeoutMs: 5_000,
		idempotent: true,
	}),
};
