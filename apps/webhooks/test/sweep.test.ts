import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepMs } from '../src/sweep.ts';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('what is delivered goes after a week, what still waits stays', async () => {
	const ledger = await world.ledger();
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
	receiver.answer = () => {};
	await using _later = await ledger.start({ clock: createManualClock(clock.now() + keepMs + 1) });
	await until(async () => {
		const kept = await ledger.db.selectFrom('events').select('type').execute();
		expect(kept).toEqual([{ type: 'device.connected' }]);
	});
	expect(await settled()).toEqual([{ status: 500 }]);
	await receiver[Symbol.asyncDispose]();
});
