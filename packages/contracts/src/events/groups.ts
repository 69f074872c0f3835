import { z } from 'zod';
import { event } from '../event.ts';
import { Instant, MemberJid } from '../ids.ts';
import { Person, Role } from '../operations/shapes.ts';

const Snapshot = z.object({
	name: z.string(),
	description: z.string().nullable(),
	/** When WhatsApp was asked; a change that happened before it is already contained. */
	takenAt: Instant,
	members: z.array(Person.extend({ role: Role })),
});

const ana = { jid: '98765432101234@lid', name: 'Ana', phone: '+15551234567' };
const snapshot = {
	name: 'Acme Support',
	description: null,
	takenAt: '2026-11-22T09:00:00.000Z',
	members: [{ ...ana, role: 'admin' as const }],
};

export const groupEvents = {
	created: event({
		summary: 'You made a group, or were added to one. It is not starred yet.',
		publisher: 'connector',
		webhook: true,
		data: z.object({
			name: z.string(),
			/** Who made the group or added you; null where WhatsApp does not say. */
			by: MemberJid.nullable(),
			participantCount: z.number().int().nonnegative(),
		}),
		example: { name: 'Acme Support', by: ana.jid, participantCount: 3 },
	}),
	starred: event({
		summary: 'You starred a group; its members at that moment are the baseline.',
		publisher: 'connector',
		webhook: true,
		data: Snapshot,
		example: snapshot,
	}),
	unstarred: event({
		summary: 'You removed the star from a group: it is no longer tracked.',
		publisher: 'storage',
		webhook: true,
		data: z.object({}),
		example: {},
	}),
	updated: event({
		summary: 'The name or the description of a starred group changed.',
		publisher: 'connector',
		webhook: true,
		data: z.object({ name: z.string().optional(), description: z.string().nullable().optional() }),
		example: { name: 'Acme Support (EU)' },
	}),
};

const Change = z.object({
	member: Person,
	/** Who did it; null where WhatsApp does not say. */
	by: MemberJid.nullable(),
	how: z.enum(['added', 'invite_link', 'left', 'removed', 'unknown']),
});
const change = { member: ana, by: null, how: 'invite_link' as const };

const RoleChange = z.object({
	member: Person,
	/** Who did it; null where WhatsApp does not say. */
	by: MemberJid.nullable(),
});
const roleChange = { member: ana, by: '11111111111111@lid' };

export const memberEvents = {
	joined: event({
		summary: 'Somebody joined a starred group.',
		publisher: 'connector',
		webhook: true,
		data: Change,
		example: change,
	}),
	left: event({
		summary: 'Somebody left a starred group or was removed from it.',
		publisher: 'connector',
		webhook: true,
		data: Change,
		example: { ...change, how: 'left' },
	}),
	promoted: event({
		summary: 'Somebody became an admin of a starred group.',
		publisher: 'connector',
		webhook: true,
		data: RoleChange,
		example: roleChange,
	}),
	demoted: event({
		summary: 'Somebody is no longer an admin of a starred group.',
		publisher: 'connector',
		webhook: true,
		data: RoleChange,
		example: roleChange,
	}),
};
