import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
	type DataKeyRow,
	deleteDataKey,
	findDataKey,
	insertDataKey,
	listDataKeys,
	replaceDataKey,
} from './data-keys.ts';

/** What is needed of the envelope in `@chat-manager/service`. */
export type KeyWrapping = {
	newDataKey(): KeyObject;
	wrap(dataKey: KeyObject, context: string): Buffer;
	unwrap(wrapped: Uint8Array, context: string): KeyObject;
	isCurrent(wrapped: Uint8Array): boolean;
};

export type Keyring = {
	/** The user's data key; made at the first call, by whichever process comes first. */
	get(userId: string): Promise<KeyObject>;
	/** Deletes the key for ever: what it sealed can never be read again. Other processes have to `forget` it. */
	destroy(userId: string): Promise<void>;
	/** Drops the copy in this process's memory. */
	forget(userId: string): void;
	/**
	 * A new data key for the user, beside the one that is stored. Nothing changes until `store`, in the transaction that seals
	 * everything anew; it throws when another process was faster. Other processes have to `forget` the key.
	 */
	renew(userId: string): Promise<KeyRenewal>;
	/** Wraps anew what an older master key wrapped; after that the old one may leave the settings. How many there were. */
	rewrapAll(): Promise<number>;
};

export type KeyRenewal = {
	readonly current: KeyObject;
	readonly next: KeyObject;
	store<Tables>(db: Kysely<Tables>): Promise<void>;
};

/** The data keys of one service, a key a user, remembered for the `maxCached` users that were used last. */
export function createKeyring<Tables>(options: {
	db: Kysely<Tables>;
	envelope: KeyWrapping;
	/** Bound to every wrapped key: one service's row is of no use to another. */
	service: string;
	maxCached?: number;
}): Keyring {
	const { db, envelope, service, maxCached = 10_000 } = options;
	const contextOf = (userId: string) => `${service}/data_keys/${userId}`;
	/** Promises, so that calls at the same time share one query; the least recently used stands first. */
	const cached = new Map<string, Promise<KeyObject>>();

	async function load(userId: string): Promise<KeyObject> {
		const wrapped = (await findDataKey(db, userId)) ?? (await make(userId));
		return envelope.unwrap(wrapped, contextOf(userId));
	}

	async function make(userId: string): Promise<Buffer> {
		const wrapped = envelope.wrap(envelope.newDataKey(), contextOf(userId));
		await insertDataKey(db, { user_id: userId, wrapped });
		// Read again, for another process may have been first.
		const stored = await findDataKey(db, userId);
		if (stored === undefined) throw new Error('The data key was destroyed while it was being made.');
		return stored;
	}

	async function rewrap(row: DataKeyRow): Promise<void> {
		const context = contextOf(row.user_id);
		await replaceDataKey(db, row, envelope.wrap(envelope.unwrap(row.wrapped, context), context));
	}

	return {
		get(userId) {
			const key = cached.get(userId) ?? load(userId);
			cached.delete(userId);
			cached.set(userId, key);
			key.catch(() => {
				if (cached.get(userId) === key) cached.delete(userId);
			});
			const [oldest] = cached.keys();
			if (cached.size > maxCached && oldest !== undefined) cached.delete(oldest);
			return key;
		},
		async destroy(userId) {
			await deleteDataKey(db, userId);
			// Only now: a call meanwhile may have read the row before it went.
			cached.delete(userId);
		},
		forget(userId) {
			cached.delete(userId);
		},
		async renew(userId) {
			const context = contextOf(userId);
			const wrapped = (await findDataKey(db, userId)) ?? (await make(userId));
			const next = envelope.newDataKey();
			return {
				current: envelope.unwrap(wrapped, context),
				next,
				async store(transaction) {
					const isStored = await replaceDataKey(
						transaction,
						{ user_id: userId, wrapped },
						envelope.wrap(next, context),
					);
					if (!isStored) throw new Error('The data key was replaced or destroyed meanwhile.');
				},
			};
		},
		async rewrapAll() {
			let count = 0;
			let page = await listDataKeys(db, '');
			for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
				const outdated = page.filter((row) => !envelope.isCurrent(row.wrapped));
				for (const row of outdated) await rewrap(row);
				count += outdated.length;
				page = await listDataKeys(db, last.user_id);
			}
			return count;
		},
	};
}
