import { sql } from 'kysely';
import type { StorageContext } from '../context.ts';
import { type Repeating, repeat } from '../repeat.ts';

const intervalMs = 5_000;

/**
 * Sorts what was written lately into the index of words. Writers only append to its pending list, in the transaction of the
 * message, so a search finds a message at once and ingest does not wait for the index; without this a writer would have
 * to sort the list in whenever it is full.
 */
export function startIndexMerger({ db, clock, logger }: StorageContext): Repeating {
	return repeat(
		{ clock, logger, intervalMs, what: 'The index of words was not brought up to date' },
		async () => {
			await sql`select gin_clean_pending_list('messages_words'::regclass)`.execute(db);
		},
	);
}
