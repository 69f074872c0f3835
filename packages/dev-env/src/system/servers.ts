import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
	type EmbeddedNats,
	type EmbeddedPostgres,
	type Log,
	type NatsServer,
	programUsers,
	startNats,
	startNatsCluster,
	startPostgres,
} from '@chat-manager/embedded';
import { natsPassword, type Secrets } from './secrets.ts';

/** The servers that the services speak to; an embedded one is there to be killed and restarted by tests. */
export type Servers = {
	postgres: EmbeddedPostgres | undefined;
	nats: EmbeddedNats | undefined;
	/** Where NATS is a cluster, its servers; none otherwise. */
	natsCluster: readonly NatsServer[];
	/** May make roles and schemas. */
	adminUrl: string;
	natsUrl: string;
	natsUser: string | undefined;
	natsPassword: string | undefined;
	/** With which a program of ours connects. */
	natsLogin: (program: string) => { user: string | undefined; password: string | undefined };
};

export type ServerOptions = {
	dataDir: string;
	secrets: Secrets;
	log: Log;
	durable: boolean;
	databaseUrl: string | undefined;
	natsUrl: string | undefined;
	/** How many NATS servers run; several are a cluster. */
	natsServers: number;
};

/** May do everything: for whoever looks after the bus, and for tests. No program of ours uses it. */
export const busUser = 'chat-manager';

/** Starts the embedded servers, or takes the external ones; what was started goes with `cleanup`. */
export async function startServers(options: ServerOptions, cleanup: AsyncDisposableStack): Promise<Servers> {
	const { dataDir, secrets, log: logger, durable, natsServers } = options;
	let postgres: EmbeddedPostgres | undefined;
	let nats: EmbeddedNats | undefined;
	let natsCluster: readonly NatsServer[] = [];
	const starts = [
		async () => {
			if (options.natsUrl !== undefined) return;
			const users = await programUsers((program) => natsPassword(secrets, program));
			const auth = { users: [{ user: busUser, password: secrets.nats }, ...users] };
			const folder = join(dataDir, 'nats');
			if (natsServers > 1) {
				const back = (server: NatsServer) => void bringBack(server.name, server, logger);
				const cluster = { dataDir: folder, size: natsServers, auth, logger, onEnded: back };
				natsCluster = cleanup.use(await startNatsCluster(cluster)).servers;
				return;
			}
			const onEnded = () => void bringBack('NATS', nats, logger);
			nats = cleanup.use(await startNats({ dataDir: folder, auth, logger, onEnded }));
		},
		async () => {
			if (options.databaseUrl !== undefined) return;
			const onEnded = () => void bringBack('Postgres', postgres, logger);
			const password = secrets.postgres;
			const folder = join(dataDir, 'postgres');
			postgres = cleanup.use(await startPostgres({ dataDir: folder, password, logger, durable, onEnded }));
		},
	];
	// All of them, before one's failure is told: what the other started must be cleaned up too.
	for (const start of await Promise.allSettled(starts.map((run) => run()))) {
		if (start.status === 'rejected') throw start.reason;
	}
	const adminUrl = options.databaseUrl ?? postgres?.adminUrl ?? '';
	if (options.natsUrl !== undefined) {
		const external = splitCredentials(options.natsUrl);
		const login = { user: external.natsUser, password: external.natsPassword };
		return { postgres, nats, natsCluster, adminUrl, ...external, natsLogin: () => login };
	}
	return {
		postgres,
		nats,
		natsCluster,
		adminUrl,
		natsUrl: nats?.url ?? natsCluster.map(({ url }) => url).join(','),
		natsUser: busUser,
		natsPassword: secrets.nats,
		natsLogin: (program) => ({ user: program, password: natsPassword(secrets, program) }),
	};
}

/** A URL may carry the credentials; the services want them apart, so that they never stand in a log. */
function splitCredentials(natsUrl: string): Pick<Servers, 'natsUrl' | 'natsUser' | 'natsPassword'> {
	const urls = natsUrl.split(',').map((part) => new URL(part.includes('://') ? part : `nats://${part}`));
	const { username = '', password = '' } = urls[0] ?? {};
	return {
		natsUrl: urls.map(({ host }) => `nats://${host}`).join(','),
		natsUser: username === '' ? undefined : decodeURIComponent(username),
		natsPassword: password === '' ? undefined : decodeURIComponent(password),
	};
}

/** A server that died is started again until it is there; the services find it by themselves. */
async function bringBack(
	name: string,
	server: { restart(): Promise<void> } | undefined,
	log: Log,
): Promise<void> {
	for (let delayMs = 100; ; delayMs = Math.min(5_000, delayMs * 2)) {
		try {
			await server?.restart();
			return log.warn({ name }, 'a server that had ended runs again');
		} catch (err) {
			log.error({ err, name }, 'a server could not be started again; trying on');
			await delay(delayMs);
		}
	}
}
