/** A handshake takes a client milliseconds. */
const HANDSHAKE_MS = 20_000;
/** Clients ping every 30 seconds, or as seldom as their owner has set. */
const IDLE_MS = 180_000;
const LOOK_EVERY_MS = 1000;

/**
 * Sees to it that no connection stays for ever: one that does not finish its handshake, or from which nothing has come for a long
 * time, as when the other machine vanished. Time is that of the clock; it is looked at once a second.
 */
export type Deadlines = {
	/** Watches a connection from now on. `cut` is called once with the reason, as a sentence. */
	watch(cut: (reason: string) => void): Watched;
	close(): void;
};

export type Watched = {
	/** Something came. Does not help a handshake, which has its time as a whole. */
	heard(): void;
	/** The handshake is done. */
	opened(): void;
	/** The connection is closed. */
	ended(): void;
};

export function createDeadlines(clock: () => number): Deadlines {
	const connections = new Set<Connection>();
	function look(): void {
		const nowMs = clock();
		for (const connection of connections) {
			const limitMs = connection.open ? IDLE_MS : HANDSHAKE_MS;
			if (nowMs - connection.sinceMs <= limitMs) continue;
			connections.delete(connection);
			connection.cut(
				connection.open ? 'Nothing came for three minutes.' : 'The handshake was not finished in time.',
			);
		}
	}
	const timer = setInterval(look, LOOK_EVERY_MS).unref();
	return {
		watch(cut) {
			const connection = { cut, open: false, sinceMs: clock() };
			connections.add(connection);
			return {
				heard() {
					if (connection.open) connection.sinceMs = clock();
				},
				opened() {
					connection.open = true;
					connection.sinceMs = clock();
				},
				ended: () => void connections.delete(connection),
			};
		},
		close: () => clearInterval(timer),
	};
}

type Connection = { readonly cut: (reason: string) => void; open: boolean; sinceMs: number };
