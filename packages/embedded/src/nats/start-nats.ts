import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BusyPortError, launchOnPort } from '../free-port.ts';
import type { Log } from '../log.ts';
import { commandLine, endProcess } from '../running-process.ts';
import { type ServerProcess, spawnServer } from '../server-process.ts';
import { folderFault, StartError } from '../start-error.ts';
import { lockFolder, makeFolder } from '../state-folder.ts';
import { findServer } from './find-server.ts';
import { type NatsAuth, type NatsPlace, type NatsTls, natsConfig, pidFile } from './nats-config.ts';

export type EmbeddedNats = AsyncDisposable & {
	/** Without credentials. */
	readonly url: string;
	readonly port: number;
	/** Of the server that runs now. */
	readonly pid: number;
	/** Ends it in order. It can be started again. */
	stop(): Promise<void>;
	/** SIGKILL, as a crash would. */
	kill(): Promise<void>;
	/** Starts it again on the same port, ending it first when it runs. */
	restart(): Promise<void>;
};

const endSteps = [
	{ signal: 'SIGTERM', graceMs: 10_000 },
	{ signal: 'SIGKILL', graceMs: 5_000 },
] as const;

/**
 * Runs nats-server with JetStream on 127.0.0.1 only, its streams in `dataDir`. One process at a time has a data directory.
 * Whatever keeps it from starting is a `StartError`.
 */
export async function startNats(options: {
	dataDir: string;
	/** A free one by default. */
	port?: number | undefined;
	auth?: NatsAuth;
	tls?: NatsTls;
	/** Given, it is one of several. */
	place?: NatsPlace;
	logger: Log;
	/** Called when it ended without being asked to; `restart` brings it back. */
	onEnded?: () => void;
}): Promise<EmbeddedNats> {
	const { auth, tls, place, logger } = options;
	const dataDir = resolve(options.dataDir);
	const configFile = join(dataDir, 'nats.conf');
	await using cleanup = new AsyncDisposableStack();
	cleanup.use(await lockFolder(dataDir));
	await makeFolder(dataDir);
	if (await endOrphan(dataDir, configFile)) logger.warn({ dataDir }, 'ended a NATS server that had no owner');
	const command = await findServer({ logger });
	const launch = async (port: number): Promise<ServerProcess> => {
		await writeConfig(configFile, natsConfig({ dataDir, port, auth, tls, place }), dataDir);
		const onLine = (line: string) => logger.debug({ line }, 'nats');
		const started = spawnServer({ command, args: ['-c', configFile] }, onLine);
		if (!(await started.says(/Server is ready/))) throw explainOutput(started.output(), { dataDir, port });
		void started.exited.then(() => {
			if (started.isEnding()) return;
			logger.error({ output: started.output() }, 'NATS ended by itself');
			options.onEnded?.();
		});
		return started;
	};
	const { port, launched } = await launchOnPort(options.port, 'NATS', launch);
	let server = launched;
	cleanup.defer(() => server.end(endSteps));
	const held = cleanup.move();
	return {
		url: `nats://127.0.0.1:${port}`,
		port,
		get pid() {
			return server.pid;
		},
		stop: () => server.end(endSteps),
		kill: () => server.end([{ signal: 'SIGKILL', graceMs: 5_000 }]),
		async restart() {
			await server.end(endSteps);
			server = await launch(port);
		},
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

/** We hold the folder, so a server that runs on it has lost its supervisor. Two on one folder would damage the streams. */
async function endOrphan(dataDir: string, configFile: string): Promise<boolean> {
	const pid = Number.parseInt(await readFile(pidFile(dataDir), 'utf8').catch(() => ''), 10);
	if (Number.isNaN(pid)) return false;
	const isOurs = (await commandLine(pid))?.endsWith(`-c ${configFile}`) === true;
	if (isOurs) await endProcess(pid, endSteps);
	return isOurs;
}

/** It holds the passwords of the users. */
async function writeConfig(file: string, content: string, dataDir: string): Promise<void> {
	try {
		await writeFile(file, content, { mode: 0o600 });
	} catch (error) {
		throw folderFault(error, dataDir) ?? error;
	}
}

function explainOutput(output: string, { dataDir, port }: { dataDir: string; port: number }): StartError {
	const cause = new Error(output);
	if (/address already in use/.test(output)) return new BusyPortError(port, 'NATS', cause);
	if (/no space left on device|disk quota exceeded/i.test(output))
		return new StartError(`NATS cannot write to ${dataDir}: the disk is full.`, { cause });
	if (/permission denied|read-only file system|storage directory/i.test(output))
		return new StartError(`NATS cannot read and write ${dataDir}: its permissions do not allow it.`, {
			cause,
		});
	return new StartError(
		`NATS did not start on ${dataDir}: the log says why; run again with LOG_LEVEL=debug to see all of it.`,
		{ cause },
	);
}
