import { createGrantKeys } from '@chat-manager/bus';
import { createLogger, createManualClock } from '@chat-manager/service';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../src/app.ts';
import { config } from '../src/config.ts';

const Answer = z.object({ checks: z.record(z.string(), z.string()) });

/** Needs neither Postgres nor NATS: what is looked at is how it goes. */
it('answers for a while after it was asked to stop, and says that it goes', async () => {
	const clock = createManualClock();
	const stopping = new AbortController();
	const values = config.load({
		PORT: '0',
		DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
		NATS_URL: 'nats://127.0.0.1:1',
		CM_GRANT_PRIVATE_KEY: createGrantKeys().privateKey,
		CM_AUTH_SECRET: 'a-secret-that-signs-the-cookies-of-this-test',
		CM_LEAVE_SECONDS: '5',
	});
	const logger = createLogger({ name: 'test', level: 'silent' });
	const app = await createApp(values, { logger, signal: stopping.signal }, { clock });
	const url = `http://localhost:${app.port}`;
	const checks = async () => Answer.parse(await (await fetch(`${url}/readyz`)).json()).checks;
	expect(await checks()).not.toHaveProperty('service');
	stopping.abort();
	let isGone = false;
	const gone = app[Symbol.asyncDispose]().then(() => {
		isGone = true;
	});
	clock.advance(4_999);
	expect(await checks()).toMatchObject({ service: 'stopping' });
	expect((await fetch(`${url}/readyz`)).status).toBe(503);
	expect((await fetch(`${url}/mcp`, { method: 'POST' })).status).toBe(401);
	expect(isGone).toBe(false);
	clock.advance(1);
	await gone;
	expect(isGone).toBe(true);
	await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});
