import { groupJid } from '../binary/jid.ts';
import { groupsOf } from '../network/groups.ts';
import type { Account, Network } from '../network/state.ts';
import { type Bubbled, bubblesOf } from './bubbles.ts';
import type { Bubble, ShownChat, ShownPhone } from './schema.ts';

/** More would be no list to choose from. */
const MAX_OTHER_GROUPS = 100;

/** A phone's chats, the newest first: every group it is in, those it has left, and everybody it has spoken with. */
export function chatsOf(parts: Bubbled): ShownChat[] {
	const { network, owner } = parts;
	const byChat = new Map(
		groupsOf(network, owner).map(({ id }) => [groupJid(id), [] as (typeof parts.messages)[number][]]),
	);
	for (const message of parts.messages) {
		const messages = byChat.get(message.chat);
		if (messages) messages.push(message);
		else byChat.set(message.chat, [message]);
	}
	return [...byChat]
		.map(([id, messages]) => ({
			id,
			group: id.endsWith('@g.us'),
			title: titleOf(network, id),
			...lastOf(bubblesOf({ ...parts, messages, group: groupOf(network, id) }, 1).bubbles[0]),
		}))
		.toSorted((one, other) => (other.last?.atMs ?? 0) - (one.last?.atMs ?? 0));
}

export function titleOf(network: Network, chat: string): string {
	if (!chat.endsWith('@g.us')) return network.accounts.get(chat)?.pushName ?? chat;
	return groupOf(network, chat)?.subject ?? 'A group that is gone';
}

export function groupOf(network: Network, chat: string) {
	return chat.endsWith('@g.us') ? network.groups.get(chat.slice(0, -'@g.us'.length)) : undefined;
}

export function otherGroupsOf(network: Network, account: Account): ShownPhone['otherGroups'] {
	const mine = new Set(groupsOf(network, account));
	return [...network.groups.values()]
		.filter((group) => !mine.has(group))
		.slice(0, MAX_OTHER_GROUPS)
		.map(({ id, subject, participants, inviteCode, requests }) => ({
			id: groupJid(id),
			title: subject,
			size: participants.length,
			code: inviteCode,
			asked: requests.some(({ lid }) => lid === account.lid),
		}));
}

function lastOf(bubble: Bubble | undefined): Pick<ShownChat, 'last'> {
	if (!bubble) return {};
	const { author, text, kind, atMs, own, deleted } = bubble;
	const words = deleted ? 'Deleted' : text || NAMES[kind] || '…';
	return { last: { author: author.name, text: words, atMs, own } };
}

const NAMES: Partial<Record<Bubble['kind'], string>> = {
	image: 'Picture',
	video: 'Video',
	audio: 'Voice message',
	document: 'File',
	location: 'Place',
	invite: 'Invitation',
};
