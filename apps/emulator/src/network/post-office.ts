import type { Stanza } from '../binary/node.ts';
import { deviceOf, type Endpoint } from './accounts.ts';
import { enqueue } from './queue.ts';
import { createSessionRecord, type SessionRecord } from './session-record.ts';

/**
 * The one way in which a stanza reaches an endpoint. For a linked device it goes into the queue first and then, when a
 * client is there and has caught up, onto its socket. For the phone it goes to the simulated person.
 *
 * A line is attached at login but stays on hold until the client has been given what it missed, so that nothing overtakes
 * the queue.
 */
export type PostOffice = {
	deliver(to: Endpoint, stanza: Stanza): void;
	/** Connects a client. Returns the line it replaces: the newest connection of a device is the one that counts. */
	attach(to: Endpoint, line: Line): Line | undefined;
	detach(to: Endpoint, line: Line): void;
	lineOf(to: Endpoint): Line | undefined;
	/** Every session that there was. */
	readonly sessions: SessionRecord;
};

/** A logged-in connection. */
export type Line = {
	/** False between login and the delivery of the queue. */
	readonly ready: boolean;
	send(stanza: Stanza): void;
	/** Gives the client its queue and makes the line ready. */
	open(): void;
	/** Says why, in this stanza or in the one that goes with the reason, and closes. */
	hangUp(reason: HangUp | Stanza): void;
};

export type HangUp = 'replaced' | 'removed' | 'dropped';

/** What takes the mail of phones. */
export type PhoneInbox = (to: Endpoint, stanza: Stanza) => void;

export function createPostOffice(
	phoneInbox: PhoneInbox,
	changed: () => void,
	nowMs: () => number,
): PostOffice {
	const sessions = createSessionRecord(nowMs);
	const lines = new Map<string, Line>();
	return {
		deliver(to, stanza) {
			changed();
			if (to.deviceId === 0) {
				phoneInbox(to, stanza);
				return;
			}
			const device = deviceOf(to.account, to.deviceId);
			if (!device) return;
			enqueue(device, stanza);
			const line = lines.get(keyOf(to));
			if (line?.ready) line.send(stanza);
		},
		attach(to, line) {
			const older = lines.get(keyOf(to));
			lines.set(keyOf(to), line);
			sessions.began(to);
			changed();
			return older;
		},
		detach(to, line) {
			if (lines.get(keyOf(to)) !== line) return;
			lines.delete(keyOf(to));
			sessions.ended(to);
			changed();
		},
		lineOf: (to) => lines.get(keyOf(to)),
		sessions,
	};
}

function keyOf({ account, deviceId }: Endpoint): string {
	return `${account.phone}:${deviceId}`;
}
