import { createManualClock } from '@chat-manager/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdStatements } from './support/hold-statements.ts';
import { type Received, startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('nothing is posted of a lease that was under way while its endpoint said that it is overloaded', async () => {
	const ledger = await world.ledger();
	const clock = createManualClock(Date.now());
	await using _service = await ledger.start({ clock });
	await using receiver = await startReceiver();
	const unanswered: Received[] = [];
	receiver.answer = (request) => {
		if (request.path === '/busy') unanswered.push(request);
		else request.respond(200);
	};
	const person = world.person(() => clock.now());
	const { id } = await person.add({ url: `${receiver.url}/busy` });
	await person.happens(person.message());
	await until(() => expect(unanswered).toHaveLength(1));

	const leases = await holdStatements(
		ledger,
		'before update on deliveries for each row when (old.lease is null and new.lease is not null)',
	);
	await person.happens(person.message(), person.message());
	await until(async () => expect(await leases.waiting()).toMatchObject({ held: 1 }));
	unanswered[0]?.respond(503);
	await until(async () =>
		expect(await ledger.db.selectFrom('attempts').select('status').execute()).toEqual([{ status: 503 }]),
	);
	await leases.letGo();

	await person.add({ url: `${receiver.url}/witness` });
	const [last] = await person.happens(person.message());
	await until(() => expect(receiver.at('/witness')).toMatchObject([{ headers: { 'webhook-id': last } }]));
	// The witness's own lease came after it.
	expect(receiver.at('/busy')).toHaveLength(1);
	await until(async () => {
		const rows = await ledger.db
			.selectFrom('deliveries')
			.select(['state', 'lease'])
			.where('endpoint_id', '=', id)
			.execute();
		expect(rows).toEqual(Array(4).fill({ state: 'pending', lease: null }));
	});
});

it('a webhook is deleted while what came of its deliveries is being written down', async () => {
	const ledger = await world.ledger();
	await using _service = await ledger.start();
	await using receiver = await startReceiver();
	const person = world.person();
	const { id } = await person.add({ url: receiver.url });
	const attempts = await holdStatements(ledger, 'before insert on attempts for each row');
	await person.happens(person.message());
	await until(async () => expect(await attempts.waiting()).toEqual({ held: 1, blocked: 0 }));
	const deleting = person.delete(id);
	await until(async () => expect(await attempts.waiting()).toEqual({ held: 1, blocked: 1 }));
	await attempts.letGo();
	expect(await deleting).toEqual({ id, deleted: true });
	expect(await ledger.db.selectFrom('attempts').select('id').execute()).toEqual([]);
});
