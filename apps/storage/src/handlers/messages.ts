import { createHash } from 'node:crypto';
import { AppError, type Contract, type DomainHandlers, groupNotStarred } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { StorageContext } from '../context.ts';
import { findCoverage } from '../database/queries/coverage.ts';
import {
	findMessage,
	listUnreadable,
	type MessageFilter,
	readPage,
} from '../database/queries/read-messages.ts';
import type { CursorScope } from '../sealing/cursors.ts';
import { coverageOf } from './coverage.ts';
import { takeWhatFits } from './take-what-fits.ts';
import { findAround, toMessages } from './to-message.ts';

type ListInput = z.output<Contract['storage']['messages']['list']['input']>;

/** How many messages that cannot be read a search tells of. */
const maxUnreadable = 100;

export const messages: DomainHandlers<Contract['storage']['messages'], StorageContext> = {
	async list(context, input, { userId }) {
		const { jid, limit } = input;
		const scope = { userId, list: listName(input) };
		const filter = await toFilter(context, userId, input);
		const before = await placeOf(context, scope, jid, input.before);
		const read = await readPage(context.db, { userId, jid, before, filter, limit: limit + 1 });
		if (read === undefined) throw groupNotStarred();
		const { record, rows } = read;
		const shown = rows.slice(0, limit);
		const around = await findAround(context, { userId, jid, rows: shown });
		const page = takeWhatFits(await toMessages(context, userId, shown, around));
		const last = rows.length > page.length ? rows[page.length - 1] : undefined;
		// What cannot be read is not found by its words: that it is there is said with every page of a search.
		const unsearched =
			filter.words === undefined
				? []
				: await listUnreadable(context.db, { userId, jid, filter, limit: maxUnreadable });
		return {
			messages: page,
			nextCursor: last
				? await context.cursors.seal(scope, { atMs: last.sent_at.getTime(), tie: String(last.id) })
				: null,
			coverage: coverageOf(record, page, unsearched),
		};
	},

	async find(context, { userId, jid, messageId }) {
		const [record, row] = await Promise.all([
			findCoverage(context.db, { userId, jid }),
			findMessage(context.db, { userId, jid, messageId }),
		]);
		if (record === undefined) throw groupNotStarred();
		const rows = row === undefined ? [] : [row];
		const around = await findAround(context, { userId, jid, rows });
		const [message] = await toMessages(context, userId, rows, around);
		if (message === undefined)
			throw new AppError(
				'message_not_found',
				'There is no stored message with this id in the group. Call get_group_messages for the ids of stored messages.',
			);
		return { message };
	},
};

/** A cursor belongs to one way of narrowing the list down: with another it would skip what is newer. */
function listName({ jid, query, from, since, until }: ListInput): string {
	const filters = [query, from, since, until];
	if (filters.every((filter) => filter === undefined)) return `messages/${jid}`;
	return `messages/${jid}/${createHash('sha256').update(JSON.stringify(filters)).digest('base64url')}`;
}

async function toFilter(
	{ digests }: StorageContext,
	userId: string,
	{ jid, query, from, since, until }: ListInput,
): Promise<MessageFilter> {
	const words = query === undefined ? undefined : await digests.ofQuery({ userId, jid }, query);
	if (query !== undefined && words === undefined)
		throw new AppError(
			'invalid_input',
			'query: must contain a letter or a digit; messages are searched by whole words.',
		);
	return {
		words,
		from: from === undefined ? undefined : toPerson(from),
		since: since === undefined ? undefined : new Date(since),
		until: until === undefined ? undefined : new Date(until),
	};
}

/** A phone number, alone or as a jid, stands for whoever is known to have it. */
function toPerson(from: string): { jid: string | null; phone: string | null } {
	const digits = /^\+?(\d+)(@s\.whatsapp\.net)?$/.exec(from)?.[1];
	if (digits === undefined) return { jid: from, phone: null };
	return { jid: `${digits}@s.whatsapp.net`, phone: `+${digits}` };
}

/** Where a page begins. What is wrong with the cursor of a foreign group is told to nobody. */
async function placeOf(
	{ db, cursors }: StorageContext,
	scope: CursorScope,
	jid: string,
	cursor: string | undefined,
): Promise<{ sentAt: Date; id: string } | undefined> {
	if (cursor === undefined) return undefined;
	try {
		const { atMs, tie } = await cursors.open(scope, cursor);
		return { sentAt: new Date(atMs), id: tie };
	} catch (error) {
		if ((await findCoverage(db, { userId: scope.userId, jid })) === undefined) throw groupNotStarred();
		throw error;
	}
}
