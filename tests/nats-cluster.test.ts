import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	type Bus,
	connectBus,
	ensureEventStream,
	openBucket,
	updateEventStream,
	whenJetStreamAnswers,
} from '@chat-manager/bus';
import { programs } from '@chat-manager/contracts';
import { findServer, freePort } from '@chat-manager/embedded';
import { expect, it } from 'vitest';
import { z } from 'zod';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const configFile = join(import.meta.dirname, '../infra/nats/cluster.conf');

it("three servers with the operators' files keep what the connector stores three times, also what was there before", async () => {
	await using cleanup = new AsyncDisposableStack();
	const { urls, password } = await startCluster(cleanup);
	const connect = async (replicas: number) =>
		cleanup.use(
			await connectBus({
				url: urls.join(','),
				service: 'connector',
				log,
				replicas,
				user: 'connector',
				password,
			}),
		);
	const one = await connect(1);
	await whenJetStreamAnswers(() => ensureEventStream(one));
	await whenJetStreamAnswers(() => openBucket(one, 'CONNECTORS', z.string()));
	expect(await replicasOf(one)).toEqual({ EVENTS: 1, KV_CONNECTORS: 1 });
	const three = await connect(3);
	await whenJetStreamAnswers(() => updateEventStream(three));
	const bucket = await whenJetStreamAnswers(() => openBucket(three, 'CONNECTORS', z.string()));
	expect(await replicasOf(three)).toEqual({ EVENTS: 3, KV_CONNECTORS: 3 });
	await whenJetStreamAnswers(() => bucket.put('a', 'b'));
});

async function replicasOf(bus: Bus): Promise<Record<string, number>> {
	const { streams } = await bus.jetStream.jetstreamManager();
	const read = async (name: string) => [name, (await streams.info(name)).config.num_replicas] as const;
	return Object.fromEntries(await Promise.all(['EVENTS', 'KV_CONNECTORS'].map(read)));
}

/** As docker-compose.yml starts them, but for the ports: they share one machine here. */
async function startCluster(cleanup: AsyncDisposableStack) {
	const folder = await mkdtemp(join(tmpdir(), 'cm-cluster-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const command = await findServer({ logger: log });
	// As a password of ours may look like; without its first letter nats-server would not even start.
	const password = `n3e5${randomBytes(30).toString('hex')}`;
	const passwords = [...programs, 'cluster'].map((user) => [`NATS_PASSWORD_${user.toUpperCase()}`, password]);
	const routePorts = [await freePort(), await freePort(), await freePort()];
	const routes = routePorts.map((port) => `nats://cluster:${password}@127.0.0.1:${port}`).join(',');
	const urls: string[] = [];
	const healths: string[] = [];
	for (const [index, routePort] of routePorts.entries()) {
		const [port, monitorPort] = [await freePort(), await freePort()];
		const listen = ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitorPort)];
		const name = `nats-${index + 1}`;
		const server = spawn(
			command,
			['-c', configFile, ...listen, '--cluster', `nats://127.0.0.1:${routePort}`, '--routes', routes],
			{
				env: {
					...Object.fromEntries(passwords),
					NATS_SERVER_NAME: name,
					NATS_STORE_DIR: join(folder, name),
				},
				stdio: 'ignore',
			},
		);
		const exited = once(server, 'exit');
		cleanup.defer(async () => {
			server.kill();
			await exited;
		});
		const healthz = `http://127.0.0.1:${monitorPort}/healthz`;
		urls.push(`nats://127.0.0.1:${port}`);
		healths.push(healthz);
	}
	for (const healthz of healths)
		await expect
			.poll(() =>
				fetch(healthz).then(
					({ ok }) => ok,
					() => false,
				),
			)
			.toBe(true);
	return { urls, password };
}
