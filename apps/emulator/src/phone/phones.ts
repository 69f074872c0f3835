import type { proto } from '@whiskeysockets/baileys';
import { parseJid } from '../binary/jid.ts';
import { attr, type Stanza } from '../binary/node.ts';
import { accountOf, endpointOf } from '../network/accounts.ts';
import { type Context, newStanzaId } from '../network/context.ts';
import { groupFor, isAdmin } from '../network/groups.ts';
import { receiptIds } from '../network/queue.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import { welcome } from './bootstrap.ts';
import type { MessageReceipt, Notebook, ReadMessage, SentMessage } from './notebook.ts';
import { createPhone, type Phone } from './phone.ts';
import { readMessage } from './read.ts';
import { sendAgain } from './retry.ts';
import { sendToGroup, sendToPerson } from './send.ts';
import { createSignal } from './signal.ts';
import type { Vaults } from './vault.ts';

/**
 * All simulated phones. A phone does one thing at a time, in the order in which things reached it, because its ratchets
 * depend on the order; different phones work side by side.
 */
export type Phones = {
	/** Mail for an account's phone. */
	receive(account: Account, stanza: Stanza): void;
	/** Sends a newly linked device its initial history, once. */
	welcome(account: Account, deviceId: number): void;
	/** Writes to a group (`…@g.us`) or a person (number or address). Resolves when the network has passed it on. */
	send(account: Account, to: string, message: proto.IMessage, id?: string): Promise<{ id: string }>;
	read(account: Account, chat?: string): ReadMessage[];
	sent(account: Account, id: string): SentMessage | undefined;
	/** Resolves when every phone has worked through everything that has reached it. */
	settled(): Promise<void>;
	snapshot(): Notebook[];
	close(): void;
};

export function createPhones(
	vaults: Vaults,
	context: () => Context,
	saved: readonly Notebook[] = [],
): Phones {
	const notebooks = new Map(saved.map((notebook) => [notebook.phone, notebook]));
	const phones = new Map<string, Phone>();
	const work = new Map<string, Promise<unknown>>();

	function notebookOf({ phone }: Account): Notebook {
		const notebook = notebooks.get(phone) ?? { phone, read: [], sent: [] };
		notebooks.set(phone, notebook);
		return notebook;
	}
	function phoneOf(account: Account): Phone {
		const known = phones.get(account.phone);
		if (known) return known;
		const vault = vaults.of(account);
		const phone = createPhone({
			ctx: context(),
			endpoint: { account, deviceId: 0 },
			vault,
			signal: createSignal(vault),
			notebook: notebookOf(account),
		});
		phones.set(account.phone, phone);
		return phone;
	}
	function inTurn<Result>(account: Account, task: (phone: Phone) => Promise<Result>): Promise<Result> {
		const before = work.get(account.phone) ?? Promise.resolve();
		const result = before.then(() => task(phoneOf(account)));
		const done = result.catch(() => undefined).then(() => context().changed());
		work.set(account.phone, done);
		void done.then(() => {
			if (work.get(account.phone) === done) work.delete(account.phone);
		});
		return result;
	}

	return {
		receive(account, stanza) {
			inTurn(account, (phone) => take(phone, stanza)).catch((error: unknown) =>
				context().log.error({ err: error, phone: account.phone }, 'a phone failed to handle a stanza'),
			);
		},
		welcome(account, deviceId) {
			inTurn(account, (phone) => welcome(phone, deviceId)).catch((error: unknown) =>
				context().log.error({ err: error, phone: account.phone }, 'a phone failed to welcome a device'),
			);
		},
		async send(account, to, message, id = newStanzaId()) {
			const target = targetOf(context(), account, to);
			await inTurn(account, (phone) =>
				target.kind === 'group'
					? sendToGroup(phone, target.groupId, id, message)
					: sendToPerson(phone, target.account, id, message),
			);
			return { id };
		},
		read(account, chat) {
			const { read } = notebookOf(account);
			return chat === undefined ? [...read] : read.filter((message) => message.chat === chat);
		},
		sent: (account, id) => notebookOf(account).sent.findLast((message) => message.id === id),
		async settled() {
			while (work.size > 0) await Promise.all(work.values());
		},
		snapshot: () => [...notebooks.values()],
		close() {
			for (const phone of phones.values()) phone.signal.close();
		},
	};
}

async function take(phone: Phone, stanza: Stanza): Promise<void> {
	if (stanza.tag === 'message') await readMessage(phone, stanza);
	else if (stanza.tag === 'receipt' && stanza.attrs.type === 'retry') await sendAgain(phone, stanza);
	else if (stanza.tag === 'receipt') noteReceipt(phone, stanza);
}

function noteReceipt({ ctx, notebook }: Phone, receipt: Stanza): void {
	const by = endpointOf(ctx.network, receipt.attrs.participant ?? attr(receipt, 'from'));
	if (!by) return;
	for (const id of receiptIds(receipt)) {
		const sent = notebook.sent.findLast((message) => message.id === id);
		sent?.receipts.push({
			phone: by.account.phone,
			deviceId: by.deviceId,
			type: receiptType(receipt.attrs.type),
			atMs: ctx.nowMs(),
		});
	}
}

function receiptType(type: string | undefined): MessageReceipt['type'] {
	return type === 'inactive' || type === 'read' || type === 'played' ? type : 'delivered';
}

type Target =
	| { readonly kind: 'group'; readonly groupId: string }
	| { readonly kind: 'person'; readonly account: Account };

/** Checks right away what can be checked, so that the caller hears of a mistake and not only the log. */
function targetOf({ network }: Context, sender: Account, to: string): Target {
	const jid = parseJid(to);
	if (jid?.server === 'g.us') {
		const group = groupFor(network, jid.user, sender);
		if (group.announce && !isAdmin(group, sender))
			throw new Refusal(403, 'Only admins may write to this group.');
		return { kind: 'group', groupId: jid.user };
	}
	const account = jid ? accountOf(network, to) : network.accounts.get(to);
	if (!account) throw new Refusal(404, `Nobody has the address ${to}.`);
	return { kind: 'person', account };
}
