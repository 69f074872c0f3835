import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/database/tables.ts';
import { pollMs } from '../src/delivery/dispatcher.ts';
import { type Received, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('a slow or silent endpoint', () => {
	it('delays no other, and has few requests open', async () => {
		const clock = createManualClock(Date.now());
		const ledger = await world.ledger();
		await using _service = await ledger.start({ clock });
		await using receiver = await startReceiver();
		const person = world.person();
		const silent = await person.add({ url: `${receiver.url}/silent` });
		const slow = await person.add({ url: `${receiver.url}/slow` });
		await person.add({ url: `${receiver.url}/fast` });
		const unanswered: Received[] = [];
		receiver.answer = (request) => {
			if (request.path === '/fast') request.respond(200);
			else if (request.path === '/silent' || receiver.at('/slow').length > 4) unanswered.push(request);
			else request.respond(200);
		};
		const ids = await person.happens(...Array.from({ length: 150 }, () => person.message()));
		await until(() => expect(receiver.at('/fast')).toHaveLength(ids.length));
		expect(new Set(receiver.at('/fast').map((one) => one.headers['webhook-id']))).toEqual(new Set(ids));
		// A new endpoint has four at a time; one that failed has a single one until it accepts again.
		expect(receiver.at('/silent').length).toBeLessThanOrEqual(4);
		for (const { respond } of unanswered.splice(0)) respond(500);
		await until(() => expect(unanswered.length).toBeGreaterThanOrEqual(2));
		await person.happens(person.message());
		await until(() => expect(receiver.at('/fast')).toHaveLength(ids.length + 1));
		receiver.answer = ({ respond }) => respond(200);
		for (const { respond } of unanswered) respond(200);
		await until(async () => {
			clock.advance(pollMs);
			expect(await openDeliveries(ledger.db, [silent.id, slow.id])).toEqual([]);
		});
	});
});

describe('two dispatchers', () => {
	it('share the work, and nothing is posted twice', async () => {
		const clock = createManualClock(Date.now());
		const ledger = await world.ledger();
		await using _one = await ledger.start({ clock });
		await using _two = await ledger.start({ clock });
		await using receiver = await startReceiver();
		const person = world.person();
		const endpoints = await Promise.all(
			['/a', '/b', '/c'].map((path) => person.add({ url: receiver.url + path })),
		);
		const held: Received[] = [];
		receiver.answer = (request) => void held.push(request);
		const ids = await person.happens(...Array.from({ length: 200 }, () => person.message()));
		await until(async () => {
			expect(
				(
					await openDeliveries(
						ledger.db,
						endpoints.map(({ id }) => id),
					)
				).length,
			).toBe(600);
		});
		clock.advance(pollMs);
		// One alone has four requests open at a new endpoint.
		await until(() => expect(receiver.at('/a').length).toBe(8));
		receiver.answer = ({ respond }) => respond(200);
		for (const { respond } of held) respond(200);
		await until(async () => {
			expect(
				await openDeliveries(
					ledger.db,
					endpoints.map(({ id }) => id),
				),
			).toEqual([]);
		});
		for (const path of ['/a', '/b', '/c']) {
			const posted = receiver.at(path).map((one) => String(one.headers['webhook-id']));
			expect(posted.sort()).toEqual([...ids].sort());
		}
	});
});

function openDeliveries(db: Db, endpointIds: string[]) {
	return db
		.selectFrom('deliveries')
		.select('id')
		.where('state', '=', 'pending')
		.where('endpoint_id', 'in', endpointIds)
		.execute();
}
