import { connectBus, eventStream, whenJetStreamAnswers } from '@chat-manager/bus';
import { createRandom, isFull } from '@chat-manager/test-run';
import { expect, it, vi } from 'vitest';
import { startLoad, unlimited } from './support/load.ts';
import { type Network, startNetwork } from './support/network.ts';
import { signUp } from './support/person.ts';

/**
 * What an operator may lose: one of three NATS servers, and Postgres. The short form kills the server that leads the stream of
 * events, the long one another one too, and all of it five times.
 */
const rounds = isFull ? 5 : 1;
const own = '15550000001';
const patience = { timeout: 120_000, interval: 100 };
const log = { debug() {}, info() {}, warn() {}, error() {} };

it('loses and doubles nothing while a NATS server of three, the one that leads, and Postgres are killed', async () => {
	const random = createRandom();
	await using net = await startNetwork({ natsServers: 3, settings: unlimited });
	const { natsCluster, postgres } = net.servers;
	await using cluster = await watchCluster(net);
	const person = await signUp(net, 'ana');
	await person.link(own);
	await using load = await startLoad(net, person, own, { isKilled: true });
	await load.more(10);
	for (let round = 0; round < rounds; round++) {
		const leader = await cluster.leader();
		const leading = natsCluster.filter(({ name }) => name === leader);
		const others = natsCluster.filter(({ name }) => name !== leader);
		expect(leading).toHaveLength(1);
		for (const server of isFull ? [random.pick(others), ...leading] : leading) {
			await server.kill();
			await load.more(10);
			await server.restart();
			await cluster.isWhole();
		}
		await postgres?.kill();
		await postgres?.restart();
		await load.more(10);
	}
	await load.settle();
	process.stdout.write(`${load.refusals().length} calls were told to try again\n`);
}, 1_800_000);

/** As somebody who looks after the bus. */
async function watchCluster(net: Network) {
	const bus = await connectBus({
		url: net.servers.natsUrl,
		service: 'test',
		log,
		user: 'chat-manager',
		password: net.secrets.nats,
	});
	const stream = (name: string) =>
		whenJetStreamAnswers(async () => (await bus.jetStream.jetstreamManager()).streams.info(name));
	return {
		leader: async () => (await stream(eventStream)).cluster?.leader,
		/** Every server has all that the others have. */
		async isWhole() {
			await vi.waitFor(async () => {
				for (const name of [eventStream, 'KV_CONNECTORS']) {
					const { cluster, config } = await stream(name);
					expect(config.num_replicas).toBe(3);
					expect(cluster?.replicas?.filter(({ current, offline }) => current && !offline)).toHaveLength(2);
				}
			}, patience);
		},
		[Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
	};
}
