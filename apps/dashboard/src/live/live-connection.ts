/**
 * The connection over which the server tells what changed (`/api/events`), for as long as the page is looked at:
 *
 *   opening   asked for; the server says `ready` once it listens, and everything shown is fetched again: whatever happened
 *             between two connections was told to nobody
 *   open      `changes` come, or at least a `beat`; silence means that it is dead
 *   waiting   it broke, or could not be opened. The server is asked for a sign of life, so that the page says when it is away;
 *             then it is opened again, later each time. A server that answers while the stream does not (a proxy that holds
 *             it back) is asked for everything each time instead
 *   resting   nobody has looked at the page for a while; it is opened when somebody does
 *   ended     the session is over that it was opened with. Another may have taken its place (a new password makes one): then it
 *             is opened again; if not, what is read is refused, and whoever keeps the connection disposes of it
 */
import { Change } from '@chat-manager/contracts';
import { z } from 'zod';
import { reach } from '../api/connection.ts';

/** What the server promises to say something in: its beat, and time on the way. */
const silenceMs = 45_000;
const openingMs = 10_000;
const longestWaitMs = 15_000;
/** How long an unseen page stays connected. */
const restMs = 30_000;

const Changes = z.array(Change);

export type LiveListeners = {
	/** Everything that is shown may be stale. */
	onStale(): void;
	onChanges(changes: readonly Change[]): void;
	/** The session is over that it was opened with. */
	onEnded(): void;
};

/** Opens the connection and keeps it until it is disposed. */
export function openLive({ onStale, onChanges, onEnded }: LiveListeners): Disposable {
	let source: EventSource | undefined;
	let failures = 0;
	let isOver = false;
	let watch: number | undefined;
	let again: number | undefined;
	let rest: number | undefined;

	function open(): void {
		clearTimeout(again);
		if (isOver || source !== undefined || document.visibilityState === 'hidden') return;
		const opened = new EventSource('/api/events');
		source = opened;
		expectWithin(openingMs);
		opened.addEventListener('ready', () => {
			failures = 0;
			expectWithin(silenceMs);
			onStale();
		});
		opened.addEventListener('changes', ({ data }) => {
			expectWithin(silenceMs);
			const changes = Changes.safeParse(JSON.parse(String(data)));
			if (changes.success) onChanges(changes.data);
			else onStale();
		});
		opened.addEventListener('beat', () => expectWithin(silenceMs));
		opened.addEventListener('ended', () => {
			close();
			openLater();
			onEnded();
		});
		// The browser's own way of trying again neither waits longer each time nor tells why.
		opened.addEventListener('error', () => source === opened && fail());
	}

	function expectWithin(ms: number): void {
		clearTimeout(watch);
		watch = window.setTimeout(fail, ms);
	}

	function close(): void {
		clearTimeout(watch);
		source?.close();
		source = undefined;
	}

	function openLater(): void {
		clearTimeout(again);
		const waitMs = Math.min(longestWaitMs, 500 * 2 ** failures++) * (0.5 + Math.random() / 2);
		again = window.setTimeout(open, waitMs);
	}

	function fail(): void {
		close();
		openLater();
		void reach('/api/auth/get-session', {}).then(
			() => failures > 1 && onStale(),
			() => undefined,
		);
	}

	/** Of a network that came or went is known more at once than any waiting tells. */
	function look(): void {
		if (!isOver) fail();
	}

	function see(): void {
		clearTimeout(rest);
		if (document.visibilityState === 'hidden') rest = window.setTimeout(close, restMs);
		else open();
	}

	addEventListener('online', look);
	addEventListener('offline', look);
	document.addEventListener('visibilitychange', see);
	open();
	return {
		[Symbol.dispose]() {
			isOver = true;
			close();
			clearTimeout(again);
			clearTimeout(rest);
			removeEventListener('online', look);
			removeEventListener('offline', look);
			document.removeEventListener('visibilitychange', see);
		},
	};
}
