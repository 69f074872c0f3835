import type { ChatModification, proto } from '@whiskeysockets/baileys';
import type { Decision } from '../actions/group-joining.ts';
import type { Setting } from '../actions/groups.ts';
import type { LinkedDevicesApi } from '../linked-devices/types.ts';
import type { ParticipantAction, ResultCode } from '../network/group-members.ts';
import type { SessionEntry } from '../network/session-record.ts';
import type { Group, Role } from '../network/state.ts';
import type { Setting as AccountSetting } from '../phone/app-state.ts';
import type { ContentInput } from '../phone/content.ts';
import type { MessageReceipt, ReadMessage } from '../phone/notebook.ts';
import type { Waiting } from '../screen/schema.ts';
import type { ScreenApi } from '../screen/screen.ts';
import type { FaultsApi } from './faults-api.ts';

/**
 * What tests and the admin API can do with an emulator. Accounts are named by number (digits), groups by `…@g.us` (or the
 * digits alone), devices by `number:device@s.whatsapp.net`. What the network refuses throws a `Refusal` with WhatsApp's code.
 */
export type Api = LinkedDevicesApi & {
	readonly accounts: AccountsApi;
	readonly phones: PhonesApi;
	readonly groups: GroupsApi;
	readonly devices: DevicesApi;
	readonly faults: FaultsApi;
	readonly screen: ScreenApi;
	/** Where clients connect, and what they have to trust. */
	server(): ServerInfo;
};

export type AccountsApi = {
	/** Makes an account. Without a number it gets the one that belongs to its name, or the default one. */
	create(options?: { phone?: string; pushName?: string }): AccountInfo;
	list(): AccountInfo[];
	get(phone: string): AccountInfo | undefined;
	setPushName(phone: string, pushName: string): AccountInfo;
	/** Who may do and see what, `groupadd: 'none'` for example. */
	setPrivacy(phone: string, changes: Readonly<Record<string, string>>): AccountInfo;
	/** The numbers in the person's address book. */
	setContacts(phone: string, contacts: readonly string[]): AccountInfo;
	setBlocked(phone: string, other: string, blocked: boolean): AccountInfo;
	/** Sets or, with `undefined`, removes the picture. */
	setPicture(phone: string, jpeg: Buffer | undefined): AccountInfo;
	/** The line about themselves. */
	setAbout(phone: string, about: string): AccountInfo;
	/** The phone opens what reaches it, and says so with read receipts. */
	setReads(phone: string, reads: boolean): AccountInfo;
	/** The settings that all devices of the account share, decrypted. */
	settings(phone: string): AccountSetting[];
	/** Changes one of them on the phone, for a chat (an address) where it is about one. */
	changeSetting(phone: string, change: ChatModification, chat?: string): Promise<void>;
	/** Puts snapshots in the place of all changes so far; devices that are linked later start from there. */
	compactSettings(phone: string): Promise<void>;
};

export type PhonesApi = {
	/** Scans the QR code a client shows; resolves when the device is linked. */
	scanQr(qr: string, options?: { phone?: string }): Promise<Linked>;
	/** Holds up the QR code that a client shows, to be scanned later by `scanShown`. */
	showQr(qr: string): Waiting;
	/** The clients that wait to be linked. */
	waiting(): Waiting[];
	/** Scans the QR code of a waiting client that was held up; resolves when the device is linked. */
	scanShown(id: string, phone: string): Promise<Linked>;
	/** Types a pairing code into the account's phone; resolves when the device is linked. */
	enterCode(phone: string, code: string): Promise<Linked>;
	/** Sends from the account's own phone to a group or a person. Resolves when the network has passed it on. */
	send(
		phone: string,
		to: string,
		message: string | ContentInput | proto.IMessage,
		options?: { id?: string },
	): Promise<{ id: string }>;
	/** What the phone shows, decrypted: received and own messages, each once, in order. */
	read(phone: string, chat?: string): ReadMessage[];
	/** The receipts for a message that this phone sent. */
	receipts(phone: string, id: string): MessageReceipt[];
	/** The decrypted file of a message that the phone has. */
	file(phone: string, id: string): Buffer;
	/** Opens a chat on the phone: whoever wrote in it gets read receipts. */
	markRead(phone: string, chat: string): void;
	/** Resolves when every phone has worked through everything that has reached it. */
	settled(): Promise<void>;
};

