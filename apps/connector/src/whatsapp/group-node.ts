import { Role } from '@chat-manager/contracts';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { z } from 'zod';

/** A member, known by hidden id (lid) where the group tells it; a missing phone number is legal. */
const GroupMember = z.object({ jid: z.string(), phone: z.string().nullable(), role: Role });

/** A group as WhatsApp describes it, and as the own record keeps it. */
export const Group = z.object({
	jid: z.string(),
	name: z.string(),
	description: z.string().nullable(),
	/** Who changes the description must name the one it replaces. */
	descriptionId: z.string().nullable(),
	/** Who made it; null where WhatsApp does not say. */
	owner: z.string().nullable(),
	/** Milliseconds since the epoch. */
	createdAt: z.number(),
	/** Whether its members are addressed by hidden id or, in older groups, by phone number. */
	addressing: z.enum(['lid', 'pn']),
	/** After how many seconds messages disappear; 0: they stay. */
	ephemeralSeconds: z.number(),
	/** What only admins may do. */
	adminsOnly: z.object({ write: z.boolean(), edit: z.boolean(), add: z.boolean() }),
	members: z.array(GroupMember),
});
export type Group = z.infer<typeof Group>;
export type GroupMember = z.infer<typeof GroupMember>;

/** What became of one person whom a request named. */
export type ParticipantResult = {
	jid: string;
	phoneJid: string | null;
	/** WhatsApp's code, null when it was done. */
	error: string | null;
	/** The person wants to be asked: WhatsApp gave an invitation instead. */
	hasInvite: boolean;
	/** Not in yet: an admin has to let them in. */
	awaitsApproval: boolean;
};

/** Reads a `<group>` node; `undefined` when it lacks what every group has. Failed participants (an `error`) are left out. */
export function readGroup(node: BinaryNode | undefined): Group | undefined {
	if (node?.tag !== 'group' || node.attrs.id === undefined) return undefined;
	const description = getBinaryNodeChild(node, 'description');
	const has = (tag: string) => getBinaryNodeChild(node, tag) !== undefined;
	return {
		jid: node.attrs.id.includes('@') ? node.attrs.id : `${node.attrs.id}@g.us`,
		name: node.attrs.subject ?? '',
		description: textOf(getBinaryNodeChild(description, 'body')),
		descriptionId: description?.attrs.id ?? null,
		owner: node.attrs.creator ?? null,
		createdAt: Number(node.attrs.creation ?? 0) * 1000,
		addressing: node.attrs.addressing_mode === 'lid' ? 'lid' : 'pn',
		ephemeralSeconds: Number(getBinaryNodeChild(node, 'ephemeral')?.attrs.expiration ?? 0),
		adminsOnly: {
			write: has('announcement'),
			edit: has('locked'),
			add: textOf(getBinaryNodeChild(node, 'member_add_mode')) !== 'all_member_add',
		},
		members: getBinaryNodeChildren(node, 'participant')
			.filter(({ attrs }) => attrs.error === undefined)
			.flatMap(({ attrs }) => (attrs.jid === undefined ? [] : [toMember({ ...attrs, jid: attrs.jid })])),
	};
}

export function readParticipantResults(node: BinaryNode | undefined): ParticipantResult[] {
	return getBinaryNodeChildren(node, 'participant').flatMap((participant) => {
		const { jid, phone_number, error } = participant.attrs;
		if (jid === undefined) return [];
		const has = (tag: string) => getBinaryNodeChild(participant, tag) !== undefined;
		return [
			{
				jid,
				phoneJid: phone_number ?? null,
				error: error === undefined || error === '200' ? null : error,
				hasInvite: has('add_request'),
				awaitsApproval: has('membership_approval_request'),
			},
		];
	});
}

/** `15551234567@s.whatsapp.net` → `+15551234567`; `null` for anything that is no phone jid. */
export function phoneOf(jid: string | null | undefined): string | null {
	const digits = /^(\d+)(?::\d+)?@s\.whatsapp\.net$/.exec(jid ?? '')?.[1];
	return digits === undefined ? null : `+${digits}`;
}

const roles: Record<string, GroupMember['role']> = { superadmin: 'owner', admin: 'admin' };

function toMember(attrs: Record<string, string> & { jid: string }): GroupMember {
	return {
		jid: attrs.lid ?? attrs.jid,
		phone: phoneOf(attrs.phone_number) ?? phoneOf(attrs.jid),
		role: roles[attrs.type ?? ''] ?? 'member',
	};
}

function textOf(node: BinaryNode | undefined): string | null {
	return node?.content instanceof Uint8Array ? Buffer.from(node.content).toString('utf8') : null;
}
