import type { Stanza } from '../binary/node.ts';
import { type Endpoint, lidOf } from '../network/accounts.ts';
import type { Context } from '../network/context.ts';
import type { Notebook, ReadMessage } from './notebook.ts';
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
	/** The messages that the person has looked at. */
	readonly opened: WeakSet<ReadMessage>;
};

export function createPhone(parts: Omit<Phone, 'jid' | 'retries' | 'opened'>): Phone {
	return { ...parts, jid: lidOf(parts.endpoint), retries: new Map(), opened: new WeakSet() };
}

export type Incoming = { readonly stanza: Stanza; readonly chat: string; readonly author: Endpoint };
