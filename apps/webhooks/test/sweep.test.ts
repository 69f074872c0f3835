import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

const dayMs = 24 * 3_600_000;
let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('what is delivered goes when it is as old as was set, what still waits stays', async () => {
	const ledger = await world.ledger({ CM_DELIVERY_DAYS: '45' });
	await using receiver = await startReceiver();
	receiver.answer = ({ path, respond }) => respond(path === '/fails' ? 500 : 200);
	const person = world.person();
	const settled = () => ledger.db.selectFrom('attempts').select('status').orderBy('status').execute();
	const clock = createManualClock(Date.now());
	{
		await using _service = await ledger.start({ clock });
		await person.add({ url: `${receiver.url}/works`, events: ['message.received'] });
		await person.add({ url: `${receiver.url}/fails`, events: ['device.connected'] });
		await person.happens(person.message(), {
			id: crypto.randomUUID(),
			type: 'device.connected',
			at: new Date().toISOString(),
			userId: person.userId,
			data: { state: 'connected' },
		});
		await until(async () => expect(await settled()).toEqual([{ status: 200 }, { status: 500 }]));
	}
	const kept = () => ledger.db.selectFrom('events').select('type').orderBy('type').execute();
	// It sweeps as it starts, and ends when that is done.
	await (await ledger.start({ clock: createManualClock(clock.now() + 44 * dayMs) }))[Symbol.asyncDispose]();
	expect(await kept()).toEqual([{ type: 'device.connected' }, { type: 'message.received' }]);
	receiver.answer = () => {};
	await using _later = await ledger.start({ clock: createManualClock(clock.now() + 46 * dayMs) });
	await until(async () => expect(await kept()).toEqual([{ type: 'device.connected' }]));
	// It was tried again meanwhile.
	expect(await settled()).toEqual([{ status: 500 }, { status: 500 }]);
	await receiver[Symbol.asyncDispose]();
});
