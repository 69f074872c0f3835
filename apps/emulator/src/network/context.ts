import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { MediaStore } from '../media/media-store.ts';
import type { Endpoint } from './accounts.ts';
import type { PostOffice } from './post-office.ts';
import type { Account, KeyBundle, Network } from './state.ts';

/** What the handling of a stanza, and every action of the network, may touch. */
export type Context = {
	readonly network: Network;
	readonly post: PostOffice;
	readonly log: Logger;
	readonly media: MediaStore;
	/** A fresh key bundle of the account's phone. */
	phoneBundle(account: Account): KeyBundle;
	/** A device has logged in and been given what it missed. */
	deviceReady(endpoint: Endpoint): void;
	nowMs(): number;
	/** To be called after every change that should survive a restart. */
	changed(): void;
};

/** WhatsApp's clock on the wire: whole seconds, as text. */
export function seconds(ms: number): string {
	return String(Math.floor(ms / 1000));
}

export function newStanzaId(): string {
	return randomBytes(10).toString('hex').toUpperCase();
}
