import { freePort } from '@chat-manager/embedded';
import { createLogger, systemClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../src/app.ts';
import { type Servers, startServers } from './support/servers.ts';

let servers: Servers;
beforeAll(async () => {
	servers = await startServers();
});
afterAll(() => servers?.[Symbol.asyncDispose]());

function collectingLogger() {
	const lines: string[] = [];
	const output = { write: (line: string) => void lines.push(line) };
	return { logger: createLogger({ name: 'storage', output }), lines };
}

it('waits for NATS and for Postgres, with one line each, and is there when they are', async () => {
	await Promise.all([servers.nats.stop(), servers.postgres.stop()]);
	const { logger, lines } = collectingLogger();
	const waiting = (what: string) => lines.filter((line) => line.includes(`waiting for ${what}`));
	const port = await freePort();
	const starting = createApp(
		{ ...servers.values, HEALTH_PORT: port },
		{
			logger,
			signal: new AbortController().signal,
			clock: systemClock,
		},
	);
	await expect.poll(() => waiting('NATS')).toHaveLength(1);
	const health = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(({ status }) => status);
	expect(await health('/healthz')).toBe(200);
	expect(await health('/readyz')).toBe(503);
	await servers.nats.restart();
	await expect.poll(() => waiting('the database')).toHaveLength(1);
	await servers.postgres.restart();
	await using app = await starting;
	void app;
	await expect.poll(() => health('/readyz')).toBe(200);
	expect(waiting('NATS')).toHaveLength(1);
});

it('stops waiting when it is asked to stop', async () => {
	await servers.postgres.stop();
	onTestFinished(() => servers.postgres.restart());
	const stop = new AbortController();
	const { logger, lines } = collectingLogger();
	const starting = createApp(servers.values, { logger, signal: stop.signal });
	starting.catch(() => {});
	await expect.poll(() => lines.join()).toContain('waiting for the database');
	stop.abort(new Error('Stop.'));
	await expect(starting).rejects.toThrow('Stop.');
});

it('starts again on the tables that are there', async () => {
	const { logger } = collectingLogger();
	const signal = new AbortController().signal;
	for (let start = 0; start < 2; start++) {
		await using app = await createApp(servers.values, { logger, signal });
		void app;
	}
});
