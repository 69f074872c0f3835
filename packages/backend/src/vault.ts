import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';
import type { Kysely } from 'kysely';

/** Whose value it is, and the row that it stands in: it opens nowhere else. */
export type Place = { userId: string; row: string };

export type Vault = {
	seal(place: Place, plaintext: Uint8Array | string): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another place. */
	open(place: Place, sealed: Uint8Array): Promise<Buffer>;
	/** Reads the user's data key anew: it may have been replaced since it was remembered. Before the first `seal` of an owner. */
	reload(userId: string): Promise<void>;
	/** Begins to replace the user's data key; see `Renewal`. */
	renew(userId: string): Promise<Renewal>;
};

/** All that the user's key seals has to be sealed anew and the key stored, in one transaction in which nobody else writes. */
export type Renewal = {
	reseal(row: string, sealed: Uint8Array): Buffer;
	store<Tables>(transaction: Kysely<Tables>): Promise<void>;
};

/** Seals what a service keeps of its users, each with the user's own data key. */
export function createVault(options: { service: string; envelope: Envelope; keyring: Keyring }): Vault {
	const { service, envelope, keyring } = options;
	const contextOf = ({ userId, row }: Place) => `${service}/${userId}/${row}`;

	async function reload(userId: string) {
		keyring.forget(userId);
		return keyring.get(userId);
	}

	return {
		async seal(place, plaintext) {
			const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
			return envelope.seal(await keyring.get(place.userId), bytes, contextOf(place));
		},
		async open(place, sealed) {
			const key = await keyring.get(place.userId);
			try {
				return envelope.open(key, sealed, contextOf(place));
			} catch (error) {
				const current = await reload(place.userId);
				if (current.equals(key)) throw error;
				return envelope.open(current, sealed, contextOf(place));
			}
		},
		async reload(userId) {
			await reload(userId);
		},
		async renew(userId) {
			const { current, next, store } = await keyring.renew(userId);
			return {
				reseal(row, sealed) {
					const context = contextOf({ userId, row });
					return envelope.seal(next, envelope.open(current, sealed, context), context);
				},
				store,
			};
		},
	};
}
