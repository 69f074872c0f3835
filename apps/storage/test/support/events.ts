import { randomUUID } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import type { EventData, MessageContent } from '@chat-manager/contracts';
import type { createConnectors } from './connectors.ts';

export const groupJid = '120363025246125486@g.us';
export const ana = { jid: '98765432101234@lid', name: 'Ana', phone: '+15551234567' };
export const bea = { jid: '11111111111111@lid', name: 'Bea', phone: null };
export const cleo = { jid: '22222222222222@lid', name: null, phone: null };

/** Moments on one line, in seconds after the first star. */
export function moment(seconds: number): string {
	return new Date(Date.UTC(2026, 10, 22, 9) + seconds * 1_000).toISOString();
}

type Where = { userId: string; jid?: string; id?: string; at: string };

export function starred(
	where: Where,
	change: Partial<EventData<'group.starred'>> = {},
): BusEvent<'group.starred'> {
	const members = [
		{ ...ana, role: 'admin' as const },
		{ ...bea, role: 'member' as const },
	];
	const data = { name: 'Acme Support', description: null, takenAt: where.at, members, ...change };
	return { ...head(where), type: 'group.starred', data };
}

export function updated(where: Where, data: EventData<'group.updated'>): BusEvent<'group.updated'> {
	return { ...head(where), type: 'group.updated', data };
}

export function joined(
	where: Where,
	member: typeof ana | typeof bea | typeof cleo,
): BusEvent<'member.joined'> {
	return { ...head(where), type: 'member.joined', data: { member, by: null, how: 'invite_link' } };
}

export function left(where: Where, member: typeof ana | typeof bea | typeof cleo): BusEvent<'member.left'> {
	return { ...head(where), type: 'member.left', data: { member, by: ana.jid, how: 'removed' } };
}

export function promoted(
	where: Where,
	member: typeof ana | typeof bea | typeof cleo,
): BusEvent<'member.promoted'> {
	return { ...head(where), type: 'member.promoted', data: { member, by: ana.jid } };
}

export function demoted(
	where: Where,
	member: typeof ana | typeof bea | typeof cleo,
): BusEvent<'member.demoted'> {
	return { ...head(where), type: 'member.demoted', data: { member, by: ana.jid } };
}

type Said = {
	sender?: { jid: string; name: string | null; phone: string | null };
	messageId?: string;
	kind?: EventData<'message.received'>['kind'];
	replyTo?: string;
};

/** A message with its text sealed by the user's connector; `text: null` for one without content. */
export function message(
	connectors: Pick<Awaited<ReturnType<typeof createConnectors>>, 'seal'>,
	where: Where,
	text: string | null,
	{ sender = ana, messageId = newMessageId(), kind = 'text', replyTo }: Said = {},
): BusEvent<'message.received'> {
	const event = head(where);
	const content: MessageContent = { text, media: null, mentions: [], replyTo: replyTo ?? null };
	const sealed = text === null ? null : connectors.seal(where.userId, event.id, content);
	const data = { messageId, sender: { ...sender, isYou: false }, kind, content: sealed };
	return { ...event, type: 'message.received', data };
}

type Seal = Pick<Awaited<ReturnType<typeof createConnectors>>, 'seal'>;
type Done = {
	/** The message, and who wrote it. */
	messageId: string;
	author?: Person;
	/** Who did it; the author unless told. */
	sender?: Person;
	/** Counts one person's changes to one message; the moment unless told. */
	revision?: number;
};
type Person = { jid: string; name: string | null; phone: string | null };

/** The new text sealed; null for an edit that came while storing was off. */
export function edited(
	connectors: Seal,
	where: Where,
	text: string | null,
	done: Done,
): BusEvent<'message.edited'> {
	const event = head(where);
	const content = text === null ? null : connectors.seal(where.userId, event.id, justText(text));
	return { ...event, type: 'message.edited', data: { ...change(where, done), content } };
}

export function deleted(where: Where, done: Done): BusEvent<'message.deleted'> {
	return { ...head(where), type: 'message.deleted', data: change(where, done) };
}

/** `emoji: null` takes the reaction back. */
export function reacted(
	connectors: Seal,
	where: Where,
	emoji: string | null,
	done: Done,
): BusEvent<'message.reaction'> {
	const event = head(where);
	const content = emoji === null ? null : connectors.seal(where.userId, event.id, justText(emoji));
	return {
		...event,
		type: 'message.reaction',
		data: { ...change(where, done), removed: emoji === null, content },
	};
}

export function voted(
	connectors: Seal,
	where: Where,
	options: string[] | null,
	done: Done,
): BusEvent<'message.voted'> {
	const event = head(where);
	const content =
		options === null
			? null
			: connectors.seal(where.userId, event.id, {
					text: null,
					media: null,
					mentions: [],
					replyTo: null,
					options,
				});
	return { ...event, type: 'message.voted', data: { ...change(where, done), content } };
}

function change(where: Where, { messageId, author = ana, sender = author, revision }: Done) {
	return {
		messageId,
		author: author.jid,
		sender: { ...sender, isYou: false },
		revision: revision ?? Date.parse(where.at),
	};
}

function justText(text: string): MessageContent {
	return { text, media: null, mentions: [], replyTo: null };
}

export function deviceChanged(
	{ userId, at, id = randomUUID() }: Where,
	state: EventData<'device.connected'>['state'],
): BusEvent<'device.connected'> | BusEvent<'device.disconnected'> {
	const type = state === 'connected' ? 'device.connected' : 'device.disconnected';
	return { id, at, userId, type, data: { state, reason: null } };
}

/** Members who got a message, or opened it. */
export function confirmed(
	where: Where,
	messageId: string,
	people: { jid: string; read: boolean; at: string }[],
): BusEvent<'message.confirmed'> {
	return { ...head(where), type: 'message.confirmed', data: { messageId, people } };
}

export function placeholder(where: Where, said: Said): BusEvent<'message.received'> {
	return message({ seal: neverSealed }, where, null, { ...said, kind: 'undecryptable' });
}

export function newMessageId(): string {
	return `3EB0${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
}

function head({ userId, jid = groupJid, id = randomUUID(), at }: Where) {
	return { id, at, userId, groupJid: jid };
}

function neverSealed(): never {
	throw new Error('Nothing to seal.');
}
