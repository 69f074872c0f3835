import pg from 'pg';

const batchRows = 200;
const inFlight = 2;
/** As often as storage does it. */
const mergeMs = 5_000;
const types = {
	user_id: 'text',
	jid: 'text',
	message_id: 'text',
	author_jid: 'text',
	id: 'bigint',
	sent_at: 'timestamptz',
	kind: 'text',
	content: 'bytea',
	is_you: 'boolean',
	event_id: 'text',
	words: 'text',
};
const columns = Object.keys(types);
const insert = `
	insert into bench.messages (${columns})
	select ${columns.map((name) => (name === 'words' ? 'words::bigint[]' : name))}
	from unnest(${Object.values(types).map((type, index) => `$${index + 1}::${type}[]`)}) as t (${columns})
	on conflict do nothing`;

export type RawTable = AsyncDisposable & { pool: pg.Pool; batches: unknown[][] };

/** A table like storage's, with all its indexes, and the rows that storage wrote, in the order in which they came. */
export async function openRawTable(database: pg.Client, connectionString: string): Promise<RawTable> {
	await database.query(`
		create schema bench;
		create table bench.messages (like chat.messages including all)`);
	const selected = columns.map((name) => (name === 'words' ? 'words::text' : name));
	const { rows } = await database.query(`select ${selected} from chat.messages order by id`);
	const batches: unknown[][] = [];
	for (let from = 0; from < rows.length; from += batchRows) {
		const batch = rows.slice(from, from + batchRows);
		batches.push(columns.map((name) => batch.map((row) => row[name])));
	}
	const pool = new pg.Pool({ connectionString, max: inFlight });
	return { pool, batches, [Symbol.asyncDispose]: () => pool.end() };
}

/** Inserts them all, two batches at a time, with the upkeep of the index of words that storage gives its own; rows a second. */
export async function insertRaw({ pool, batches }: RawTable): Promise<number> {
	await pool.query('truncate bench.messages');
	await pool.query('checkpoint');
	let next = 0;
	let written = 0;
	const merging = setInterval(() => {
		void pool.query(`select gin_clean_pending_list('bench.messages_words_idx'::regclass)`);
	}, mergeMs);
	const startedMs = performance.now();
	await Promise.all(
		Array.from({ length: inFlight }, async () => {
			for (let values = batches[next++]; values !== undefined; values = batches[next++])
				written += (await pool.query({ name: 'insert', text: insert, values })).rowCount ?? 0;
		}),
	);
	const tookMs = performance.now() - startedMs;
	clearInterval(merging);
	return (written / tookMs) * 1_000;
}
