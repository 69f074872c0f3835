import { BusyPortError } from '../free-port.ts';
import { StartError } from '../start-error.ts';

/** A killed postmaster's backends need a moment to notice; until then their shared memory keeps the next one out. */
export class PredecessorError extends StartError {}

/** Why Postgres or initdb did not start, by what it printed; that itself is the cause. */
export function explainOutput(output: string, where: { dataDir: string; port?: number }): StartError {
	const { dataDir, port } = where;
	const cause = new Error(output);
	if (port !== undefined && /could not bind|Address already in use/.test(output))
		return new BusyPortError(port, 'Postgres', cause);
	if (/pre-existing shared memory block/.test(output))
		return new PredecessorError(
			`Processes of a Postgres that was killed still work on ${dataDir}: wait a moment, or end them.`,
			{ cause },
		);
	const [, sentence] = sentences.find(([pattern]) => pattern.test(output)) ?? [];
	return new StartError((sentence ?? unknown)(dataDir), { cause });
}

const unknown = (dataDir: string) =>
	`Postgres did not start on ${dataDir}: the log says why; run again with LOG_LEVEL=debug to see all of it.`;

const sentences: readonly [RegExp, (dataDir: string) => string][] = [
	[
		/No space left on device|Disk quota exceeded/,
		(dataDir) => `Postgres cannot write to ${dataDir}: the disk is full.`,
	],
	[
		/could not (create|resize|map) .*shared memory|Cannot allocate memory/,
		() => 'Postgres did not get the memory that it needs: this machine or container has too little.',
	],
	[
		/error while loading shared libraries|GLIBC|spawn .* ENOENT/,
		() => 'The Postgres binaries do not run on this system: set DATABASE_URL to a Postgres of your own.',
	],
	[
		/setpriv/,
		(dataDir) =>
			`Postgres cannot run as root, and its own user cannot reach ${dataDir} or its binaries, for a folder above is closed to others: open it (chmod o+x), or start as another user.`,
	],
	[
		/Permission denied|Operation not permitted/,
		(dataDir) => `Postgres cannot read and write ${dataDir}: its permissions do not allow it.`,
	],
	[
		/could not locate a valid checkpoint|invalid checkpoint|PANIC/,
		(dataDir) => `The data in ${dataDir} is damaged: move it away, and bring a backup back if you have one.`,
	],
];
