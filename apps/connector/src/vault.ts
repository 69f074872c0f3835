import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';

/** Seals what this service keeps of a user, with the user's own data key. `place` (table and row) is bound to it. */
export type Vault = {
	seal(userId: string, place: string, plaintext: Uint8Array | string): Promise<Buffer>;
	open(userId: string, place: string, sealed: Uint8Array): Promise<Buffer>;
};

export function createVault({ keyring, envelope }: { keyring: Keyring; envelope: Envelope }): Vault {
	const contextOf = (userId: string, place: string) => `devices/${userId}/${place}`;
	return {
		async seal(userId, place, plaintext) {
			const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
			return envelope.seal(await keyring.get(userId), bytes, contextOf(userId, place));
		},
		async open(userId, place, sealed) {
			return envelope.open(await keyring.get(userId), sealed, contextOf(userId, place));
		},
	};
}
