import { readFile } from 'node:fs/promises';
import type { ServiceProcess } from '@chat-manager/dev-env';
import { createRandom, isFull } from '@chat-manager/test-run';
import { expect, it, vi } from 'vitest';
import { startBalancer } from './support/balancer.ts';
import { startLoad, unlimited } from './support/load.ts';
import { startNetwork } from './support/network.ts';
import { signUp, waiting } from './support/person.ts';
import { previousVersion } from './support/previous-version.ts';

/**
 * The last tagged version runs. One service after the other gets a process of this version beside it, which brings the
 * schema up to date under the old one; then the old ones go, one after the other. So each new one was beside nothing but old
 * ones or a mixture, and each old one beside a mixture; who comes first and who goes last is drawn by the seed. The long form
 * lets every service be the first to be new alone, and the last to be old alone.
 */
const services = ['gateway', 'connector', 'storage', 'webhooks'] as const;
type Service = (typeof services)[number];
const random = createRandom();
const orders = isFull ? services.map((_, turn) => rotated(services, turn)) : [shuffled(services)];
const own = '15550000001';

it.each(orders)(
	'updates %s, %s, %s, %s from the last version under load',
	async (...order) => {
		const previous = await previousVersion();
		await using balancer = await startBalancer();
		const settings = {
			...unlimited,
			gateway: { ...unlimited.gateway, CM_PUBLIC_URL: balancer.url },
		};
		await using system = await startNetwork({ services: ['emulator'], settings });
		const net = { ...system, url: balancer.url };
		const answering = { LOG_LEVEL: 'debug' };
		const old = new Map<Service, ServiceProcess>();
		const { natsUser: NATS_USER, natsPassword: NATS_PASSWORD } = system.servers;
		// Before there were users of the bus for each program, all had one.
		const login = previous.tag === 'v0.1.0' ? { NATS_USER, NATS_PASSWORD } : {};
		for (const service of ['storage', 'webhooks', 'connector', 'gateway'] as const) {
			const options = { sources: previous.folder, settings: { ...answering, ...login } };
			old.set(service, await system.add(service, options));
		}
		const current = new Map<Service, ServiceProcess>();
		const route = () => {
			const gateways = [old.get('gateway'), current.get('gateway')];
			balancer.targets = gateways.flatMap((gateway) => gateway?.url ?? []);
		};
		route();
		const person = await signUp(net, 'ana');
		await person.link(own);
		// v0.1.0 says of a device whose connection moves to look at the dashboard, then try again.
		const word = previous.tag === 'v0.1.0' ? /try again/i : /again in a (moment|few seconds)/;
		await using load = await startLoad(net, person, own, { word });
		await load.more(5);

		for (const service of order) {
			current.set(service, await system.add(service, { settings: answering }));
			route();
			await load.more(10);
		}
		for (const service of ['storage', 'webhooks'] as const)
			for (const process of [old.get(service), current.get(service)]) if (process) await takesPart(process);
		for (const [turn, service] of order.entries()) {
			const process = old.get(service);
			old.delete(service);
			// First the proxy leaves it alone: a connection that a gateway has not taken yet when it closes its door is reset.
			route();
			if (turn === 0 && process !== undefined) await startAgain(process, previous.tag);
			await process?.stop();
			await load.more(10);
		}
		await load.settle();
		process.stdout.write(`${load.refusals().length} calls were told to try again\n`);
	},
	1_800_000,
);

/** Answers something from now on. A gateway does, for the proxy takes turns. */
async function takesPart({ logFile }: ServiceProcess): Promise<void> {
	const answers = async () => (await readFile(logFile, 'utf8')).split('Operation answered').length;
	const before = await answers();
	await vi.waitFor(async () => expect(await answers()).toBeGreaterThan(before), waiting);
}

/**
 * An old one that is started again while the new ones are there already. That of v0.1.0 refuses every schema that it does not
 * know, and the new ones do its work; later ones know what they can run on.
 */
async function startAgain(process: ServiceProcess, tag: string): Promise<void> {
	await process.stop();
	const started = process.start();
	if (tag !== 'v0.1.0') return started;
	started.catch(() => undefined);
	const log = () => readFile(process.logFile, 'utf8');
	await vi.waitFor(async () => expect(await log()).toContain('was migrated by a newer version'), waiting);
	await process.stop();
}

function rotated<T>(items: readonly T[], by: number): T[] {
	return [...items.slice(by), ...items.slice(0, by)];
}

function shuffled<T>(items: readonly T[]): T[] {
	return items
		.map((item) => ({ item, at: random.next() }))
		.sort((one, other) => one.at - other.at)
		.map(({ item }) => item);
}
