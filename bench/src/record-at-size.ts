import type pg from 'pg';
import type { Group } from './record-samples.ts';

const usersPerMillion = 2_000;
const groupsPerUser = 5;
const membersPerGroup = 20;
const wordsPerMessage = 6;
/** Connections that fill at the same time. */
const fillers = 2;
/** Of all messages, in the large group. */
const largeShare = 0.02;
const firstAt = `timestamptz '2026-01-01'`;
const stepMs = 1_500;

const user = (group: string) => `'user-' || (${group}) / ${groupsPerUser}`;
const jid = (group: string) => `'12036302524' || lpad((${group})::text, 7, '0') || '@g.us'`;
const groupsAt = (rows: number) => (rows / 1_000_000) * usersPerMillion * groupsPerUser;
/** Which group a message is of: a few are busy, most are quiet. */
const someGroup = (rows: number) => `floor(${groupsAt(rows)} * power(random(), 3))::int`;
const member = (number: string) => `'98765432' || lpad((${number})::text, 6, '0') || '@lid'`;
const word = `(hashtextextended(m.jid || floor(20000 * power(random(), 4))::int, 0) & 4503599627370495)`;

/** What slows the filling down, made anew after it as the migrations made it. */
async function withoutIndexes(database: pg.Client, fill: () => Promise<void>): Promise<void> {
	const { rows } = await database.query(`
		select indexdef from pg_indexes where schemaname = 'chat' and tablename = 'messages'
			and indexname <> 'messages_pkey'`);
	await database.query(
		`set maintenance_work_mem to '1GB';
		set max_parallel_maintenance_workers to 3`,
	);
	for (const { indexdef } of rows) await database.query(`drop index ${/index (\S+)/i.exec(indexdef)?.[1]}`);
	await database.query('alter table messages drop constraint messages_pkey');
	await fill();
	await database.query(
		'alter table messages add constraint messages_pkey primary key (user_id, jid, message_id, author_jid)',
	);
	for (const { indexdef } of rows) await database.query(indexdef);
}

/**
 * A record as it grows: messages in the order in which they came, so that those of one group lie far apart; groups of which few
 * are busy and most are quiet, and one that is large; members of whom some write most of it; a reaction to every fiftieth
 * message. It is filled inside of Postgres. What messages say is random bytes of the usual length: nobody opens them here.
 */
export async function growTo(
	connect: () => Promise<pg.Client>,
	{ from, to }: { from: number; to: number },
): Promise<void> {
	const database = await connect();
	await withoutIndexes(database, async () => {
		await database.query(`
			insert into starred_groups (user_id, jid, name, starred_at, captured_from, baseline_at, members_at)
			select ${user('g')}, ${jid('g')}, 'Group ' || g, ${firstAt}, ${firstAt}, ${firstAt}, ${firstAt}
			from generate_series(${groupsAt(from)}::int, ${groupsAt(to)}::int - 1) g`);
		await database.query(`
			insert into members (user_id, jid, member_jid, name, phone, present)
			select ${user('g')}, ${jid('g')}, ${member('n')}, 'Member ' || n, '+1555' || lpad(n::text, 7, '0'), true
			from generate_series(${groupsAt(from)}::int, ${groupsAt(to)}::int - 1) g, generate_series(0, ${membersPerGroup - 1}) n`);
		const insert = `
			insert into messages (user_id, jid, message_id, author_jid, id, sent_at, kind, content, is_you, event_id, words)
			select m.user_id, m.jid, '3EB0' || upper(left(md5(m.i::text), 18)), ${member('m.author')}, m.i, m.at, 'text',
				sha512(int8send(m.i)) || sha512(int8send(-m.i)) || decode(md5(m.i::text), 'hex'), false,
				md5(m.i::text), array[${Array.from({ length: wordsPerMessage }, () => word).join(', ')}]
			from (
				select i, ${user('g')} as user_id, ${jid('g')} as jid, author,
					${firstAt} + i * interval '${stepMs} ms' as at
				from (
					select i, case when random() < ${largeShare} then 0
							else ${someGroup(to)} end as g,
						floor(${membersPerGroup} * power(random(), 2))::int as author
					from generate_series($1::bigint, $2::bigint) i
				) picked
			) m`;
		const share = (to - from) / fillers;
		await Promise.all(
			Array.from({ length: fillers }, async (_, index) => {
				const filler = await connect();
				await filler.query(insert, [from + index * share + 1, from + (index + 1) * share]);
				await filler.end();
			}),
		);
		await database.query(`
			insert into message_changes (user_id, jid, message_id, author_jid, kind, by_jid, revision, event_id, at, content, tags)
			select user_id, jid, message_id, author_jid, 'reaction', ${member('1')}, 1, 'reaction-' || id, sent_at,
				decode(md5(id::text), 'hex'), array[id]
			from messages where id % 50 = 0 and id > ${from}`);
	});
	await database.query('vacuum (analyze) messages, members, starred_groups, message_changes');
	await database.query('checkpoint');
	await database.end();
}

/** Groups as messages fall upon them: a busy one comes up as often as it is written in. */
export async function pickGroups(
	database: pg.Client,
	{ count, rows }: { count: number; rows: number },
): Promise<Group[]> {
	return groupsOf(database, `select ${someGroup(rows)} as g from generate_series(1, ${count})`);
}

export async function largeGroup(database: pg.Client): Promise<Group> {
	const [group] = await groupsOf(database, 'select 0 as g');
	if (group === undefined) throw new Error('There are no groups');
	return group;
}

async function groupsOf(database: pg.Client, numbers: string): Promise<Group[]> {
	const { rows } = await database.query(
		`select ${user('g')} as "userId", ${jid('g')} as jid from (${numbers}) numbers`,
	);
	return rows;
}
