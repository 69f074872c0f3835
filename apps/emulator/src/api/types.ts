import type { proto } from '@whiskeysockets/baileys';
import type { Setting } from '../actions/groups.ts';
import type { ParticipantAction, ResultCode } from '../network/groups.ts';
import type { Role } from '../network/state.ts';
import type { MessageReceipt, ReadMessage } from '../phone/notebook.ts';

/**
 * What tests and the admin API can do with an emulator. Accounts are named by number (digits), groups by `…@g.us` (or the
 * digits alone), devices by `number:device@s.whatsapp.net`. What the network refuses throws a `Refusal` with WhatsApp's code.
 */
export type Api = {
	readonly accounts: AccountsApi;
	readonly phones: PhonesApi;
	readonly groups: GroupsApi;
	readonly devices: DevicesApi;
};

export type AccountsApi = {
	/** Makes an account. Without a number it gets the one that belongs to its name, or the default one. */
	create(options?: { phone?: string; pushName?: string }): AccountInfo;
	list(): AccountInfo[];
	get(phone: string): AccountInfo | undefined;
	setPushName(phone: string, pushName: string): AccountInfo;
};

export type PhonesApi = {
	/** Scans the QR code a client shows; resolves when the device is linked. */
	scanQr(qr: string, options?: { phone?: string }): Promise<Linked>;
	/** Sends from the account's own phone to a group or a person. Resolves when the network has passed it on. */
	send(
		phone: string,
		to: string,
		message: string | proto.IMessage,
		options?: { id?: string },
	): Promise<{ id: string }>;
	/** What the phone shows, decrypted: received and own messages, each once, in order. */
	read(phone: string, chat?: string): ReadMessage[];
	/** The receipts for a message that this phone sent. */
	receipts(phone: string, id: string): MessageReceipt[];
	/** Resolves when every phone has worked through everything that has reached it. */
	settled(): Promise<void>;
};

export type GroupsApi = {
	create(options: {
		by: string;
		subject: string;
		participants?: readonly string[];
	}): GroupInfo & { failed: Outcome[] };
	list(): GroupInfo[];
	get(id: string): GroupInfo | undefined;
	changeParticipants(id: string, by: string, action: ParticipantAction, phones: readonly string[]): Outcome[];
	setSubject(id: string, by: string, subject: string): GroupInfo;
	/** Sets or, with `undefined`, removes the description. */
	setDescription(id: string, by: string, description: string | undefined): GroupInfo;
	setSetting(id: string, by: string, setting: Setting): GroupInfo;
	/** Joins by the group's present invitation code. */
	join(code: string, by: string): GroupInfo;
	leave(id: string, by: string): void;
};

export type DevicesApi = {
	list(phone?: string): DeviceInfo[];
	/** What the device has not acknowledged yet, oldest first. */
	queue(device: string): QueuedInfo[];
	/** Cuts the device's connection without a word. False when there is none. */
	disconnect(device: string): boolean;
	/** Unlinks the device on the phone: its client is logged out with 401. */
	unlink(device: string): void;
};

export type Linked = { readonly phone: string; readonly jid: string; readonly lid: string };
export type AccountInfo = {
	readonly phone: string;
	readonly jid: string;
	readonly lid: string;
	readonly pushName: string;
	readonly devices: readonly string[];
};
export type GroupInfo = {
	readonly id: string;
	readonly subject: string;
	readonly description: string | undefined;
	readonly announce: boolean;
	readonly locked: boolean;
	readonly inviteCode: string;
	readonly participants: readonly { readonly phone: string; readonly lid: string; readonly role: Role }[];
};
export type Outcome = { readonly phone: string; readonly code: ResultCode };
export type DeviceInfo = {
	readonly jid: string;
	readonly lid: string;
	readonly phone: string;
	/** A client is connected and has been given its queue. */
	readonly online: boolean;
	readonly queueLength: number;
	readonly preKeys: number;
};
export type QueuedInfo = {
	readonly tag: 'message' | 'notification' | 'receipt';
	readonly id: string;
	readonly from: string;
	readonly participant: string | undefined;
	readonly type: string | undefined;
};
