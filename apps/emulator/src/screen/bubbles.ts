import { proto } from '@whiskeysockets/baileys';
import { lidJid, pnJid } from '../binary/jid.ts';
import { accountByLid } from '../network/accounts.ts';
import { isAdmin } from '../network/groups.ts';
import type { Account, Group, Network } from '../network/state.ts';
import type { MessageReceipt, ReadMessage } from '../phone/notebook.ts';
import { openVote } from '../phone/votes.ts';
import { type Face, faceOf } from './face.ts';
import type { Bubble, Person, Poll } from './schema.ts';

/** A chat of a phone, with everything that was written down about it. */
export type Conversation = {
	readonly network: Network;
	readonly owner: Account;
	/** Nothing for a chat with one person. */
	readonly group: Group | undefined;
	readonly messages: readonly ReadMessage[];
	receiptsOf(id: string): readonly MessageReceipt[];
	readonly nowMs: number;
};

/**
 * The newest messages of a chat as people see them: edits, deletions, reactions and votes are no messages but change one. A change
 * counts only when its author may make it: clients can send others, and WhatsApp's apps ignore those.
 */
export function bubblesOf(conversation: Conversation, limit: number): { bubbles: Bubble[]; older: boolean } {
	const { messages } = conversation;
	const shown = messages.filter(({ kind }) => !CHANGES.has(kind));
	const changes = new Map<string, ReadMessage[]>();
	for (const message of messages) {
		if (!CHANGES.has(message.kind) || message.target === undefined) continue;
		changes.set(message.target, [...(changes.get(message.target) ?? []), message]);
	}
	const bubbles = shown
		.slice(-limit)
		.map((message) => bubble(conversation, message, changes.get(message.id) ?? []));
	return { bubbles, older: shown.length > limit };
}

/** The phone whose chat it is, and what it has written down. */
export type Bubbled = Omit<Conversation, 'group'>;

/** What is no message of its own. */
const CHANGES: ReadonlySet<string> = new Set(['protocolMessage', 'reactionMessage', 'pollUpdateMessage']);

export function personNamed({ network }: Pick<Conversation, 'network'>, phone: string): Person {
	return { phone, name: network.accounts.get(phone)?.pushName ?? phone };
}

function bubble(conversation: Conversation, message: ReadMessage, changes: readonly ReadMessage[]): Bubble {
	const { owner, network, nowMs } = conversation;
	const face = faceOf(message);
	const own = message.author === owner.phone;
	const common = {
		id: message.id,
		author: personNamed(conversation, message.author),
		own,
		atMs: message.sentAtMs,
		...(own ? receipt(conversation, message) : {}),
	};
	const { text, edited, deleted } = wording(conversation, message, face, changes);
	if (deleted) return { ...common, kind: 'other', text: '', edited: false, deleted, reactions: [] };
	const { file, place, invite, replyTo } = face;
	return {
		...common,
		kind: face.kind,
		text,
		edited,
		deleted,
		reactions: reactions(conversation, changes),
		...(file && { file }),
		...(place && { place }),
		...(face.poll && { poll: poll(conversation, message, face.poll, changes) }),
		...(replyTo && { replyTo: { ...replyTo, author: nameOf(network, replyTo.author) } }),
		...(invite && {
			invite: {
				group: invite.group,
				code: invite.code,
				subject: invite.subject,
				expired: nowMs >= invite.expiresAtMs,
			},
		}),
	};
}

function wording(
	{ network, group }: Conversation,
	{ author }: ReadMessage,
	face: Face,
	changes: readonly ReadMessage[],
): { text: string; edited: boolean; deleted: boolean } {
	let [text, edited, deleted] = [face.text, false, false];
	for (const change of changes) {
		if (change.kind !== 'protocolMessage') continue;
		const { protocolMessage } = proto.Message.decode(Buffer.from(change.message, 'base64'));
		const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;
		const actor = network.accounts.get(change.author);
		if (protocolMessage?.type === MESSAGE_EDIT && change.author === author)
			[text, edited] = [change.text ?? text, true];
		if (
			protocolMessage?.type === REVOKE &&
			(change.author === author || (group && actor && isAdmin(group, actor)))
		)
			deleted = true;
	}
	return { text, edited, deleted };
}

/** The last reaction of each person; an empty one takes theirs back. */
function reactions(conversation: Conversation, changes: readonly ReadMessage[]): Bubble['reactions'] {
	const byPerson = new Map<string, string>();
	for (const { kind, author, text = '' } of changes) {
		if (kind !== 'reactionMessage') continue;
		byPerson.delete(author);
		if (text !== '') byPerson.set(author, text);
	}
	const byEmoji = new Map<string, Person[]>();
	for (const [author, emoji] of byPerson)
		byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), personNamed(conversation, author)]);
	return [...byEmoji].map(([emoji, by]) => ({ emoji, by }));
}

/** The last vote of each person counts. */
function poll(
	conversation: Conversation,
	message: ReadMessage,
	{ options, selectable, secret }: NonNullable<Face['poll']>,
	changes: readonly ReadMessage[],
): Poll {
	const { network, owner } = conversation;
	const addresses = (phone: string) => {
		const account = network.accounts.get(phone);
		return account ? [lidJid(account.lid), pnJid(phone)] : [];
	};
	const votes = new Map<string, readonly string[]>();
	for (const change of changes) {
		if (change.kind !== 'pollUpdateMessage') continue;
		const { pollUpdateMessage } = proto.Message.decode(Buffer.from(change.message, 'base64'));
		if (!pollUpdateMessage?.vote) continue;
		const about = { secret, pollId: message.id, options };
		const chosen = openVote(
			pollUpdateMessage.vote,
			about,
			addresses(message.author),
			addresses(change.author),
		);
		if (chosen) votes.set(change.author, chosen);
	}
	return {
		selectable,
		options: options.map((name) => ({
			name,
			voters: [...votes]
				.filter(([, chosen]) => chosen.includes(name))
				.map(([phone]) => personNamed(conversation, phone)),
		})),
		mine: [...(votes.get(owner.phone) ?? [])],
	};
}

/** Read counts when everybody has read it, and delivered likewise: the least that is true of all. */
function receipt(
	{ network, owner, group, receiptsOf }: Conversation,
	{ id, chat }: ReadMessage,
): Pick<Bubble, 'receipt'> {
	const others = group
		? group.participants.flatMap(({ lid }) => accountByLid(network, lid)?.phone ?? [])
		: [chat];
	const waiting = new Set(others.filter((phone) => phone !== owner.phone));
	const unread = new Set(waiting);
	for (const { phone, type } of receiptsOf(id)) {
		waiting.delete(phone);
		if (type === 'read' || type === 'played') unread.delete(phone);
	}
	return { receipt: waiting.size > 0 ? 'sent' : unread.size > 0 ? 'delivered' : 'read' };
}

/** By hidden id or by number, whichever the quoting client has used. */
function nameOf(network: Network, user: string): string {
	const account = accountByLid(network, user) ?? network.accounts.get(user);
	return account?.pushName ?? user;
}
