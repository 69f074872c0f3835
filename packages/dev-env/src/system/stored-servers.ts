import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrapDatabase, type DatabaseService, roleOf, serviceSchemas } from '@chat-manager/database';
import { type Log, StartError, superuser } from '@chat-manager/embedded';
import { z } from 'zod';
import { readSecrets, type Secrets } from './secrets.ts';
import { busUser, startServers } from './servers.ts';

/** The embedded servers of a data directory, for a command that looks into it, and its secrets. */
export type StoredServers = AsyncDisposable & {
	readonly secrets: Secrets;
	readonly adminUrl: string;
	readonly nats: { url: string; user: string; password: string };
};

/** Those that run now, or ones that are started for as long as the command needs them. Throws where nothing is kept. */
export async function useStoredServers(options: { dataDir: string; log: Log }): Promise<StoredServers> {
	const { dataDir } = options;
	const secrets = await readSecrets(dataDir);
	const postgresPort = await runningPort(join(dataDir, 'postgres/postmaster.pid'), 3);
	if (postgresPort === undefined) return startStoredServers(options);
	const { port } = NatsConfig.parse(JSON.parse(await readFile(join(dataDir, 'nats/nats.conf'), 'utf8')));
	const password = encodeURIComponent(secrets.postgres);
	return {
		secrets,
		adminUrl: `postgres://${superuser}:${password}@127.0.0.1:${postgresPort}/postgres?sslmode=disable`,
		nats: { url: `nats://127.0.0.1:${port}`, user: busUser, password: secrets.nats },
		async [Symbol.asyncDispose]() {},
	};
}

/** Started for this command, with the roles and schemas of the services in them. Throws while they are in use by another. */
export async function startStoredServers(options: { dataDir: string; log: Log }): Promise<StoredServers> {
	const { dataDir, log } = options;
	const secrets = await readSecrets(dataDir);
	await using cleanup = new AsyncDisposableStack();
	const { adminUrl, natsUrl } = await startServers(
		{ dataDir, secrets, log, durable: true, databaseUrl: undefined, natsUrl: undefined, natsServers: 1 },
		cleanup,
	);
	await bootstrapDatabase({ adminUrl, services: roles(secrets) });
	const held = cleanup.move();
	return {
		secrets,
		adminUrl,
		nats: { url: natsUrl, user: busUser, password: secrets.nats },
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

function roles({ services }: Secrets) {
	return Object.entries(serviceSchemas).map(([service, schema]) => {
		const password = services[service]?.database;
		if (password === undefined)
			throw new StartError(`The file secrets.json knows no password of ${service}.`);
		return { schema, role: roleOf(service as DatabaseService), password };
	});
}

/** By the file that a server keeps beside its data while it runs; undefined when that is left over. */
async function runningPort(pidFile: string, line: number): Promise<number | undefined> {
	const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
	const [pid, port] = [Number.parseInt(lines[0] ?? '', 10), Number.parseInt(lines[line] ?? '', 10)];
	return Number.isNaN(pid) || Number.isNaN(port) || !isAlive(pid) ? undefined : port;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as { code?: unknown }).code === 'EPERM'; // Of another user.
	}
}

const NatsConfig = z.object({ port: z.number() });
