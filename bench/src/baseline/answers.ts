/** The other side of the baseline: an echo, and a page of messages as it stands in Postgres, in plain text. */
import { connect } from 'nats';
import pg from 'pg';
import { readSettings, subjects } from './settings.ts';

const { natsUrl, natsUser, natsPassword, databaseUrl } = readSettings();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
const nats = await connect({
	servers: natsUrl,
	...(natsUser === undefined ? {} : { user: natsUser }),
	...(natsPassword === undefined ? {} : { pass: natsPassword }),
});
nats.subscribe(subjects.echo, { callback: (_error, message) => void message.respond(message.data) });
nats.subscribe(subjects.page, {
	callback(_error, message) {
		const { jid, limit } = message.json<{ jid: string; limit: number }>();
		void pool
			.query(
				`select message_id, sent_at, kind, text, author_jid, name, phone, is_you, edited, deleted
				from bench.messages where jid = $1 order by sent_at desc, id desc limit $2`,
				[jid, limit],
			)
			.then(({ rows }) => message.respond(JSON.stringify({ messages: rows })));
	},
});
await nats.flush();
process.send?.({ ready: true });
process.on('disconnect', () => process.exit(0));
