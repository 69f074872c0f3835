import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createManualClock } from '@chat-manager/service';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { leaseMs, pollMs } from '../src/delivery/dispatcher.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

let world: World;
const processes: ChildProcess[] = [];
beforeAll(async () => {
	world = await startWorld();
});
afterEach(() => {
	for (const child of processes) child.kill('SIGKILL');
});
afterAll(() => world[Symbol.asyncDispose]());

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** An endpoint with ten deliveries: a process that was killed holds some of them. */
async function leaveLeases(ledger: Ledger, receiver: Receiver) {
	receiver.answer = () => {};
	const doomed = await startProcess(ledger.env);
	const person = world.person();
	const { id, secret } = await person.add({ url: receiver.url });
	const ids = await person.happens(...Array.from({ length: 10 }, () => person.message()));
	await until(() => expect(receiver.received.length).toBe(4));
	await until(async () => expect(await pendingIn(ledger)).toHaveLength(10));
	doomed.kill('SIGKILL');
	await once(doomed, 'exit');
	return { person, id, secret, ids };
}

function pendingIn({ db }: Ledger) {
	return db.selectFrom('deliveries').select(['id', 'lease']).where('state', '=', 'pending').execute();
}

it('what a killed dispatcher held is taken over when its leases run out', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	const { secret, ids } = await leaveLeases(ledger, receiver);
	const pending = () => pendingIn(ledger);
	const before = new Map(receiver.received.map((one) => [one.headers['webhook-id'], one.body]));

	const leased = (await pending()).filter(({ lease }) => lease !== null);
	expect(leased.length).toBeGreaterThanOrEqual(4);

	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(200);
	const clock = createManualClock(Date.now());
	await using _heir = await ledger.start({ clock });
	// What was not leased is delivered at once; what was, not before its lease has run out.
	await until(async () => expect(await pending()).toHaveLength(leased.length));
	clock.advance(leaseMs + pollMs);
	await until(async () => expect(await pending()).toEqual([]));
	expect(receiver.received.map((one) => String(one.headers['webhook-id'])).sort()).toEqual([...ids].sort());
	for (const { headers, body } of receiver.received) {
		expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
			id: headers['webhook-id'],
		});
		const first = before.get(headers['webhook-id']);
		if (first !== undefined) expect(body.equals(first)).toBe(true);
	}
});

it('what a killed dispatcher held is replayed with all else when the endpoint was disabled meanwhile', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	const { person, id, ids } = await leaveLeases(ledger, receiver);
	const since = new Date(Date.now() - 3_600_000).toISOString();
	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(410);
	const clock = createManualClock(Date.now());
	await using _heir = await ledger.start({ clock });
	await until(async () => expect(await pendingIn(ledger)).toEqual([]));
	clock.advance(leaseMs);
	receiver.received.length = 0;
	receiver.answer = ({ respond }) => respond(200);
	await person.client.webhooks.resume({ id }, person.caller({ deadline: clock.now() + 20_000 }));
	const replayed = await person.client.deliveries.replay(
		{ webhookId: id, since },
		person.caller({ deadline: clock.now() + 20_000 }),
	);
	expect(replayed).toEqual({ webhookId: id, count: 10 });
	await until(() =>
		expect(receiver.received.map(({ headers }) => String(headers['webhook-id'])).sort()).toEqual(
			[...ids].sort(),
		),
	);
});

it('the process ends in order when it is asked to', async () => {
	const ledger = await world.ledger();
	const service = await startProcess(ledger.env);
	service.kill('SIGTERM');
	const [code] = await once(service, 'exit');
	expect(code).toBe(0);
});

/** main.ts in a process of its own; resolves when it is ready. */
async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
	const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	processes.push(child);
	const [message] = await Promise.race([
		once(child, 'message'),
		once(child, 'exit').then(([code]) => {
			throw new Error(`The process ended with ${code}.`);
		}),
	]);
	expect(message).toEqual({ type: 'ready' });
	return child;
}
