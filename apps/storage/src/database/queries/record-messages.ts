import { sql } from 'kysely';
import type { MessageIdentity } from '../../sealing/contents.ts';
import type { Db } from '../tables.ts';
import { newestDescription } from './newest-wins.ts';

export type NewMessage = MessageIdentity & {
	/** Of its event, in the stream. */
	sequence: number;
	eventId: string;
	sentAt: Date;
	kind: string;
	isYou: boolean;
	/** Sealed; null when it is not known or not to be stored. */
	content: Buffer | null;
	/** Digests of the words in it, as an array in the form of Postgres; null without content. */
	words: string | null;
	name: string | null;
	phone: string | null;
};

/**
 * Stores messages and moves the counters of their authors, in one statement. Each identity may stand in `messages` once.
 *
 * A row that is there already is changed only by something that knows more: a message fills its placeholder, content fills a
 * message that has none; of a deleted one nothing is kept but that it had some. So the result does not depend on the order of arrival. Only what was written reaches the counters,
 * and only a row that is new (`xmax` is 0) counts: a repeat changes nothing. Rows are locked in the order of their
 * keys, so that two batches cannot block each other.
 */
export async function recordMessages(db: Db, messages: readonly NewMessage[]): Promise<void> {
	const column = <K extends keyof NewMessage>(name: K) => messages.map((message) => message[name]);
	await sql`
		with input as (
			select * from unnest(
				${column('userId')}::text[], ${column('jid')}::text[], ${column('messageId')}::text[],
				${column('authorJid')}::text[], ${column('sentAt')}::timestamptz[], ${column('kind')}::text[],
				${column('content')}::bytea[], ${column('isYou')}::boolean[], ${column('eventId')}::text[],
				${column('name')}::text[], ${column('phone')}::text[], ${column('sequence')}::bigint[],
				${column('words')}::text[]
			) as t (user_id, jid, message_id, author_jid, sent_at, kind, content, is_you, event_id, name, phone, sequence, words)
		), written as (
			insert into messages (user_id, jid, message_id, author_jid, id, sent_at, kind, content, is_you, event_id, words)
			select user_id, jid, message_id, author_jid, sequence, sent_at, kind, content, is_you, event_id, words::bigint[]
			from input order by user_id, jid, message_id, author_jid
			on conflict (user_id, jid, message_id, author_jid) do update
			set kind = excluded.kind, event_id = excluded.event_id,
				content = case when messages.deleted and excluded.content is not null then ''::bytea else excluded.content end,
				words = case when messages.deleted then null else excluded.words end
			where (messages.kind = 'undecryptable' and excluded.kind <> 'undecryptable')
				or (messages.content is null and excluded.content is not null)
			returning user_id, jid, message_id, author_jid, xmax = 0 as is_new
		)
		insert into members (user_id, jid, member_jid, name, named_at, phone, phone_at, message_count, last_message_at)
		select user_id, jid, author_jid,
			(array_agg(name order by sent_at desc) filter (where name is not null))[1],
			coalesce(max(sent_at) filter (where name is not null), '-infinity'),
			(array_agg(phone order by sent_at desc) filter (where phone is not null))[1],
			coalesce(max(sent_at) filter (where phone is not null), '-infinity'),
			count(*) filter (where is_new),
			max(sent_at) filter (where is_new)
		from written join input using (user_id, jid, message_id, author_jid)
		group by user_id, jid, author_jid
		order by user_id, jid, author_jid
		on conflict (user_id, jid, member_jid) do update set
			message_count = members.message_count + excluded.message_count,
			last_message_at = greatest(members.last_message_at, excluded.last_message_at),
			${newestDescription}`.execute(db);
}
