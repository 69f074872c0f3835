import { z } from 'zod';
import { Cursor, GroupJid, IdempotencyKey, Instant, UserId } from '../ids.ts';
import { internalOperation, operation } from '../operation.ts';
import { GroupName, groupChanges } from './group-changes.ts';
import { timeline } from './group-timeline.ts';
import { AddOutcome, Members, RetryAfterMs } from './member-changes.ts';
import { StarredState } from './shapes.ts';

const jid = '120363025246125486@g.us';
const at = '2026-11-22T09:00:00.000Z';

/** Answered by storage: what the record knows of starred groups. */
export const recordedGroups = {
	timeline,
	listStarred: operation({
		summary: 'List your starred groups with participant counts and who joined or left since your last visit.',
		description:
			'Call this first: every other group tool takes the jid that it returns. Counts of joined and left members are since the group was last marked as visited.',
		scope: 'groups:read',
		input: z.strictObject({ cursor: Cursor.optional() }),
		output: z.object({
			groups: z.array(
				z.object({
					jid: GroupJid,
					name: z.string(),
					participantCount: z.number().int().nonnegative(),
					joinedSinceLastVisit: z.number().int().nonnegative(),
					leftSinceLastVisit: z.number().int().nonnegative(),
				}),
			),
			nextCursor: Cursor.nullable(),
		}),
		example: {
			input: {},
			output: {
				groups: [
					{ jid, name: 'Acme Support', participantCount: 12, joinedSinceLastVisit: 2, leftSinceLastVisit: 0 },
				],
				nextCursor: null,
			},
		},
		errors: [],
		timeoutMs: 10_000,
		idempotent: true,
		tool: {
			name: 'list_starred_groups',
			title: 'List starred groups',
			readOnly: true,
			destructive: false,
			idempotent: true,
			openWorld: true,
			quotesMembers: true,
		},
	}),
	getStarred: operation({
		summary:
			'Get one starred group: name, description, participants, and what changed since your last visit.',
		scope: 'groups:read',
		input: z.strictObject({ jid: GroupJid }),
		output: z.object({
			jid: GroupJid,
			name: z.string(),
			description: z.string().nullable(),
			participantCount: z.number().int().nonnegative(),
			starredAt: Instant,
			lastVisitedAt: Instant.nullable(),
			pendingChanges: z.object({
				joined: z.number().int().nonnegative(),
				left: z.number().int().nonnegative(),
			}),
		}),
		example: {
			input: { jid },
			output: {
				jid,
				name: 'Acme Support',
				description: null,
				participantCount: 12,
				starredAt: at,
				lastVisitedAt: null,
				pendingChanges: { joined: 2, left: 0 },
			},
		},
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: true,
		tool: {
			name: 'get_starred_group',
			title: 'Get a starred group',
			readOnly: true,
			destructive: false,
			idempotent: true,
			openWorld: true,
			quotesMembers: true,
		},
	}),
	awaitStar: internalOperation({
		summary: 'Wait a moment until a star is on record, so that whoever starred the group can read it.',
		callers: ['connector'],
		input: z.strictObject({ userId: UserId, jid: GroupJid }),
		output: z.object({ recorded: z.boolean() }),
		example: { input: { userId: 'u1', jid }, output: { recorded: true } },
		errors: [],
		timeoutMs: 3_000,
		idempotent: true,
	}),
	markVisited: operation({
		summary: 'Mark a group as visited now, which clears its changes since the last visit.',
		scope: 'groups:manage',
		input: z.strictObject({ jid: GroupJid }),
		output: z.object({ jid: GroupJid, lastVisitedAt: Instant }),
		example: { input: { jid }, output: { jid, lastVisitedAt: at } },
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'groups',
		tool: {
			name: 'mark_group_visited',
			title: 'Mark a group as visited',
			readOnly: false,
			destructive: false,
			idempotent: true,
			openWorld: false,
		},
	}),
	unstar: operation({
		summary: 'Remove the star from a group and discard its tracked membership history.',
		description:
			'The group can no longer be read or managed. Its stored messages are deleted at messagesDeletedAt, after 7 days or as long as the server keeps them, unless the group is starred again before. Works while the device is offline.',
		scope: 'groups:manage',
		input: z.strictObject({ jid: GroupJid }),
		output: z.object({ jid: GroupJid, starred: z.literal(false), messagesDeletedAt: Instant }),
		example: { input: { jid }, output: { jid, starred: false, messagesDeletedAt: at } },
		errors: ['group_not_starred'],
		timeoutMs: 10_000,
		idempotent: true,
		changes: 'groups',
		tool: {
			name: 'unstar_group',
			title: 'Unstar a group',
			readOnly: false,
			destructive: true,
			idempotent: true,
			openWorld: false,
			confirm: () => 'Remove the star from this group and discard its tracked membership history.',
		},
	}),
};

