import type { proto, WAPatchCreate } from '@whiskeysockets/baileys';
import type { CollectionName } from '../actions/app-state.ts';
import { parseJid } from '../binary/jid.ts';
import { attr, child, type Stanza } from '../binary/node.ts';
import { accountOf, endpointOf } from '../network/accounts.ts';
import { type Context, newStanzaId } from '../network/context.ts';
import { groupFor, isAdmin } from '../network/groups.ts';
import { receiptIds } from '../network/queue.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import { catchUp, changeSetting, compact, type Setting, settingsOf } from './app-state.ts';
import { welcome } from './bootstrap.ts';
import { compose } from './compose.ts';
import type { Content } from './content.ts';
import { openFile } from './files.ts';
import {
	findSent,
	type MessageReceipt,
	type Notebook,
	type ReadMessage,
	type SentMessage,
} from './notebook.ts';
import { createPhone, type Phone } from './phone.ts';
import { readMessage, readPlaintext } from './read.ts';
import { markRead } from './receipts.ts';
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
	send(account: Account, to: string, message: proto.IMessage | Content, id?: string): Promise<{ id: string }>;
	/** The decrypted file of a message that the phone has. */
	file(account: Account, id: string): Buffer;
	/** Opens a chat: whoever wrote in it gets read receipts. */
	markRead(account: Account, chat: string): void;
	read(account: Account, chat?: string): ReadMessage[];
	sent(account: Account, id: string): SentMessage | undefined;
	/** Changes a setting that all devices of the account share. */
	changeSetting(account: Account, change: WAPatchCreate): Promise<void>;
	/** All such settings. */
	settings(account: Account): Setting[];
	/** Puts a snapshot in the place of the changes of a collection. */
	compact(account: Account, name: CollectionName): Promise<void>;
	/** Resolves when every phone has worked through everything that has reached it. */
	settled(): Promise<void>;
	snapshot(): Notebook[];
	/** Puts saved notebooks in the place of the present ones, and starts every phone anew. */
	restore(saved: readonly Notebook[]): void;
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
	/** How many messages wait for their turn to be opened. */
	const opening = new Map<Account, number>();

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

	/** What moves no ratchet needs no turn, as long as it overtakes no message that is still to be opened. */
	function takeAtOnce(account: Account, stanza: Stanza): boolean {
		if (stanza.tag === 'message') return !opening.has(account) && readPlaintext(phoneOf(account), stanza);
		if (stanza.tag !== 'receipt' || stanza.attrs.type === 'retry') return false;
		noteReceipt(phoneOf(account), stanza);
		return true;
	}
	async function takeInTurn(account: Account, stanza: Stanza): Promise<void> {
		if (stanza.tag === 'message') opening.set(account, (opening.get(account) ?? 0) + 1);
		try {
			await inTurn(account, (phone) => take(phone, stanza));
		} catch (error) {
			context().log.error({ err: error, phone: account.phone }, 'a phone failed to handle a stanza');
		}
		const left = (opening.get(account) ?? 0) - 1;
		if (stanza.tag !== 'message') return;
		if (left > 0) opening.set(account, left);
		else opening.delete(account);
	}

	function close(): void {
		for (const phone of phones.values()) phone.signal.close();
		phones.clear();
	}

	return {
		receive(account, stanza) {
			if (!takeAtOnce(account, stanza)) void takeInTurn(account, stanza);
		},
		welcome(account, deviceId) {
			inTurn(account, (phone) => welcome(phone, deviceId)).catch((error: unknown) =>
				context().log.error({ err: error, phone: account.phone }, 'a phone failed to welcome a device'),
			);
		},
		async send(account, to, message, id = newStanzaId()) {
			const target = targetOf(context(), account, to);
			const chat =
				target.kind === 'group'
					? { group: groupFor(context().network, target.groupId, account) }
					: { person: target.account };
			const composed = 'kind' in message ? compose(phoneOf(account), chat, message) : message;
			await inTurn(account, (phone) =>
				target.kind === 'group'
					? sendToGroup(phone, target.groupId, id, composed)
					: sendToPerson(phone, target.account, id, composed),
			);
			return { id };
		},
		read(account, chat) {
			const { read } = notebookOf(account);
			return chat === undefined ? [...read] : read.filter((message) => message.chat === chat);
		},
		sent: (account, id) => findSent(notebookOf(account), id),
		file(account, id) {
			const found = notebookOf(account).read.findLast((message) => message.id === id);
			if (!found) throw new Refusal(404, `The phone has no message ${id}.`);
			return openFile(phoneOf(account), found);
		},
		markRead: (account, chat) => markRead(phoneOf(account), chat),
		changeSetting: (account, change) => inTurn(account, (phone) => changeSetting(phone, change)),
		settings: (account) => settingsOf(phoneOf(account)),
		compact: (account, name) => inTurn(account, (phone) => compact(phone, name)),
		async settled() {
			while (work.size > 0) await Promise.all(work.values());
		},
		snapshot: () => [...notebooks.values()],
		restore(notes) {
			close();
			notebooks.clear();
			for (const notebook of notes) notebooks.set(notebook.phone, notebook);
		},
		close,
	};
}

async function take(phone: Phone, stanza: Stanza): Promise<void> {
	if (stanza.tag === 'message') await readMessage(phone, stanza);
	else if (stanza.tag === 'receipt') await sendAgain(phone, stanza);
	else if (stanza.attrs.type === 'server_sync')
		await catchUp(phone, attr(child(stanza, 'collection'), 'name'));
}

function noteReceipt({ ctx, notebook }: Phone, receipt: Stanza): void {
	const by = endpointOf(ctx.network, receipt.attrs.participant ?? attr(receipt, 'from'));
	if (!by) return;
	for (const id of receiptIds(receipt)) {
		const sent = findSent(notebook, id);
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
