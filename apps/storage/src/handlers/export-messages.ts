import type { StorageContext } from '../context.ts';
import { listRecordedGroups } from '../database/queries/export-record.ts';
import { countMessages, readForward } from '../database/queries/read-messages.ts';
import type { ExportPage } from './export-records.ts';
import { takeWhatFits } from './take-what-fits.ts';
import { findAround, toMessages } from './to-message.ts';

const pageSize = 500;

/** A page of all stored messages: group by group, in each the oldest first. A page never holds messages of two groups. */
export async function exportMessages(
	context: StorageContext,
	{ userId, cursor }: { userId: string; cursor: string | undefined },
): Promise<ExportPage> {
	const { db, cursors } = context;
	const scope = { userId, list: 'export/messages' };
	const place = cursor === undefined ? undefined : await cursors.open(scope, cursor);
	const [fromJid = '', id = ''] = place?.tie.split(' ') ?? [];
	const total = cursor === undefined ? await countMessages(db, userId) : null;
	for (const jid of await listRecordedGroups(db, userId, fromJid)) {
		const after = place === undefined || jid !== fromJid ? undefined : { sentAt: new Date(place.atMs), id };
		const rows = await readForward(db, { userId, jid, after, limit: pageSize });
		if (rows.length === 0) continue;
		const around = await findAround(context, { userId, jid, rows });
		const messages = await toMessages(context, userId, rows, around);
		const page = takeWhatFits(messages.map((message) => ({ group: jid, ...message })));
		const last = rows[page.length - 1];
		if (last === undefined) break;
		return {
			records: page,
			nextCursor: await cursors.seal(scope, {
				atMs: last.sent_at.getTime(),
				tie: `${jid} ${last.id}`,
			}),
			total,
		};
	}
	return { records: [], nextCursor: null, total };
}
