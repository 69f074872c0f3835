import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { connectBus, whenJetStreamAnswers } from '@chat-manager/bus';
import { type DatabaseService, serviceSchemas } from '@chat-manager/database';
import { freePort, startPostgres } from '@chat-manager/embedded';
import { expect, it } from 'vitest';
import { startNatsCluster } from '../support/nats-cluster.ts';
import { interpolate, makeEnv, readCompose } from './compose.ts';

const repository = join(import.meta.dirname, '../..');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const { services } = readCompose();
const env = makeEnv('chat.example.com');

/** What docker-compose.yml gives a service, with the places of this machine for its names of hosts. */
function environmentOf(
	service: string,
	places: { postgres: number; nats: string[] },
): Record<string, string> {
	const given = Object.entries(services[service]?.environment ?? {}).map(([name, text]) => [
		name,
		interpolate(text, env)
			.replace('@postgres:5432/', `@127.0.0.1:${places.postgres}/`)
			.replace(/nats:\/\/nats-(\d):4222/g, (_all, number: string) => places.nats[Number(number) - 1] ?? ''),
	]);
	return Object.fromEntries(given);
}

it('starts the whole system with what compose gives, one replica of each service and two connectors', async () => {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-compose-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const postgres = cleanup.use(
		await startPostgres({
			dataDir: join(folder, 'postgres'),
			password: env.POSTGRES_PASSWORD ?? '',
			logger: silent,
			durable: false,
		}),
	);
	const run = promisify(execFile);
	const nats = await startNatsCluster(cleanup, environmentOf('nats-1', { postgres: 0, nats: [] }));
	const places = { postgres: postgres.port, nats };
	await run(process.execPath, ['--eval', createDatabase], {
		cwd: repository,
		env: { URL: postgres.adminUrl },
	});
	const [setUp = ''] = services['set-up-database']?.command ?? [];
	await run(process.execPath, [setUp], { cwd: repository, env: environmentOf('set-up-database', places) });

	const apps = Object.keys(serviceSchemas) as DatabaseService[];
	const started = await Promise.all(
		[...apps, 'connector' as const].map(async (app) => {
			const health = await freePort();
			const local = { HEALTH_PORT: String(health), PORT: String(await freePort()), NODE_ENV: 'production' };
			const child = spawn(process.execPath, [`apps/${app}/src/main.ts`], {
				cwd: repository,
				env: { ...environmentOf(app, places), ...local },
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			const told = text(child.stdout);
			child.once('exit', (code) => {
				// Nobody starts it again here, so what it said at the end is the reason.
				if (code !== 0)
					void told.then((all) => process.stderr.write(`${app} ended with ${code}: ${all.slice(-2_000)}\n`));
			});
			cleanup.defer(() => end(child));
			return { app, url: `http://127.0.0.1:${health}/readyz` };
		}),
	);
	for (const { app, url } of started)
		await expect
			.poll(() => fetch(url).then(({ status }) => [app, status], String), { timeout: 90_000 })
			.toEqual([app, 200]);

	await using bus = await connectBus({
		url: nats.join(','),
		service: 'connector',
		log: silent,
		user: 'connector',
		password: env.NATS_PASSWORD_CONNECTOR,
	});
	const { streams } = await bus.jetStream.jetstreamManager();
	for (const stream of ['EVENTS', 'KV_CONNECTORS'])
		expect((await whenJetStreamAnswers(() => streams.info(stream))).config.num_replicas).toBe(3);
}, 180_000);

/** As POSTGRES_DB of the image does. */
const createDatabase = `
	const { Client } = require('pg');
	const client = new Client({ connectionString: process.env.URL });
	client.connect().then(() => client.query('create database chat_manager')).then(() => client.end());
`;

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = once(child, 'exit');
	child.kill('SIGTERM');
	await exited;
}
