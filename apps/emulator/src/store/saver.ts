import type { Logger } from 'pino';
import { type Snapshot, writeSnapshot } from './snapshot.ts';

const QUIET_MS = 200;
/** A large state is saved less often: never more than a tenth of the time goes into saving. */
const EFFORT = 10;

/** Writes the state to its file some time after a change, one write at a time, and never after `close`. */
export type Saver = { changed(): void; save(): Promise<void>; close(): Promise<void> };

export function createSaver(path: string | undefined, take: () => Snapshot, log: Logger): Saver {
	let timer: NodeJS.Timeout | undefined;
	let writing: Promise<void> = Promise.resolve();
	let pauseMs = QUIET_MS;
	let closed = false;

	function save(): Promise<void> {
		clearTimeout(timer);
		timer = undefined;
		if (path === undefined) return Promise.resolve();
		writing = writing.then(async () => {
			const startedMs = performance.now();
			await writeSnapshot(path, take());
			pauseMs = Math.max(QUIET_MS, EFFORT * (performance.now() - startedMs));
		});
		const written = writing;
		writing = writing.catch((error: unknown) => log.error({ err: error }, 'the state could not be saved'));
		return written;
	}
	return {
		changed() {
			if (path === undefined || timer || closed) return;
			timer = setTimeout(() => void save().catch(() => undefined), pauseMs);
		},
		save,
		close() {
			closed = true;
			return save();
		},
	};
}
