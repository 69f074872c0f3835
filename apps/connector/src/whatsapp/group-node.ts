import type { Role } from '@chat-manager/contracts';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import type { z } from 'zod';

/** A group as WhatsApp describes it. Members are known by hidden id (lid); a missing phone number is legal. */
export type Group = {
	jid: string;
	name: string;
	description: string | null;
	/** Who made it; null where WhatsApp does not say. */
	owner: string | null;
	/** Milliseconds since the epoch. */
	createdAt: number;
	members: GroupMember[];
};

export type GroupMember = { jid: string; phone: string | null; role: z.infer<typeof Role> };

/** What became of one person whom a request named; `error` is WhatsApp's code, absent when it was done. */
export type ParticipantResult = { jid: string; phoneJid: string | null; error: string | null };

/** Reads a `<group>` node; `undefined` when it lacks what every group has. Failed participants (an `error`) are left out. */
export function readGroup(node: BinaryNode | undefined): Group | undefined {
	if (node?.tag !== 'group' || node.attrs.id === undefined) return undefined;
	const body = getBinaryNodeChild(getBinaryNodeChild(node, 'description'), 'body')?.content;
	return {
		jid: node.attrs.id.includes('@') ? node.attrs.id : `${node.attrs.id}@g.us`,
		name: node.attrs.subject ?? '',
		description: body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : null,
		owner: node.attrs.creator ?? null,
		createdAt: Number(node.attrs.creation ?? 0) * 1000,
		members: getBinaryNodeChildren(node, 'participant')
			.filter(({ attrs }) => attrs.error === undefined)
			.flatMap(({ attrs }) => (attrs.jid === undefined ? [] : [toMember({ ...attrs, jid: attrs.jid })])),
	};
}

export function readParticipantResults(node: BinaryNode | undefined): ParticipantResult[] {
	return getBinaryNodeChildren(node, 'participant').flatMap(({ attrs }) =>
		attrs.jid === undefined
			? []
			: [{ jid: attrs.jid, phoneJid: attrs.phone_number ?? null, error: attrs.error ?? null }],
	);
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
