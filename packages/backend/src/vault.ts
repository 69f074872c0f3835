import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';

/** Whose value it is, and the row that it stands in: it opens nowhere else. */
export type Place = { userId: string; row: string };

export type Vault = {
	seal(place: Place, plaintext: Uint8Array | string): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another place. */
	open(place: Place, sealed: Uint8Array): Promise<Buffer>;
};

/** Seals what a service keeps of its users, each with the user's own data key. */
export function createVault(options: { service: string; envelope: Envelope; keyring: Keyring }): Vault {
	const { service, envelope, keyring } = options;
	const contextOf = ({ userId, row }: Place) => `${service}/${userId}/${row}`;
	return {
		async seal(place, plaintext) {
			const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
			return envelope.seal(await keyring.get(place.userId), bytes, contextOf(place));
		},
		async open(place, sealed) {
			return envelope.open(await keyring.get(place.userId), sealed, contextOf(place));
		},
	};
}
