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
