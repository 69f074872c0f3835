import { afterAll, beforeAll, expect, it } from 'vitest';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const firstAttempt = (ledger: Ledger) =>
	until(() => ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow());

it('a name that comes to mean an address of ours is refused when it is used', async () => {
	const ledger = await world.ledger({ CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'false' });
	await using receiver = await startReceiver();
	const answers = [['93.184.215.14'], ['127.0.0.1']];
	await using _service = await ledger.start({ resolve: async () => answers.shift() ?? ['127.0.0.1'] });
	const person = world.person();
	await person.add({ url: `https://rebinding.example.com:${receiver.port}/` });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: null, fault: 'address_refused' });
	expect(receiver.received).toEqual([]);
});

it('a connection goes to the address that was looked at, whatever the next answer would be', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	// The first answer is for the registration, the second for the connection.
	const answers = [['127.0.0.1'], ['127.0.0.1']];
	await using _service = await ledger.start({ resolve: async () => answers.shift() ?? ['10.0.0.1'] });
	const person = world.person();
	await person.add({ url: `http://hooks.example.com:${receiver.port}/` });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: 200, fault: null });
	expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`);
	expect(answers).toEqual([]);
});

it('one forbidden address among several is enough', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	const answers = [['127.0.0.1'], ['127.0.0.1', '192.168.0.1']];
	await using _service = await ledger.start({ resolve: async () => answers.shift() ?? [] });
	const person = world.person();
	await person.add({ url: `http://hooks.example.com:${receiver.port}/` });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: null, fault: 'address_refused' });
	expect(receiver.received).toEqual([]);
});

it('an address that was allowed once is refused after the setting is taken back', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	const person = world.person();
	{
		await using _allowing = await ledger.start();
		await person.add({ url: `https://127.0.0.1:${receiver.port}/` });
		await person.add({ url: receiver.url });
	}
	ledger.env.CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK = 'false';
	await using _strict = await ledger.start();
	await person.happens(person.message());
	const attempts = await until(async () => {
		const made = await ledger.db.selectFrom('attempts').select('fault').execute();
		expect(made).toHaveLength(2);
		return made;
	});
	expect(attempts).toEqual([{ fault: 'address_refused' }, { fault: 'address_refused' }]);
	expect(receiver.received).toEqual([]);
});

it('a name without addresses is a failure that is told as such', async () => {
	const ledger = await world.ledger();
	const resolve = async () => {
		throw new Error('queryA ENOTFOUND');
	};
	await using _service = await ledger.start({ resolve });
	const person = world.person();
	await person.add({ url: 'https://nowhere.example.com/' });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: null, fault: 'name_not_found' });
});

it('an endpoint that does not speak TLS is a failure that is told as such', async () => {
	const ledger = await world.ledger();
	await using receiver = await startReceiver();
	await using _service = await ledger.start();
	const person = world.person();
	await person.add({ url: `https://localhost:${receiver.port}/` });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: null, fault: 'tls_failed' });
	expect(receiver.received).toEqual([]);
});
