/**
 * One service as a process of its own, kept running.
 *
 *   starting   the process runs and has not said that it is ready
 *   ready      it said so over the IPC channel
 *   waiting    it ended by itself; it starts again after a moment that doubles up to five seconds
 *   stopped    it was asked to end (stop, kill), and starts again only when it is told to (start)
 *
 * The channel also ends the child when this process is gone: nothing is left behind, however the parent dies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Log, StartError } from '@chat-manager/embedded';
import type { Environment, ServiceName } from './services.ts';

export type ServiceProcess = {
	/** The service, with a number behind it for a second replica and the later ones. */
	readonly name: string;
	readonly logFile: string;
	/** Where it is reached, if it is a gateway. */
	readonly url: string | undefined;
	/** Of the process that runs now; `undefined` while none does. */
	pid(): number | undefined;
	/** Starts it if it is stopped, with `extra` settings for this run, and resolves when it is ready. */
	start(extra?: Environment): Promise<void>;
	/** Resolves when the process that runs now, or the next one, is ready. */
	ready(): Promise<void>;
	/** Asks it to end, and waits until it has. */
	stop(): Promise<void>;
	/** SIGKILL, as a crash would; it stays down until it is started. */
	kill(): Promise<void>;
	/** SIGKILL, and left to the supervision to bring it back. */
	crash(): void;
	/** SIGSTOP: it stands still, its connections stay; until it is woken, or asked to end. */
	freeze(): void;
	wake(): void;
};

/** The sources that we are part of. */
const repository = fileURLToPath(new URL('../../../..', import.meta.url));

export function createServiceProcess(options: {
	name: string;
	service: ServiceName;
	environment: Environment;
	logFile: string;
	log: Log;
	/** The sources that are run; those that we are part of by default. */
	sources?: string | undefined;
	url?: string | undefined;
}): ServiceProcess {
	const { name, service, environment, logFile, log, sources = repository, url } = options;
	const output = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
	let child: ChildProcess | undefined;
	let wanted = false;
	let failures = 0;
	let extra: Environment = {};
	let readiness = Promise.withResolvers<void>();
	let restart: NodeJS.Timeout | undefined;

	function launch(): void {
		const started = spawn(process.execPath, [`apps/${service}/src/main.ts`], {
			cwd: sources,
			env: { ...inherited(), ...environment, ...extra },
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			detached: true, // A group of its own: Ctrl-C reaches this process alone, which stops them in order.
		});
		child = started;
		started.stdout?.pipe(output, { end: false });
		started.stderr?.pipe(output, { end: false });
		started.on('message', (message) => {
			if ((message as { type?: unknown }).type !== 'ready' || child !== started) return;
			failures = 0;
			readiness.resolve();
		});
		started.on('error', (err) => log.error({ err, name }, 'a service could not be started'));
		started.on('exit', (code, signal) => {
			if (child === started) ended(code, signal);
		});
	}

	function ended(code: number | null, signal: NodeJS.Signals | null): void {
		child = undefined;
		readiness.promise.catch(() => {});
		readiness.resolve(); // Whoever waited looks again at the new one.
		readiness = Promise.withResolvers<void>();
		if (!wanted) return;
		extra = {}; // Meant for that run alone.
		const delayMs = Math.min(5_000, 100 * 2 ** failures++);
		log.warn({ name, code, signal, delayMs }, 'a service ended and starts again');
		restart = setTimeout(launch, delayMs);
	}

	async function end(signal: NodeJS.Signals): Promise<void> {
		wanted = false;
		clearTimeout(restart);
		if (child === undefined) return;
		const exited = once(child, 'exit');
		child.kill(signal);
		child.kill('SIGCONT'); // A frozen one would not even hear that it is to end.
		await exited;
	}

	async function ready(): Promise<void> {
		for (;;) {
			const waited = readiness;
			await waited.promise;
			if (waited === readiness) return;
			if (failures >= 5) throw new StartError(`The service ${name} does not start: see ${logFile}.`);
		}
	}

	return {
		name,
		logFile,
		url,
		ready,
		pid: () => child?.pid,
		async start(more = {}) {
			if (!wanted) {
				wanted = true;
				failures = 0;
				extra = more;
				launch();
			}
			await ready();
		},
		stop: () => end('SIGTERM'),
		kill: () => end('SIGKILL'),
		crash() {
			child?.kill('SIGKILL');
		},
		freeze: () => void child?.kill('SIGSTOP'),
		wake: () => void child?.kill('SIGCONT'),
	};
}

/** A service sees its own settings only; of ours it gets what every program needs. */
function inherited(): Environment {
	// biome-ignore lint/style/noProcessEnv: handed on, not read.
	const { PATH, HOME, TMPDIR, LOG_LEVEL, NODE_ENV, TZ } = process.env;
	// biome-ignore lint/style/noProcessEnv: what somebody sets for a service reaches it; each takes what it knows.
	const ours = Object.entries(process.env).filter(([name]) => /^(CM|OTEL)_/.test(name));
	return { PATH, HOME, TMPDIR, LOG_LEVEL, NODE_ENV, TZ, ...Object.fromEntries(ours) };
}
