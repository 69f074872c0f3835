/**
 * What the rest of the connector needs of a program that speaks WhatsApp: one account loaded from its secrets, and one
 * connection after the other. Baileys is the one there is (baileys-engine.ts); whatever can do the same can take its place,
 * for one that can answer a passkey, say. What it captures and how it stores secrets is given to it.
 */
import type { AppError } from '@chat-manager/contracts';
import type { Logger } from '@chat-manager/service';
import type { Ending } from '../devices/device-life.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type { Me, SecretStore } from './auth-state.ts';
import type { Capture } from './capturing-repository.ts';
import type { Group } from './group-node.ts';
import type { GroupNotice } from './group-notice.ts';
import type { Groups } from './groups.ts';
import type { MessageStanza } from './stanza.ts';

export type Engine = {
	/** Reads the credentials of one device; those of an attempt that did not come to an end are left out. */
	load(secrets: SecretStore): Promise<Account>;
};

/** One device for the time of one connection. */
export type Account = {
	/** Whether there are credentials to log in with; else it is to be linked. */
	isLinked: boolean;
	/** Who the device belongs to, as the credentials say now; `undefined` until it is linked. */
	me(): Me | undefined;
	connect(options: ConnectionOptions): WhatsAppSocket;
	/** Resolves when every change of the credentials that was made is stored. */
	saved(): Promise<void>;
};

/** One connection to WhatsApp, from its opening to its end. A new one is made for every reconnection. */
export type WhatsAppSocket = {
	readonly groups: Groups;
	isOpen(): boolean;
	/** Resolves once, with the reason, when the connection has ended for whatever cause. */
	readonly closed: Promise<Ending>;
	/** Asks for a code to be typed into the phone of that number (digits), once a QR code was given. */
	requestCode(phone: string): Promise<string>;
	/** Writes a message; resolves with what is known of it. Never throws. */
	send(message: OutgoingMessage, timeoutMs?: number): Promise<SendOutcome>;
	/** From now on messages to the group are under a new key: somebody who knows the present one has left. */
	renewGroupKey(groupJid: string): Promise<void>;
	/** Asks the own phone for messages that could not be read; what it has comes as a message of its own, and is captured. */
	askPhoneFor(messages: readonly MessageStanza[]): Promise<void>;
	/** Tells WhatsApp to forget this device, and closes. */
	logout(): Promise<void>;
	/** Closes at once, before anything else can be sent. */
	close(): void;
};

/** The caller chooses the id; `content` is the protobuf of the message. */
export type OutgoingMessage = { chatJid: string; messageId: string; content: Uint8Array };

export type SendOutcome =
	| Acknowledgement
	/** It failed before a byte left. */
	| { status: 'not_written'; error: AppError };

export type ConnectionListeners = {
	/** A QR code to scan; the next one takes its place. */
	onQr(qr: string): void;
	/** The device is logged in. */
	onOpen(me: Me): void;
	/** WhatsApp said something, whatever it was. */
	onFrame(): void;
	/** What waited for the device has arrived, and what was captured of it is stored. */
	onCaughtUp(): void;
	/** Until when (milliseconds since the epoch) WhatsApp does not let the account reach out; null: no longer. */
	onRestriction(until: number | null): void;
};

export type ConnectionOptions = {
	url: string;
	capture: Capture;
	listeners: ConnectionListeners;
	/** The content of a message that this device sent, for recipients who could not decrypt it. */
	findSent(messageId: string): Promise<Uint8Array | undefined>;
	groupMemory: GroupMemory;
	/** How often WhatsApp is pinged; a few seconds after a ping without any answer the connection is given up. */
	pingEveryMs: number;
	logger: Logger;
};

/** What is known of a device's groups from one connection to the next. */
export type GroupMemory = {
	/** A new connection: what changed since the last one is not known. */
	beginConnection(): void;
	/** Something changed in a group; `notice` says what, where it is one that is understood. */
	noteChange(jid: string, notice: GroupNotice | undefined): void;
	/** Whom a message to the group goes to, and as whom it is sent. */
	recall(jid: string): Promise<Group>;
};
