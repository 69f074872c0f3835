import { AppError } from '@chat-manager/contracts';
import type { Keyring } from '@chat-manager/database';
import type { Envelope } from '@chat-manager/service';

/** Whose list it is: a cursor opens for the same user and the same list only. */
export type CursorScope = { userId: string; list: string };
/** The last row of a page: its time in milliseconds, and what decides between rows of the same time. */
type Place = { atMs: number; tie: string };

export type Cursors = {
	seal(scope: CursorScope, place: Place): Promise<string>;
	/** Throws `invalid_input` for anything that `seal` did not make for this very list. */
	open(scope: CursorScope, cursor: string): Promise<Place>;
};

/** Cursors sealed with the user's data key, so that they are opaque, cannot be changed, and say nothing elsewhere. */
export function createCursors({ envelope, keyring }: { envelope: Envelope; keyring: Keyring }): Cursors {
	return {
		async seal(scope, { atMs, tie }) {
			const key = await keyring.get(scope.userId);
			const place = Buffer.alloc(8 + Buffer.byteLength(tie));
			place.writeDoubleBE(atMs);
			place.write(tie, 8);
			return envelope.seal(key, place, contextOf(scope)).toString('base64url');
		},
		async open(scope, cursor) {
			const key = await keyring.get(scope.userId);
			const bytes = Buffer.from(cursor, 'base64url');
			// Decoding skips what is no base64, and a cursor that differs in such a letter is not ours.
			if (bytes.toString('base64url') !== cursor) throw invalidCursor();
			try {
				const place = envelope.open(key, bytes, contextOf(scope));
				return { atMs: place.readDoubleBE(), tie: place.toString('utf8', 8) };
			} catch (cause) {
				throw invalidCursor(cause);
			}
		},
	};
}

function contextOf({ userId, list }: CursorScope): string {
	return `storage/cursor/${userId}/${list}`;
}

function invalidCursor(cause?: unknown): AppError {
	return new AppError(
		'invalid_input',
		'The cursor is not one of this list: pass nextCursor of its previous page unchanged, or leave it out to begin anew.',
		{ cause },
	);
}
