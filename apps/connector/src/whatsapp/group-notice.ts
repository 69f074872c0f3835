import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { phoneOf, readGroup } from './group-node.ts';
import { withoutDevice } from './stanza.ts';

/** What happened in a group, as WhatsApp tells every member's devices. */
export type GroupNotice = {
	/** The stanza's id: the same when it is delivered again. */
	id: string;
	chatJid: string;
	/** Milliseconds since the epoch. */
	at: number;
	/** Who did it; null where WhatsApp does not say. */
	authorJid: string | null;
	change:
		| { kind: 'joined' | 'left'; how: 'added' | 'invite_link' | 'left' | 'removed'; members: NoticedMember[] }
		| { kind: 'promoted' | 'demoted'; members: NoticedMember[] }
		/** This person made the group, or came into it: to its other members WhatsApp says that somebody joined. */
		| { kind: 'created'; name: string; participantCount: number }
		| { kind: 'renamed'; name: string }
		| { kind: 'described'; description: string | null };
};

export type NoticedMember = { jid: string; phone: string | null };

const Attributes = z.object({
	type: z.literal('w:gp2'),
	from: z.string().endsWith('@g.us'),
	id: z.string().min(1),
	t: z.coerce.number().positive(),
	participant: z.string().optional(),
});

/** `undefined` for any other stanza, and for changes of a group that nobody is told of. */
export function readGroupNotice(node: BinaryNode): GroupNotice | undefined {
	if (node.tag !== 'notification' || !Array.isArray(node.content)) return undefined;
	const attributes = Attributes.safeParse(node.attrs);
	const [child] = node.content;
	if (!attributes.success || child === undefined) return undefined;
	const { from, id, t, participant } = attributes.data;
	const authorJid = participant === undefined ? null : withoutDevice(participant);
	const change = readChange(child, authorJid);
	return change && { id, chatJid: from, at: t * 1000, authorJid, change };
}

function readChange(child: BinaryNode, authorJid: string | null): GroupNotice['change'] | undefined {
	const members = readMembers(child);
	const bySelf = members.length === 1 && members[0]?.jid === authorJid;
	switch (child.tag) {
		case 'add':
			return {
				kind: 'joined',
				how: bySelf || child.attrs.reason === 'invite' ? 'invite_link' : 'added',
				members,
			};
		case 'remove':
			return { kind: 'left', how: bySelf ? 'left' : 'removed', members };
		case 'leave':
			return { kind: 'left', how: 'left', members };
		case 'promote':
			return { kind: 'promoted', members };
		case 'demote':
			return { kind: 'demoted', members };
		case 'create':
			return readCreated(child);
		case 'subject':
			return child.attrs.subject === undefined ? undefined : { kind: 'renamed', name: child.attrs.subject };
		case 'description':
			return { kind: 'described', description: readBody(child) };
		default:
			return undefined;
	}
}

function readCreated(child: BinaryNode): GroupNotice['change'] | undefined {
	const group = readGroup(getBinaryNodeChild(child, 'group'));
	return group && { kind: 'created', name: group.name, participantCount: group.members.length };
}

function readMembers(child: BinaryNode): NoticedMember[] {
	return getBinaryNodeChildren(child, 'participant').flatMap(({ attrs: { jid, phone_number } }) =>
		jid === undefined ? [] : [{ jid: withoutDevice(jid), phone: phoneOf(phone_number) ?? phoneOf(jid) }],
	);
}

function readBody(child: BinaryNode): string | null {
	const body = getBinaryNodeChild(child, 'body')?.content;
	return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : null;
}
