import { sql } from 'kysely';
import type { MessageIdentity } from '../../sealing/contents.ts';
import type { Db, Tables } from '../tables.ts';

export type ChangeKind = Tables['message_changes']['kind'];
export type NewMessageChange = MessageIdentity & {
	kind: ChangeKind;
	byJid: string;
	revision: number;
	eventId: string;
	at: Date;
	content: Buffer | null;
	/** Null when nothing is chosen. */
	tags: readonly number[] | null;
};

/** How long a change waits for its message, and one that is taken back stands against older ones that come late. */
const waitingMs = 7 * 24 * 3_600_000;

/**
 * Keeps the newest change of each kind by one person to one message. Which is the newest does not depend on the order of
 * arrival: the greatest revision, one of which something is known, the greatest event id.
 */
export async function recordMessageChanges(
	db: Db,
	changes: readonly NewMessageChange[],
	now: number,
): Promise<void> {
	const newest = newestOfEach(changes);
	const column = <K extends keyof NewMessageChange>(name: K) => newest.map((change) => change[name]);
	const tags = newest.map((change) => change.tags && `{${change.tags.join(',')}}`);
	await sql`
		insert into message_changes
			(user_id, jid, message_id, author_jid, kind, by_jid, revision, event_id, at, content, tags, swept_at)
		select user_id, jid, message_id, author_jid, kind, by_jid, revision, event_id, at, content, tags::bigint[],
			${new Date(now + waitingMs)}::timestamptz
		from unnest(
			${column('userId')}::text[], ${column('jid')}::text[], ${column('messageId')}::text[],
			${column('authorJid')}::text[], ${column('kind')}::text[], ${column('byJid')}::text[],
			${column('revision')}::bigint[], ${column('eventId')}::text[], ${column('at')}::timestamptz[],
			${column('content')}::bytea[], ${tags}::text[]
		) as t (user_id, jid, message_id, author_jid, kind, by_jid, revision, event_id, at, content, tags)
		order by user_id, jid, message_id, author_jid, kind, by_jid
		on conflict (user_id, jid, message_id, author_jid, kind, by_jid) do update
		set revision = excluded.revision, event_id = excluded.event_id, at = excluded.at, content = excluded.content,
			tags = excluded.tags, swept_at = excluded.swept_at
		where (excluded.revision, excluded.content is not null, excluded.event_id collate "C")
			> (message_changes.revision, message_changes.content is not null, message_changes.event_id collate "C")`.execute(
		db,
	);
}

/** Deletes what waited in vain. */
export async function deleteDueChanges(db: Db, now: Date): Promise<void> {
	await sql`delete from message_changes where swept_at <= ${now}`.execute(db);
}

function newestOfEach(changes: readonly NewMessageChange[]): NewMessageChange[] {
	const newest = new Map<string, NewMessageChange>();
	for (const change of changes) {
		const { userId, jid, messageId, authorJid, kind, byJid } = change;
		const name = [userId, jid, messageId, authorJid, kind, byJid].join(' ');
		const known = newest.get(name);
		if (known === undefined || isNewer(change, known)) newest.set(name, change);
	}
	return [...newest.values()];
}

function isNewer(one: NewMessageChange, other: NewMessageChange): boolean {
	if (one.revision !== other.revision) return one.revision > other.revision;
	const [knows, knew] = [one.content !== null, other.content !== null];
	return knows === knew ? one.eventId > other.eventId : knows;
}
