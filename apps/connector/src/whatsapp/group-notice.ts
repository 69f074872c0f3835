import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { phoneOf, readGroup } from './group-node.ts';
import { withoutDevice } from './stanza.ts';

const NoticedMember = z.object({ jid: z.string(), phone: z.string().nullable() });
const members = z.array(NoticedMember);

/** What happened in a group, as WhatsApp tells every member's devices. */
export const GroupNotice = z.object({
	/** The stanza's id: the same when it is delivered again. */
	id: z.string(),
	chatJid: z.string(),
	/** Milliseconds since the epoch. */
	at: z.number(),
	/** Who did it; null where WhatsApp does not say. */
	authorJid: z.string().nullable(),
	change: z.discriminatedUnion('kind', [
		z.object({
			kind: z.enum(['joined', 'left']),
			how: z.enum(['added', 'invite_link', 'left', 'removed']),
			members,
		}),
		z.object({ kind: z.enum(['promoted', 'demoted']), members }),
		/** This person made the group, or came into it: to its other members WhatsApp says that somebody joined. */
		z.object({ kind: z.literal('created'), name: z.string(), participantCount: z.number() }),
		z.object({ kind: z.literal('renamed'), name: z.string() }),
		z.object({ kind: z.literal('described'), description: z.string().nullable() }),
	]),
});
export type GroupNotice = z.infer<typeof GroupNotice>;
export type NoticedMember = z.infer<typeof NoticedMember>;

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
