import { createHash } from 'node:crypto';
import { publishEvent } from '@chat-manager/bus';
import type { StorageContext } from './context.ts';
import type { GroupKey } from './database/queries/lock-groups.ts';
import { markSettingsAnnounced } from './database/queries/settings.ts';
import { markUnstarAnnounced } from './database/queries/unstar-group.ts';

/**
 * What this service decides itself and tells the others. The decision is committed first, with a mark that it was not
 * announced; then it is published under an id made from the decision, and the mark is taken away. Whoever finds the mark (a
 * repeated call, the sweep) publishes again under the same id, which everybody recognises.
 */
type Announcing = Pick<StorageContext, 'bus' | 'db'>;

export async function announceUnstar(
	{ bus, db }: Announcing,
	{ userId, jid, at }: GroupKey & { at: Date },
): Promise<void> {
	await publishEvent(bus, {
		id: stableId('group.unstarred', userId, jid, at.toISOString()),
		type: 'group.unstarred',
		at: at.toISOString(),
		userId,
		groupJid: jid,
		data: {},
	});
	await markUnstarAnnounced(db, { userId, jid, at });
}

export async function announceSettings(
	{ bus, db }: Announcing,
	{ userId, storeMessages, at }: { userId: string; storeMessages: boolean; at: Date },
): Promise<void> {
	await publishEvent(bus, {
		id: stableId('settings.changed', userId, at.toISOString()),
		type: 'settings.changed',
		at: at.toISOString(),
		userId,
		data: { storeMessages },
	});
	await markSettingsAnnounced(db, { userId, at });
}

function stableId(...parts: readonly string[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
