import { createManualClock } from '@chat-manager/service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attemptTimeoutMs } from '../src/delivery/attempt.ts';
import { pollMs } from '../src/delivery/dispatcher.ts';
import type { Person } from './support/person.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

const hour = 3_600_000;
const clock = createManualClock(Date.now());
let world: World;
let ledger: Ledger;
let service: AsyncDisposable;
let receiver: Receiver;
let person: Person;
beforeAll(async () => {
	world = await startWorld();
	ledger = await world.ledger();
	service = await ledger.start({ clock });
	receiver = await startReceiver();
});
afterAll(async () => {
	await receiver[Symbol.asyncDispose]();
	await service[Symbol.asyncDispose]();
	await world[Symbol.asyncDispose]();
});
beforeEach(() => {
	person = world.person(() => clock.now());
	receiver.received.length = 0;
});
afterEach(() => person.leaves());

/** Registers an endpoint, lets something happen, and waits until as many attempts are on record. */
async function deliver(answer: Receiver['answer']) {
	receiver.answer = answer;
	const { id } = await person.add({ url: `${receiver.url}/${person.userId}` });
	const [eventId] = await person.happens(
		person.message({ content: { text: 'Hi', media: null, mentions: [], replyTo: null } }),
	);
	await attemptsMade(1);
	return { id, eventId };
}

function attempts() {
	return ledger.db
		.selectFrom('attempts')
		.selectAll()
		.where('user_id', '=', person.userId)
		.orderBy('number')
		.execute();
}

async function attemptsMade(count: number) {
	return until(async () => {
		const made = await attempts();
		expect(made).toHaveLength(count);
		return made;
	});
}

function delivery() {
	return ledger.db
		.selectFrom('deliveries')
		.selectAll()
		.where('user_id', '=', person.userId)
		.executeTakeFirstOrThrow();
}

/** Moves time to the next attempt, and to the dispatcher's next look after it. */
async function toNextAttempt(): Promise<void> {
	const { due_at } = await delivery();
	clock.advance(due_at.getTime() - clock.now() + pollMs);
}

describe('a failed attempt', () => {
	it('is followed by another with the same id and the same bytes', async () => {
		const { eventId } = await deliver(({ respond }) => respond(receiver.received.length === 1 ? 500 : 200));
		await toNextAttempt();
		const [failed, accepted] = await attemptsMade(2);
		expect(failed).toMatchObject({ number: 1, status: 500, fault: 'http_error' });
		expect(accepted).toMatchObject({ number: 2, status: 200, fault: null });
		expect(await delivery()).toMatchObject({ state: 'delivered', attempts: 2, lease: null });
		const [first, second] = receiver.received;
		expect(first?.headers['webhook-id']).toBe(eventId);
		expect(second?.headers['webhook-id']).toBe(eventId);
		expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
		expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
	});

	it('is given up after twelve of them in about three days', async () => {
		await deliver(({ respond }) => respond(503));
		const begin = clock.now();
		for (let made = 1; made < 12; made++) {
			await toNextAttempt();
			await attemptsMade(made + 1);
		}
		expect((await delivery()).state).toBe('given_up');
		const days = (clock.now() - begin) / (24 * hour);
		expect(days).toBeGreaterThan(2.5);
		expect(days).toBeLessThan(3.5);
		expect((await person.list())[0]?.lastDeliveryAt).toBeNull();
	});

	it.each([
		['seconds', () => '7200'],
		['a date', () => new Date(clock.now() + 2 * hour).toUTCString()],
	])('waits as long as Retry-After asks in %s', async (_form, value) => {
		await deliver(({ respond }) => respond(429, { 'retry-after': value() }));
		const { due_at, state } = await delivery();
		expect(state).toBe('pending');
		// A date is told in whole seconds.
		expect(due_at.getTime() - clock.now()).toBeGreaterThan(2 * hour - 1_000);
		expect(due_at.getTime() - clock.now()).toBeLessThanOrEqual(2 * hour);
		receiver.answer = ({ respond }) => respond(200);
		await toNextAttempt();
		await attemptsMade(2);
		expect((await delivery()).state).toBe('delivered');
	});
});

