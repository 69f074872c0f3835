import type { Generated, GeneratedAlways, Kysely } from 'kysely';

export type Db = Kysely<Tables>;

export type Tables = {
	starred_groups: StarredGroupTable;
	members: MemberTable;
	membership_changes: MembershipChangeTable;
	messages: MessageTable;
	message_changes: MessageChangeTable;
	admin_facts: AdminFactTable;
	settings: SettingsTable;
	pauses: PauseTable;
	device_facts: DeviceFactTable;
	message_receipts: MessageReceiptTable;
};

/**
 * A group that a user has starred, had starred, or of which something arrived before its star did (then `starred_at` is
 * null). `unstarred_at` stays when the group is starred again: what happened before it belongs to a record that is gone.
 */
type StarredGroupTable = {
	user_id: string;
	jid: string;
	name: Generated<string>;
	name_at: Generated<Date>;
	description: string | null;
	description_at: Generated<Date>;
	starred_at: Date | null;
	unstarred_at: Date | null;
	/** Whether it is starred now. */
	starred: GeneratedAlways<boolean>;
	last_visited_at: Date | null;
	/** The place of the last change that was recorded at that visit. */
	visited_place: number | null;
	/** When the counted changes begin: when the snapshot of this star was taken. */
	baseline_at: Date | null;
	/** When the newest snapshot was taken; presence that is older is already contained in it. */
	members_at: Date | null;
	/** The first moment that the stored messages cover: the first star whose messages are still there. */
	captured_from: Date | null;
	/** When what is stored of it is deleted, while it is not starred. */
	messages_deleted_at: Date | null;
	/** Whether the last unstarring was published. */
	announced: Generated<boolean>;
};

/** Somebody who is or was in the group, or who wrote in it. Every group of columns carries its own time: the newest wins. */
type MemberTable = {
	user_id: string;
	jid: string;
	member_jid: string;
	name: string | null;
	named_at: Generated<Date>;
	phone: string | null;
	phone_at: Generated<Date>;
	role: Generated<'member' | 'admin' | 'owner'>;
	present: Generated<boolean>;
	presence_at: Generated<Date>;
	/** Of two of the same moment the one that was published later counts. */
	presence_sequence: Generated<number>;
	message_count: Generated<number>;
	last_message_at: Date | null;
};

type MembershipChangeTable = {
	user_id: string;
	jid: string;
	event_id: string;
	member_jid: string;
	name: string | null;
	phone: string | null;
	direction: 'joined' | 'left';
	at: Date;
	by_jid: string | null;
	how: 'added' | 'invite_link' | 'left' | 'removed' | 'unknown';
};

type MessageTable = {
	user_id: string;
	jid: string;
	message_id: string;
	author_jid: string;
	/** The place in the stream: it decides between messages of the same second. */
	id: number;
	sent_at: Date;
	kind: string;
	/** A sealed `MessageContent`; null while it cannot be decrypted, or because storing was off; no bytes once it is deleted. */
	content: Buffer | null;
	edited: Generated<boolean>;
	deleted: Generated<boolean>;
	is_you: boolean;
	event_id: string;
	/** Of the edit that `content` is from: an older one changes nothing any more. */
	edit_revision: number | null;
	edit_event_id: string | null;
	/** Digests of the words in it, see search/words.ts. */
	words: number[] | null;
};

/**
 * The newest that one person did to a message, of each kind: reactions and votes for as long as the message is there, the
 * others until they are applied. It may be here before the message is.
 */
type MessageChangeTable = {
	user_id: string;
	jid: string;
	message_id: string;
	author_jid: string;
	/** An `unseen_edit` is one of which only that it happened is known. */
	kind: 'edit' | 'unseen_edit' | 'deletion' | 'reaction' | 'vote';
	/** Who did it. */
	by_jid: string;
	/** The newest counts: the greatest revision, and of the same one the greatest event id. */
	revision: number;
	event_id: string;
	at: Date;
	/** An edit's `MessageContent`, or what was chosen (a list of texts); sealed. */
	content: Buffer | null;
	/** Digests of what was chosen, to count by; null when nothing is chosen (any more). */
	tags: number[] | null;
	/** When it is deleted if it has not become part of a message by then; null when it has. */
	swept_at: Date | null;
};

/** What is known of who was an admin when: the snapshots of a group, and every change since. */
type AdminFactTable = {
	user_id: string;
	jid: string;
	event_id: string;
	kind: 'snapshot' | 'promoted' | 'demoted';
	at: Date;
	sequence: number;
	/** All admins of a snapshot, or whom the change concerns. */
	member_jids: string[];
};

type SettingsTable = {
	user_id: string;
	store_messages: Generated<boolean>;
	changed_at: Date | null;
	announced: Generated<boolean>;
};

/** A span in which messages were not stored: of one group while it was not starred, or ('') of the whole account. */
type PauseTable = {
	user_id: string;
	jid: string;
	from_at: Date;
	to_at: Date | null;
};

/** What was told of the device of a user, each once: since when it is connected, away, or its link is gone. */
type DeviceFactTable = {
	user_id: string;
	event_id: string;
	at: Date;
	sequence: number;
	kind: 'connected' | 'away' | 'ended';
};

/** A member who got an own message, and when they opened it; null as long as they do not tell. */
type MessageReceiptTable = {
	user_id: string;
	jid: string;
	message_id: string;
	member_jid: string;
	delivered_at: Date;
	read_at: Date | null;
};
