import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './support/clients.ts';
import { link, opened } from './support/link.ts';
import { createWorld, type World } from './support/world.ts';

const A = '15550000111';
const V = '15550000112';
const MESSAGES = 20;
const FAULTS = 12;
const SETTINGS = { defaultQueryTimeoutMs: 1500, connectTimeoutMs: 3000 };

/**
 * Whatever goes wrong on the way, nothing is lost: what a client has not confirmed comes again. The faults are drawn by lot
 * from a seed, and the client comes back whenever it was cut off.
 */
describe('a network in which much goes wrong', () => {
	let world: World;
	beforeAll(async () => {
		world = await createWorld();
	});
	afterAll(() => world[Symbol.asyncDispose]());

	it('goes wrong in the same way for the same seed', () => {
		const { faults } = world.emulator;
		const plan = (seed: number) => faults.random({ seed, count: 40, device: V }).map(({ fault }) => fault);
		const first = plan(7);
		expect(plan(7)).toEqual(first);
		expect(plan(8)).not.toEqual(first);
		expect(new Set(first.map(({ kind }) => kind)).size).toBeGreaterThan(6);
		faults.clear();
	});

	it.each([2, 4, 7])('delivers every message all the same (seed %i)', async (seed) => {
		const { emulator, clients, folder } = world;
		const phone = `${A}${seed}`;
		const authPath = `${folder}/plan-${seed}.json`;
		const seen: Client[] = [];
		emulator.accounts.create({ phone: V });
		const first = await link(emulator, clients, phone, { authPath, settings: SETTINGS });
		seen.push(first.client);
		const group = emulator.groups.create({ by: V, subject: 'Storm', participants: [phone] });
		await emulator.phones.send(V, group.id, 'calm');
		await first.client.until(({ texts }) => texts('calm')[0], 'the first message');

		emulator.faults.random({ seed, count: FAULTS, device: phone });
		for (let index = 0; index < MESSAGES; index++) {
			await emulator.phones.send(V, group.id, `storm ${index}`);
			await seen
				.at(-1)
				?.call('groupInviteCode', group.id)
				.catch(() => undefined);
			await comeBack();
		}
		const worked = emulator.faults.list().filter(({ hits }) => hits > 0);
		expect(worked.length).toBeGreaterThan(0);
		emulator.faults.clear();
		await seen.at(-1)?.end();
		await comeBack();
		const missing = () =>
			Array.from({ length: MESSAGES }, (_, index) => `storm ${index}`).filter(
				(text) => !seen.some((client) => client.texts(text).length > 0),
			);
		await seen.at(-1)?.until(() => missing().length === 0, 'every message');
		expect(missing()).toEqual([]);
		await emulator.waitFor(() => emulator.devices.queue(first.linked.jid).length === 0);

		/** As a product would: a new connection with the same keys, again and again. */
		async function comeBack(): Promise<void> {
			while (seen.at(-1)?.connections().at(-1)?.connection === 'close') {
				const name = `${phone}@${seen.length}`;
				const client = await clients.open(name, { url: emulator.url, authPath, settings: SETTINGS });
				seen.push(client);
				const end = ({ connections }: Client) =>
					connections().find(({ connection }) => connection === 'open' || connection === 'close');
				if ((await client.until(end, 'a connection, or none')).connection === 'open')
					await opened(client).catch(() => undefined);
			}
		}
	});
});
