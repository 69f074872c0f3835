import { sql } from 'kysely';
import type { MessageIdentity } from '../../sealing/contents.ts';
import type { Db, Tables } from '../tables.ts';
import type { GroupKey } from './lock-groups.ts';

export type WaitingChange = Omit<Tables['message_changes'], 'tags'> & { tagged: boolean };
export type LockedMessage = Pick<Tables['messages'], 'content' | 'edited' | 'deleted' | 'edit_event_id'> & {
	edit_revision: number | null;
};

/** Of the given messages those that are there and have changes waiting. */
export async function selectChanged(
	db: Db,
	messages: readonly MessageIdentity[],
): Promise<MessageIdentity[]> {
	const column = <K extends keyof MessageIdentity>(name: K) => messages.map((message) => message[name]);
	const { rows } = await sql<MessageIdentity>`
		select distinct c.user_id as "userId", c.jid, c.message_id as "messageId", c.author_jid as "authorJid"
		from unnest(
			${column('userId')}::text[], ${column('jid')}::text[],
			${column('messageId')}::text[], ${column('authorJid')}::text[]
		) as t (user_id, jid, message_id, author_jid)
		join message_changes c using (user_id, jid, message_id, author_jid)
		join messages m using (user_id, jid, message_id, author_jid)
		where c.swept_at is not null
		order by 1, 2, 3, 4`.execute(db);
	return rows;
}

/** Messages that somebody other than their author deleted, in groups of which more became known. */
export async function selectDeletedByOthers(db: Db, groups: readonly GroupKey[]): Promise<MessageIdentity[]> {
	const { rows } = await sql<MessageIdentity>`
		select distinct c.user_id as "userId", c.jid, c.message_id as "messageId", c.author_jid as "authorJid"
		from unnest(${groups.map(({ userId }) => userId)}::text[], ${groups.map(({ jid }) => jid)}::text[])
			as t (user_id, jid)
		join message_changes c using (user_id, jid)
		where c.kind = 'deletion' and c.by_jid <> c.author_jid`.execute(db);
	return rows;
}

/** A message, locked until the end of the transaction, and the changes that wait for it. */
export async function lockMessage(
	db: Db,
	identity: MessageIdentity,
): Promise<{ message: LockedMessage; changes: WaitingChange[] } | undefined> {
	const { rows } = await sql<LockedMessage>`
		select content, edited, deleted, edit_revision, edit_event_id from messages
		where ${isMessage(identity)} for update`.execute(db);
	const [message] = rows;
	if (message === undefined) return undefined;
	const { rows: changes } = await sql<WaitingChange>`
		select user_id, jid, message_id, author_jid, kind, by_jid, revision, event_id, at, content, swept_at,
			tags is not null as tagged
		from message_changes where ${isMessage(identity)} and swept_at is not null`.execute(db);
	return { message, changes };
}

/** What it said is destroyed, with everything that was said of it; that it was there stays. */
export async function markDeleted(db: Db, identity: MessageIdentity): Promise<void> {
	await sql`
		update messages set deleted = true, edited = false, edit_revision = null, edit_event_id = null, words = null,
			content = case when content is null then null else ''::bytea end
		where ${isMessage(identity)}`.execute(db);
	await sql`delete from message_changes where ${isMessage(identity)}`.execute(db);
}

export async function writeEdit(
	db: Db,
	identity: MessageIdentity,
	edit: { revision: number; eventId: string; content: Buffer; words: string },
): Promise<void> {
	await sql`
		update messages set edited = true, edit_revision = ${edit.revision}, edit_event_id = ${edit.eventId},
			content = ${edit.content}, words = ${edit.words}::bigint[]
		where ${isMessage(identity)}`.execute(db);
}

export async function markEdited(db: Db, identity: MessageIdentity): Promise<void> {
	await sql`update messages set edited = true where ${isMessage(identity)}`.execute(db);
}

/** A change that became part of its message: what still counts stays with it, an edit is in it. */
export async function settleChange(db: Db, change: WaitingChange): Promise<void> {
	const identity = {
		userId: change.user_id,
		jid: change.jid,
		messageId: change.message_id,
		authorJid: change.author_jid,
	};
	const isThis = sql`${isMessage(identity)} and kind = ${change.kind} and by_jid = ${change.by_jid}
		and event_id = ${change.event_id}`;
	if (change.kind === 'reaction' || change.kind === 'vote')
		await sql`update message_changes set swept_at = null where ${isThis}`.execute(db);
	else await sql`delete from message_changes where ${isThis}`.execute(db);
}

function isMessage({ userId, jid, messageId, authorJid }: MessageIdentity) {
	return sql`user_id = ${userId} and jid = ${jid} and message_id = ${messageId} and author_jid = ${authorJid}`;
}
