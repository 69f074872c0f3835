import { randomBytes } from 'node:crypto';
import {
	type Bus,
	connectBus,
	ensureEventStream,
	openBucket,
	updateEventStream,
	whenJetStreamAnswers,
} from '@chat-manager/bus';
import { programUsers } from '@chat-manager/embedded';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { startNatsCluster } from './support/nats-cluster.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it("three servers with the operators' files keep what the connector stores three times, also what was there before", async () => {
	await using cleanup = new AsyncDisposableStack();
	// As a password of ours may look like; without its first letter nats-server would not even start.
	const password = `n3e5${randomBytes(30).toString('hex')}`;
	const users = (await programUsers(String)).map(({ user }) => user);
	const passwords = [...users, 'cluster'].map((user) => [`NATS_PASSWORD_${user.toUpperCase()}`, password]);
	const urls = await startNatsCluster(cleanup, Object.fromEntries(passwords));
	const connect = async (replicas: number) =>
		cleanup.use(
			await connectBus({
				url: urls.join(','),
				service: 'connector',
				log,
				replicas,
				user: 'connector',
				password,
			}),
		);
	const one = await connect(1);
	await whenJetStreamAnswers(() => ensureEventStream(one));
	await whenJetStreamAnswers(() => openBucket(one, 'CONNECTORS', z.string()));
	expect(await replicasOf(one)).toEqual({ EVENTS: 1, KV_CONNECTORS: 1 });
	const three = await connect(3);
	await whenJetStreamAnswers(() => updateEventStream(three));
	const bucket = await whenJetStreamAnswers(() => openBucket(three, 'CONNECTORS', z.string()));
	expect(await replicasOf(three)).toEqual({ EVENTS: 3, KV_CONNECTORS: 3 });
	await whenJetStreamAnswers(() => bucket.put('a', 'b'));
});

async function replicasOf(bus: Bus): Promise<Record<string, number>> {
	const { streams } = await bus.jetStream.jetstreamManager();
	// The servers may still choose who leads it.
	const info = (name: string) => whenJetStreamAnswers(() => streams.info(name));
	const read = async (name: string) => [name, (await info(name)).config.num_replicas] as const;
	return Object.fromEntries(await Promise.all(['EVENTS', 'KV_CONNECTORS'].map(read)));
}
