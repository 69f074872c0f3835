import type { DeviceReason, DeviceState, linkMethods } from '@chat-manager/contracts';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

export type Tables = {
	devices: DeviceTable;
	credentials: CredentialsTable;
	signal_keys: SignalKeyTable;
	committed_digests: CommittedDigestTable;
	event_keys: EventKeyTable;
	accounts: AccountTable;
	starred_groups: StarredGroupTable;
	outbox: OutboxTable;
	group_records: GroupRecordTable;
	lid_phones: LidPhoneTable;
	polls: PollTable;
	told_groups: ToldGroupTable;
	pending_notices: PendingNoticeTable;
	unread_messages: UnreadMessageTable;
};

/** A user's device, and who holds its socket. */
type DeviceTable = {
	user_id: string;
	/** `whatsapp` or `simulated`; recorded when it is linked. */
	network: string;
	state: DeviceState;
	/** Whether somebody should hold a socket for it. */
	wanted: boolean;
	/** The connector that holds the lease; null when nobody does. */
	owner: string | null;
	/** Counts takeovers. Every write in the name of a lease carries it. */
	epoch: Generated<number>;
	phone: string | null;
	/** The QR code to scan, sealed: it is a secret as long as it lives. */
	qr: Buffer | null;
	qr_expires_at: Date | null;
	/** How it is being linked, or was. */
	link_method: LinkMethod;
	/** Whose phone the code is typed into, digits only; null for a QR code. */
	link_phone: string | null;
	/** The code to type, sealed as the QR code is. */
	code: Buffer | null;
	code_expires_at: Date | null;
	reason: DeviceReason | null;
	/** When WhatsApp is asked again, while it must not be before. */
	retry_at: Date | null;
	/** What subscribers were last told, and since when that is so; see devices/announcer.ts. */
	announced: Announced | null;
	announced_at: Date | null;
	updated_at: Generated<Date>;
};

export type LinkMethod = (typeof linkMethods)[number];
export type Announced = 'connected' | 'away' | 'ended';

type CredentialsTable = { user_id: string; value: Buffer };

type SignalKeyTable = { user_id: string; kind: string; id: string; value: Buffer };

/** Ciphertexts whose keys are used up: a redelivered one is recognised here. */
type CommittedDigestTable = { user_id: string; digest: string; committed_at: Generated<Date> };

type EventKeyTable = { user_id: string; key_id: string; value: Buffer; created_at: Generated<Date> };

/** The connector's own copy of the account's settings. */
type AccountTable = { user_id: string; store_messages: boolean; changed_at: Date };

/** The connector's own copy of which groups are starred. A removed star stays as a row, so that a late event cannot undo a newer one. */
type StarredGroupTable = { user_id: string; jid: string; starred: boolean; changed_at: Date };

type OutboxTable = {
	user_id: string;
	message_id: string;
	operation: string;
	idempotency_key: string | null;
	/** SHA-256 of the arguments: the same key with others is a mistake of the caller. */
	arguments_digest: string;
	/** The protobuf of the message, sealed; null for operations that send none. */
	content: Buffer | null;
	status: 'pending' | 'sent' | 'unknown' | 'not_sent';
	/** The answer to give to a repeat, sealed. */
	result: Buffer | null;
	/** Where and when a message was sent of which no event is stored yet, sealed; see devices/sent-recorder.ts. */
	unrecorded: Generated<Buffer | null>;
	created_at: ColumnType<Date, Date | undefined, never>;
};

/** What WhatsApp last said of a starred group, with the changes since; sealed. */
type GroupRecordTable = { user_id: string; jid: string; value: Buffer; read_at: Date };

/** Which hidden id is whose phone number. */
type LidPhoneTable = { user_id: string; lid: string; phone: string; source: PairSource; seen_at: Date };

/** Where a pair was told: in what WhatsApp says of a group, or in a notice of a change. */
export type PairSource = 'group' | 'notice';

/** What is needed to read the votes of a poll: its secret and its options, sealed. */
type PollTable = {
	user_id: string;
	chat_jid: string;
	author_jid: string;
	message_id: string;
	value: Buffer;
	kept_at: Generated<Date>;
};

/** What subscribers were told of a starred group, sealed; see groups/group-teller.ts. */
type ToldGroupTable = { user_id: string; jid: string; value: Buffer };

/** A notice of WhatsApp that is not told yet, sealed; in the order of arrival. */
type PendingNoticeTable = {
	user_id: string;
	jid: string;
	id: string;
	sequence: GeneratedAlways<number>;
	value: Buffer;
};

/** The stanza of a message that could not be decrypted yet, sealed; see devices/unread-messages.ts. */
type UnreadMessageTable = {
	user_id: string;
	chat_jid: string;
	message_id: string;
	value: Buffer;
	/** How many times the own phone was asked for it after the connection in which it came. */
	times_asked: Generated<number>;
	noted_at: Generated<Date>;
};
