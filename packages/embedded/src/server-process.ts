import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How much of its output is kept to tell why it ended. */
const keptLines = 40;

export type ServerProcess = {
	readonly pid: number;
	/** Resolves when the process and all that inherited its output are gone: with Postgres, its last backend too. */
	readonly exited: Promise<void>;
	/** Whether it goes, or went, because `end` was called. */
	isEnding(): boolean;
	/** Resolves true at the first line that fits, false when the process ends before. */
	says(pattern: RegExp): Promise<boolean>;
	/** Its last lines. */
	output(): string;
	/** Sends signals, each with its time to work, until the process is gone. */
	end(steps: readonly { signal: NodeJS.Signals; graceMs: number }[]): Promise<void>;
};

export type Command = {
	command: string;
	args: readonly string[];
	/** What it reads; nothing by default. */
	input?: string;
	uid?: number;
	gid?: number;
};

/**
 * Starts a server whose output goes line by line to `onLine`. It gets a process group of its own: a Ctrl-C at the terminal
 * must reach the supervisor only, which ends the services before the servers that they write to.
 */
export function spawnServer(command: Command, onLine: (line: string) => void): ServerProcess {
	const { command: file, args, input = '', ...account } = command;
	const child = spawn(file, args, { ...account, detached: true, stdio: 'pipe' });
	// A server that ends without reading is told by its exit, not by a broken pipe.
	child.stdin.on('error', () => undefined).end(input);
	const lines: string[] = [];
	const watchers = new Set<(line: string) => void>();
	let running = true;
	let ending = false;
	const exited = new Promise<void>((resolve) => {
		const end = () => {
			running = false;
			resolve();
		};
		child.once('close', end);
		child.once('error', (error) => {
			lines.push(error.message);
			if (child.pid === undefined) end();
		});
	});
	for (const stream of [child.stdout, child.stderr])
		createInterface({ input: stream }).on('line', (line) => {
			lines.push(line);
			if (lines.length > keptLines) lines.shift();
			onLine(line);
			for (const watcher of watchers) watcher(line);
		});
	return {
		// Not -1 or 0: those mean other processes to `kill`.
		pid: child.pid ?? Number.NaN,
		exited,
		isEnding: () => ending,
		output: () => lines.join('\n'),
		async says(pattern) {
			if (lines.some((line) => pattern.test(line))) return true;
			const { promise, resolve } = Promise.withResolvers<boolean>();
			const watcher = (line: string) => {
				if (pattern.test(line)) resolve(true);
			};
			watchers.add(watcher);
			const said = await Promise.race([promise, exited.then(() => false)]);
			watchers.delete(watcher);
			return said;
		},
		async end(steps) {
			ending = true;
			for (const { signal, graceMs } of steps) {
				if (!running) return;
				child.kill(signal);
				const { promise, resolve } = Promise.withResolvers<void>();
				const timer = setTimeout(resolve, graceMs);
				await Promise.race([exited, promise]);
				clearTimeout(timer);
			}
			await exited;
		},
	};
}
