import { AppError, type Contract, type DomainHandlers, groupNotStarred } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { findCoverage } from '../database/queries/coverage.ts';
import { findMessage, listMessages, type MessageRow } from '../database/queries/read-messages.ts';
import type { CursorScope } from '../sealing/cursors.ts';
import { coverageOf } from './coverage.ts';
import { takeWhatFits } from './take-what-fits.ts';
import { toMessage } from './to-message.ts';

export const messages: DomainHandlers<Contract['storage']['messages'], StorageContext> = {
	async list(context, { jid, limit, before }, { userId }) {
		const scope = { userId, list: `messages/${jid}` };
		const reading = readRows(context, { scope, jid, limit: limit + 1, before });
		reading.catch(() => {}); // Awaited below: what is wrong with the cursor of a foreign group is told to nobody.
		const record = await findCoverage(context.db, { userId, jid });
		if (record === undefined) throw groupNotStarred();
		const rows = await reading;
		const page = takeWhatFits(
			await Promise.all(rows.slice(0, limit).map((row) => toMessage(context, userId, row))),
		);
		const last = rows.length > page.length ? rows[page.length - 1] : undefined;
		return {
			messages: page,
			nextCursor: last
				? await context.cursors.seal(scope, { atMs: last.sent_at.getTime(), tie: String(last.id) })
				: null,
			coverage: coverageOf(record, page),
		};
	},

	async find(context, { userId, jid, messageId }) {
		const [record, row] = await Promise.all([
			findCoverage(context.db, { userId, jid }),
			findMessage(context.db, { userId, jid, messageId }),
		]);
		if (record === undefined) throw groupNotStarred();
		if (row === undefined)
			throw new AppError(
				'message_not_found',
				'There is no stored message with this id in the group. Call get_group_messages for the ids of stored messages.',
			);
		return { message: await toMessage(context, userId, row) };
	},
};

async function readRows(
	{ db, cursors }: StorageContext,
	args: { scope: CursorScope; jid: string; limit: number; before: string | undefined },
): Promise<MessageRow[]> {
	const { scope, jid, limit, before } = args;
	const place = before === undefined ? undefined : await cursors.open(scope, before);
	const from = place && { sentAt: new Date(place.atMs), id: place.tie };
	return listMessages(db, { userId: scope.userId, jid, before: from, limit });
}
