import { type Endpoint, pnOf } from './accounts.ts';

/** One login of a device, and how it ended: by itself, or because the same device logged in a second time meanwhile. */
export type SessionEntry = {
	readonly jid: string;
	readonly beganAtMs: number;
	endedAtMs: number | null;
	end: 'closed' | 'replaced' | null;
};

/** What the network saw of its clients' sessions, oldest first. A device has at most one at a time: the newest one counts. */
export type SessionRecord = {
	began(to: Endpoint): void;
	ended(to: Endpoint): void;
	list(): readonly SessionEntry[];
};

/** Enough for a load of some thousand devices that come and go; older ones are forgotten. */
const MAX_ENTRIES = 100_000;

export function createSessionRecord(nowMs: () => number): SessionRecord {
	const entries: SessionEntry[] = [];
	const open = new Map<string, SessionEntry>();

	function end(jid: string, how: 'closed' | 'replaced'): void {
		const entry = open.get(jid);
		if (entry === undefined) return;
		open.delete(jid);
		entry.endedAtMs = nowMs();
		entry.end = how;
	}

	return {
		began(to) {
			const jid = pnOf(to);
			end(jid, 'replaced');
			const entry: SessionEntry = { jid, beganAtMs: nowMs(), endedAtMs: null, end: null };
			open.set(jid, entry);
			entries.push(entry);
			if (entries.length > MAX_ENTRIES) entries.splice(0, MAX_ENTRIES / 10);
		},
		ended: (to) => end(pnOf(to), 'closed'),
		list: () => entries,
	};
}
