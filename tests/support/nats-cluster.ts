import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, freePort } from '@chat-manager/embedded';
import { expect } from 'vitest';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const configFile = join(import.meta.dirname, '../../infra/nats/cluster.conf');

/**
 * Three servers with the operators' files, as docker-compose.yml starts them but for the ports: they share one machine here.
 * `passwords` is their environment. Resolves to their URLs when all are healthy.
 */
export async function startNatsCluster(
	cleanup: AsyncDisposableStack,
	passwords: Readonly<Record<string, string>>,
): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), 'cm-cluster-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const command = await findServer({ logger: log });
	const routePorts = [await freePort(), await freePort(), await freePort()];
	const routes = routePorts
		.map((port) => `nats://cluster:${passwords.NATS_PASSWORD_CLUSTER}@127.0.0.1:${port}`)
		.join(',');
	const servers: { url: string; healthz: string }[] = [];
	for (const [index, routePort] of routePorts.entries()) {
		const [port, monitorPort] = [await freePort(), await freePort()];
		const listen = ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitorPort)];
		const cluster = ['--cluster', `nats://127.0.0.1:${routePort}`, '--routes', routes];
		const name = `nats-${index + 1}`;
		const env = { ...passwords, NATS_SERVER_NAME: name, NATS_STORE_DIR: join(folder, name) };
		const server = spawn(command, ['-c', configFile, ...listen, ...cluster], { env, stdio: 'ignore' });
		const exited = once(server, 'exit');
		cleanup.defer(async () => {
			server.kill();
			await exited;
		});
		servers.push({ url: `nats://127.0.0.1:${port}`, healthz: `http://127.0.0.1:${monitorPort}/healthz` });
	}
	for (const { healthz } of servers)
		await expect.poll(() => fetch(healthz).then(({ status }) => status, String)).toBe(200);
	return servers.map(({ url }) => url);
}
