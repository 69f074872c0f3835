import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';

/** Whose value it is, and the row that it stands in: it opens nowhere else. */
export type Place = { userId: string; row: string };

export type Vault = {
	seal(place: Place, plaintext: Uint8Array): Promise<Buffer>;
	/** Throws `AppError` (`internal`) when it was changed or belongs to another row. */
	open(place: Place, sealed: Uint8Array): Promise<Buffer>;
};

/** What this service keeps secret, sealed with the user's data key. */
export function createVault({ envelope, keyring }: { envelope: Envelope; keyring: Keyring }): Vault {
	return {
		async seal(place, plaintext) {
			return envelope.seal(await keyring.get(place.userId), plaintext, contextOf(place));
		},
		async open(place, sealed) {
			return envelope.open(await keyring.get(place.userId), sealed, contextOf(place));
		},
	};
}

export function secretPlace(userId: string, endpointId: string): Place {
	return { userId, row: `endpoints/${endpointId}/secret` };
}

export function bodyPlace(userId: string, eventId: string): Place {
	return { userId, row: `events/${eventId}/body` };
}

export function answerPlace(userId: string, deliveryId: number, attempt: number): Place {
	return { userId, row: `attempts/${deliveryId}/${attempt}/answer` };
}

function contextOf({ userId, row }: Place): string {
	return `webhooks/${userId}/${row}`;
}
