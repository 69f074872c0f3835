import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '@chat-manager/embedded';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ana, groupJid, message, moment, starred } from './support/events.ts';
import { type System, startSystem } from './support/system.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
const processes: ChildProcess[] = [];
const masterKey = `k1:${randomBytes(32).toString('base64')}`;
let system: System;
beforeAll(async () => {
	system = await startSystem({ durable: true });
	await system.stopApp();
});
afterAll(async () => {
	for (const child of processes) child.kill('SIGKILL');
	await system?.[Symbol.asyncDispose]();
});

function start(change: Record<string, string> = {}) {
	const { DATABASE_URL, NATS_URL, NATS_USER, NATS_PASSWORD, CM_GRANT_PUBLIC_KEY } = system.values;
	const env = {
		DATABASE_URL,
		NATS_URL,
		NATS_USER,
		NATS_PASSWORD,
		CM_GRANT_PUBLIC_KEY,
		CM_MASTER_KEYS: masterKey,
		...change,
	};
	const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	processes.push(child);
	const output: string[] = [];
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)));
	// Not `exit`: what it wrote last may come after that.
	return { child, output: () => output.join(''), exit: once(child, 'close') };
}

async function ready(): Promise<ReturnType<typeof start>> {
	const process = start();
	await expect.poll(process.output).toContain('"ready"');
	return process;
}

it('names every setting that is missing or wrong, and shows no secret', async () => {
	const { output, exit } = start({ NATS_URL: '', CM_MASTER_KEYS: 'k1:not-a-key', DATABASE_URL: '' });
	expect(await exit).toEqual([1, null]);
	const faults = ['DATABASE_URL: is required', 'NATS_URL: is required', 'CM_MASTER_KEYS: must be'];
	for (const fault of faults) expect(output()).toContain(fault);
	expect(output()).not.toContain('not-a-key');
});

it('answers, tells of its health, and stops in order when it is asked to', async () => {
	const port = await freePort();
	const process = start({ HEALTH_PORT: String(port) });
	await expect.poll(process.output).toContain('"ready"');
	const caller = system.as(randomUUID());
	expect(await system.client.groups.listStarred({}, caller)).toEqual({ groups: [], nextCursor: null });
	const health = await fetch(`http://127.0.0.1:${port}/readyz`);
	expect(await health.json()).toEqual({ status: 'ok', checks: { postgres: 'ok', nats: 'ok' } });
	process.child.kill('SIGTERM');
	expect(await process.exit).toEqual([0, null]);
	expect(process.output()).not.toContain(masterKey);
	await expect(system.client.groups.listStarred({}, caller)).rejects.toMatchObject({ code: 'unavailable' });
});

it('killed in the middle of its work loses nothing and counts nothing twice', {
	timeout: 120_000,
}, async () => {
	const userId = randomUUID();
	const events = Array.from({ length: 3_000 }, (_, index) =>
		message(system.connectors, { userId, at: moment(index) }, `m${index}`),
	);
	let { child, exit } = await ready();
	await system.publish(starred({ userId, at: moment(0) }));
	for (let kill = 0; kill < 3; kill++) {
		await system.publish(...events.slice(kill * 1_000, (kill + 1) * 1_000));
		await expect.poll(() => count(userId), { interval: 5 }).toBeGreaterThan(kill * 200);
		child.kill('SIGKILL');
		await exit;
		({ child, exit } = await ready());
		await system.giveBackSoon();
	}
	await system.settled();
	expect(await count(userId)).toBe(3_000);
	const { members } = await system.client.members.activity({ userId, jid: groupJid });
	expect(members.find(({ jid }) => jid === ana.jid)).toMatchObject({ messageCount: 3_000 });
});

async function count(userId: string): Promise<number> {
	const rows = await system.db
		.selectFrom('messages')
		.select((select) => select.fn.countAll<number>().as('count'))
		.where('user_id', '=', userId)
		.where('content', 'is not', null)
		.execute();
	return rows[0]?.count ?? 0;
}