/** Answered by the connector that holds the person's socket. */
export const liveGroups = {
	...groupChanges,
	list: operation({
		summary: 'List all WhatsApp groups of your linked device, starred or not.',
		scope: 'device:write',
		input: z.strictObject({}),
		output: z.object({
			groups: z.array(StarredState.extend({ participantCount: z.number().int().nonnegative() })),
		}),
		example: {
			input: {},
			output: { groups: [{ jid, name: 'Acme Support', starred: true, participantCount: 12 }] },
		},
		errors: ['device_offline', 'whatsapp_rate_limited', 'whatsapp_refused'],
		timeoutMs: 25_000,
		idempotent: true,
	}),
	star: operation({
		summary: 'Star one of your WhatsApp groups so that it can be read and managed.',
		description:
			'From then on its messages and membership changes are captured; earlier ones are not available. Starring a group twice changes nothing.',
		scope: 'groups:manage',
		input: z.strictObject({ jid: GroupJid }),
		output: StarredState.extend({
			starredAt: Instant,
			participantCount: z.number().int().nonnegative(),
		}),
		example: {
			input: { jid },
			output: { jid, name: 'Acme Support', starred: true, starredAt: at, participantCount: 12 },
		},
		errors: [
			'device_offline',
			'group_not_found',
			'group_not_starred',
			'whatsapp_rate_limited',
			'whatsapp_refused',
		],
		timeoutMs: 25_000,
		idempotent: true,
		tool: {
			name: 'star_group',
			title: 'Star a group',
			readOnly: false,
			destructive: false,
			idempotent: true,
			openWorld: true,
			quotesMembers: true,
		},
	}),
	create: operation({
		summary: 'Create a WhatsApp group; you become its owner, it is starred, and an invite link is returned.',
		description:
			'Give an idempotencyKey, so that a repeated call cannot create a second group. Members may be left out: anyone who opens the invite link joins.',
		scope: 'groups:manage',
		input: z.strictObject({
			name: GroupName,
			participants: Members.optional(),
			idempotencyKey: IdempotencyKey.optional(),
		}),
		output: z.object({
			jid: GroupJid,
			name: z.string(),
			inviteLink: z.url().nullable(),
			participants: z.array(z.object({ member: z.string(), outcome: AddOutcome })),
			retryAfterMs: RetryAfterMs,
		}),
		example: {
			input: { name: 'Acme Support' },
			output: {
				jid,
				name: 'Acme Support',
				inviteLink: 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv',
				participants: [],
				retryAfterMs: null,
			},
		},
		errors: [
			'device_offline',
			'idempotency_conflict',
			'whatsapp_rate_limited',
			'whatsapp_refused',
			'outcome_unknown',
		],
		timeoutMs: 45_000,
		idempotent: false,
		tool: {
			name: 'create_group',
			title: 'Create a group',
			readOnly: false,
			destructive: false,
			idempotent: false,
			openWorld: true,
			outsideGroups: true,
		},
	}),
};
