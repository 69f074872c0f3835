import type { Vault } from '@chat-manager/backend';
import { createEventKey, type EventKey, importEventKey } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { currentEventKey, findEventKey } from '../database/event-keys.ts';
import type { Lease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';

const place = (keyId: string) => `event_keys/${keyId}`;

/** The key with which the user's events are sealed from now on; made at the first call. */
export async function openCurrentEventKey(db: Kysely<Tables>, vault: Vault, lease: Lease): Promise<EventKey> {
	const { userId } = lease;
	const { keyId, bytes } = createEventKey();
	const value = await vault.seal({ userId, row: place(keyId) }, bytes);
	const current = await currentEventKey(db, lease, { keyId, value });
	return importEventKey(
		current.keyId,
		await vault.open({ userId, row: place(current.keyId) }, current.value),
	);
}

/** The bytes of one of the user's event keys, for a subscriber with content rights; `undefined` when there is no such key. */
export async function readEventKey(
	db: Kysely<Tables>,
	vault: Vault,
	{ userId, keyId }: { userId: string; keyId: string },
): Promise<Buffer | undefined> {
	const sealed = await findEventKey(db, userId, keyId);
	return sealed && vault.open({ userId, row: place(keyId) }, sealed);
}
