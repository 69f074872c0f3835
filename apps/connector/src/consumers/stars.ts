import type { BusEvent, EventConsumer } from '@chat-manager/bus';
import type { Kysely } from 'kysely';
import { changeStar, changeStoring } from '../database/starred-groups.ts';
import type { Tables } from '../database/tables.ts';

export const stars: EventConsumer = {
	durable: 'connectors',
	types: ['group.starred', 'group.unstarred', 'settings.changed', 'account.deleted'],
};

export type StarContext = {
	readonly db: Kysely<Tables>;
	/** Tells the connector that holds the user's socket to look at the table again. */
	readonly announceGroups: (userId: string) => void;
};

/** Keeps the connectors' own copy of what is starred and whether messages are stored. */
export async function applyStars(
	{ db, announceGroups }: StarContext,
	events: readonly BusEvent[],
): Promise<void> {
	for (const event of events) {
		await apply(db, event);
		announceGroups(event.userId);
	}
}

async function apply(db: Kysely<Tables>, event: BusEvent): Promise<void> {
	const { userId, groupJid } = event;
	const at = new Date(event.at);
	if (event.type === 'settings.changed') {
		await changeStoring(db, { userId, storeMessages: event.data.storeMessages, at });
	} else if (groupJid !== undefined) {
		await changeStar(db, { userId, jid: groupJid, starred: event.type === 'group.starred', at });
	}
}
