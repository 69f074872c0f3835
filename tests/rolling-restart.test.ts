import { createRandom, isFull } from '@chat-manager/test-run';
import { expect, it, vi } from 'vitest';
import { startBalancer } from './support/balancer.ts';
import { startLoad, unlimited } from './support/load.ts';
import { startNetwork } from './support/network.ts';
import { signUp, waiting } from './support/person.ts';

/**
 * Two of each; a replica is asked to stop as an operator's system asks it, and a new process takes its place. The short form
 * restarts one of each, the long one all of them, five times.
 */
const services = ['gateway', 'connector', 'storage', 'webhooks'] as const;
const replicas = { gateway: 2, connector: 2, storage: 2, webhooks: 2 };
const rounds = isFull ? 5 : 1;
const own = '15550000001';

it('every service is restarted under load: no call fails, nothing is lost or doubled', async () => {
	const random = createRandom();
	await using balancer = await startBalancer();
	const gateway = { ...unlimited.gateway, CM_PUBLIC_URL: balancer.url, CM_LEAVE_SECONDS: '3' };
	const settings = { ...unlimited, gateway };
	await using system = await startNetwork({ replicas, settings });
	const urls = [system.service('gateway'), system.service('gateway-2')].flatMap(({ url }) => url ?? []);
	balancer.targets = urls;
	const net = { ...system, url: balancer.url };
	const person = await signUp(net, 'ana');
	await person.link(own);
	await using load = await startLoad(net, person, own);
	await load.more(10);
	for (let round = 0; round < rounds; round++) {
		for (const service of services) {
			const both = [service, `${service}-2`] as const;
			for (const name of isFull ? both : [random.pick(both)]) {
				const replica = system.service(name);
				const before = replica.pid();
				const stopped = replica.stop();
				if (replica.url !== undefined) await isLeaving(replica.url);
				balancer.targets = urls.filter((url) => url !== replica.url);
				await stopped;
				await load.more(5);
				await replica.start();
				expect(replica.pid()).not.toBe(before);
				if (replica.url !== undefined) await isReady(replica.url);
				balancer.targets = urls;
				await load.more(5);
			}
		}
	}
	await load.settle();
	process.stdout.write(`${load.refusals().length} calls were told to try again\n`);
}, 1_800_000);

/** What a proxy looks at, before it sends a gateway no more requests. */
async function isLeaving(url: string): Promise<void> {
	const status = () =>
		fetch(`${url}/readyz`).then(
			(answer) => answer.status,
			() => 'closed',
		);
	await vi.waitFor(async () => expect(await status()).not.toBe(200), waiting);
}

async function isReady(url: string): Promise<void> {
	await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), waiting);
}
