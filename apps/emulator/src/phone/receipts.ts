import { isGroupJid, lidJid } from '../binary/jid.ts';
import { node } from '../binary/node.ts';
import { personIn } from '../network/addressing.ts';
import { seconds } from '../network/context.ts';
import type { Account } from '../network/state.ts';
import { relayReceipt } from '../stanzas/receipt.ts';
import type { Phone } from './phone.ts';

/** Opens a chat on the phone: the authors of everything new in it get read receipts, unless the person gives none. */
export function markRead(phone: Phone, chat: string): void {
	const { account } = phone.endpoint;
	if (account.privacy.readreceipts === 'none') return;
	const byAuthor = new Map<string, string[]>();
	for (const message of phone.notebook.read) {
		if (message.chat !== chat || message.author === account.phone || phone.opened.has(message)) continue;
		phone.opened.add(message);
		const ids = byAuthor.get(message.author) ?? [];
		byAuthor.set(message.author, [...ids, message.id]);
	}
	for (const [number, ids] of byAuthor) {
		const author = phone.ctx.network.accounts.get(number);
		if (author) sendRead(phone, chat, author, ids);
	}
}

/** A read receipt for messages of one author in one chat. */
export function sendRead(phone: Phone, chat: string, author: Account, ids: readonly string[]): void {
	const [first, ...rest] = ids;
	if (first === undefined) return;
	const group = isGroupJid(chat) ? phone.ctx.network.groups.get(chat.split('@')[0] ?? '') : undefined;
	const attrs = {
		id: first,
		to: group ? chat : lidJid(author.lid),
		participant: group ? personIn(group, author).jid : undefined,
		type: 'read',
		t: seconds(phone.ctx.nowMs()),
	};
	const items = rest.map((id) => node('item', { id }));
	const content = items.length > 0 ? [node('list', {}, items)] : undefined;
	relayReceipt(phone.ctx, phone.endpoint, node('receipt', attrs, content));
}