export type GroupsApi = {
	create(options: {
		by: string;
		subject: string;
		participants?: readonly string[];
		/** Members are known by hidden id, or by number as in groups of the older kind. */
		addressing?: 'lid' | 'pn' | undefined;
	}): GroupInfo & { failed: Outcome[] };
	list(): GroupInfo[];
	get(id: string): GroupInfo | undefined;
	changeParticipants(id: string, by: string, action: ParticipantAction, phones: readonly string[]): Outcome[];
	setSubject(id: string, by: string, subject: string): GroupInfo;
	/** Sets or, with `undefined`, removes the description. */
	setDescription(id: string, by: string, description: string | undefined): GroupInfo;
	setSetting(id: string, by: string, setting: Setting): GroupInfo;
	/** Who may add members. */
	setMemberAddMode(id: string, by: string, mode: Group['memberAddMode']): GroupInfo;
	/** Messages disappear after this time; 0 switches that off. */
	setEphemeral(id: string, by: string, seconds: number): GroupInfo;
	/** Whether admins decide on who may join by invitation. */
	setApproval(id: string, by: string, on: boolean): GroupInfo;
	/** Sets or, with `undefined`, removes the picture. */
	setPicture(id: string, by: string, jpeg: Buffer | undefined): GroupInfo;
	/** Lets people in who have asked, or not. */
	decide(id: string, by: string, decision: Decision, phones: readonly string[]): Outcome[];
	/** Makes a new invitation code; the old one is void. */
	revokeInvite(id: string, by: string): GroupInfo;
	/** Joins by the group's present invitation code; where admins decide, asks to. */
	join(code: string, by: string): GroupInfo;
	/** Accepts an invitation that came as a message. */
	acceptInvite(id: string, by: string, invite: { code: string; from: string }): GroupInfo;
	leave(id: string, by: string): void;
	/** Ends the group for everyone, as WhatsApp sometimes does: it cannot be found any more. */
	end(id: string): void;
};

export type DevicesApi = {
	list(phone?: string): DeviceInfo[];
	/** What the device has not acknowledged yet, oldest first. */
	queue(device: string): QueuedInfo[];
	/** Every session that there was, of all devices or those of a number: when it began, when and how it ended. */
	sessions(phone?: string): readonly SessionEntry[];
	/** Cuts the device's connection without a word. False when there is none. */
	disconnect(device: string): boolean;
	/** Unlinks the device on the phone: its client is logged out with 401. */
	unlink(device: string): void;
};

export type ServerInfo = {
	/** For Baileys' `waWebSocketUrl`. */
	readonly url: string;
	/** The same over TLS. */
	readonly secureUrl: string;
	/** PEM. */
	readonly certificate: string;
};
export type Linked = { readonly phone: string; readonly jid: string; readonly lid: string };
export type AccountInfo = {
	readonly phone: string;
	readonly jid: string;
	readonly lid: string;
	readonly pushName: string;
	readonly about: string;
	readonly privacy: Readonly<Record<string, string>>;
	readonly contacts: readonly string[];
	/** By number. */
	readonly blocked: readonly string[];
	readonly hasPicture: boolean;
	readonly reads: boolean;
	readonly devices: readonly string[];
};
export type GroupInfo = {
	readonly id: string;
	readonly subject: string;
	readonly description: string | undefined;
	readonly announce: boolean;
	readonly locked: boolean;
	readonly memberAddMode: Group['memberAddMode'];
	readonly ephemeralSeconds: number;
	readonly addressing: Group['addressing'];
	readonly approval: boolean;
	/** The numbers of those who have asked to join. */
	readonly requests: readonly string[];
	readonly hasPicture: boolean;
	readonly inviteCode: string;
	readonly participants: readonly { readonly phone: string; readonly lid: string; readonly role: Role }[];
};
export type Outcome = {
	readonly phone: string;
	readonly code: ResultCode;
	/** For someone who does not let everybody add them: what to send them in a message. */
	readonly invite?: { readonly code: string; readonly expiresAtMs: number };
};
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