describe('an answer', () => {
	it('of 410 disables the endpoint at once, and what waits for it is cancelled', async () => {
		receiver.answer = ({ respond }) => respond(410);
		const { id } = await person.add({ url: `${receiver.url}/gone` });
		await person.happens(...Array.from({ length: 40 }, () => person.message()));
		await until(async () => expect(await states()).toEqual(Array(40).fill({ state: 'cancelled' })));
		// Four at a time is where an endpoint begins.
		expect(receiver.at('/gone').length).toBeLessThanOrEqual(4);
		const endpoint = await ledger.db
			.selectFrom('endpoints')
			.selectAll()
			.where('id', '=', id)
			.executeTakeFirstOrThrow();
		expect(endpoint).toMatchObject({ disabled_reason: 'gone', disabled_at: expect.any(Date) });

		const posted = receiver.at('/gone').length;
		await person.add({ url: `${receiver.url}/other` });
		await person.happens(person.message());
		await until(() => expect(receiver.at('/other')).toHaveLength(1));
		expect(receiver.at('/gone')).toHaveLength(posted);

		function states() {
			return ledger.db.selectFrom('deliveries').select('state').where('endpoint_id', '=', id).execute();
		}
	});

	it('of a few kilobytes leaves the connection open for the next one', async () => {
		const ports = new Set<number | undefined>();
		const answer: Receiver['answer'] = ({ respond }, response) => {
			ports.add(response.socket?.remotePort);
			respond(receiver.received.length === 1 ? 500 : 200, {}, 'x'.repeat(5_000));
		};
		await deliver(answer);
		await toNextAttempt();
		const made = await attemptsMade(2);
		expect(made.map((one) => one.answer?.length)).toEqual([1_024 + 29, 1_024 + 29]);
		expect(ports.size).toBe(1);
	});

	it('that redirects is a failure, and nothing is posted to where it points', async () => {
		await deliver(({ respond }) => respond(307, { location: `${receiver.url}/elsewhere` }));
		expect(await attempts()).toMatchObject([{ status: 307, fault: 'redirected' }]);
		expect(receiver.at('/elsewhere')).toEqual([]);
	});

	it('that is huge is read to its first kilobyte', async () => {
		let written = 0;
		let cut = false;
		await deliver((_request, response) => {
			const chunk = Buffer.alloc(65_536, 'x');
			const more = () => {
				while (!cut && written < 512 * chunk.length) {
					written += chunk.length;
					if (!response.write(chunk)) return;
				}
			};
			response.writeHead(200).on('drain', more);
			response.on('close', () => {
				cut = true;
			});
			more();
		});
		await until(() => expect(cut).toBe(true));
		expect(written).toBeLessThan(512 * 65_536);
		const [attempt] = await attempts();
		expect(attempt?.fault).toBeNull();
		// Sealed: 29 bytes longer than what it holds.
		expect(attempt?.answer?.length).toBe(1_024 + 29);
	});

	it('that breaks off or never ends after its status counts by its status', async () => {
		await deliver((_request, response) => {
			response.writeHead(200, { 'content-length': '100' }).write('half');
			response.socket?.end();
		});
		expect(await attempts()).toMatchObject([{ status: 200, fault: null }]);
	});

	it('that does not come in time is a failure', async () => {
		let asked = false;
		receiver.answer = () => {
			asked = true;
		};
		await person.add({ url: receiver.url });
		await person.happens(person.message());
		await until(() => expect(asked).toBe(true));
		clock.advance(attemptTimeoutMs);
		expect(await attemptsMade(1)).toMatchObject([
			{ status: null, fault: 'timed_out', latency_ms: attemptTimeoutMs, answer: null },
		]);
	});

	it('that is no HTTP is a failure', async () => {
		await deliver((_request, response) => {
			response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n');
		});
		expect(await attempts()).toMatchObject([{ status: null, fault: 'bad_answer' }]);
	});

	it('that no connection can bring is a failure', async () => {
		await person.add({ url: 'http://127.0.0.1:1/' });
		await person.happens(person.message());
		expect(await attemptsMade(1)).toMatchObject([{ status: null, fault: 'connection_refused' }]);
	});
});
