import type { Client } from '@chat-manager/bus';
import { type EventKey, importEventKey } from '@chat-manager/service';

export type EventKeys = {
	/** The key with which a user's events are sealed; throws what the connectors answer (`device_not_linked`, `unavailable`). */
	get(wanted: { userId: string; keyId: string }): Promise<EventKey>;
};

/** Asks the connectors once for each key and remembers the ones used last. A key never changes: another has another id. */
export function createEventKeys(connectors: Client<'connectors'>, { maxCached = 10_000 } = {}): EventKeys {
	/** Promises, so that a batch of one user's events asks once; the least recently used stands first. */
	const cached = new Map<string, Promise<EventKey>>();

	async function fetchKey(userId: string, keyId: string): Promise<EventKey> {
		const { key } = await connectors.eventKeys.get({ userId, keyId });
		return importEventKey(keyId, Buffer.from(key, 'base64'));
	}

	return {
		get({ userId, keyId }) {
			const name = `${userId}/${keyId}`;
			const key = cached.get(name) ?? fetchKey(userId, keyId);
			cached.delete(name);
			cached.set(name, key);
			key.catch(() => {
				if (cached.get(name) === key) cached.delete(name);
			});
			const [oldest] = cached.keys();
			if (cached.size > maxCached && oldest !== undefined) cached.delete(oldest);
			return key;
		},
	};
}
