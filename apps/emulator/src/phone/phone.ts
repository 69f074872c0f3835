import type { proto } from '@whiskeysockets/baileys';
import type { Stanza } from '../binary/node.ts';
import { type Endpoint, lidOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import type { Notebook } from './notebook.ts';
import type { Signal } from './signal.ts';
import type { Vault } from './vault.ts';

/** One simulated phone: device 0 of an account, and the person who holds it. */
export type Phone = {
	readonly ctx: Context;
	readonly endpoint: Endpoint;
	/** Its own address, by hidden id. */
	readonly jid: string;
	readonly vault: Vault;
	readonly signal: Signal;
	readonly notebook: Notebook;
	/** How often a message was asked for again. */
	readonly retries: Map<string, number>;
};

export function createPhone(parts: Omit<Phone, 'jid' | 'retries'>): Phone {
	return { ...parts, jid: lidOf(parts.endpoint), retries: new Map() };
}

export type Incoming = { readonly stanza: Stanza; readonly chat: string; readonly author: Endpoint };

/** The one field of a message that says what it is, leaving aside what only accompanies it. */
export function kindOf(message: proto.IMessage): string | undefined {
	return Object.entries(message)
		.filter(([, value]) => value !== null && value !== undefined)
		.map(([name]) => name)
		.find((name) => name !== 'senderKeyDistributionMessage' && name !== 'messageContextInfo');
}

export function textOf(message: proto.IMessage): string | undefined {
	return message.conversation ?? message.extendedTextMessage?.text ?? undefined;
}
