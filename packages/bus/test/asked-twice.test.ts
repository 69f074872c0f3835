import { type Contract, contract, type Handlers, operationSubject } from '@chat-manager/contracts';
import type { Msg } from 'nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, serve } from '../src/index.ts';
import { startBus } from './support.ts';

/** What a caller does when nobody answers: the connection of who did the work can be gone, and its right to reply with it. */
let net: Awaited<ReturnType<typeof startBus>>;
beforeAll(async () => {
	net = await startBus();
});
afterAll(() => net[Symbol.asyncDispose]());

/** Beside those who answer; each request is seen in turn. */
async function watch(
	verb: keyof Contract['webhooks']['webhooks'],
	onRequest: (seen: number, message: Msg) => void,
	bus = net.bus,
) {
	let seen = 0;
	const subscription = bus.nats.subscribe(operationSubject('webhooks', 'webhooks', verb), {
		callback: (_error, message) => onRequest(++seen, message),
	});
	await bus.nats.flush();
	return { seen: () => seen, [Symbol.dispose]: () => subscription.unsubscribe() };
}

const inSeconds = (seconds: number) => net.caller({ deadline: Date.now() + seconds * 1_000 });

it('asks again what can be repeated, and takes the answer', async () => {
	using requests = await watch('list', (seen, message) => {
		if (seen === 2) message.respond(JSON.stringify({ output: { webhooks: [] } }));
	});
	const { webhooks } = createClient(net.bus, 'webhooks');
	expect(await webhooks.list({}, inSeconds(4))).toEqual({ webhooks: [] });
	expect(requests.seen()).toBe(2);
});

it('says what became of the second request when the first was never answered', async () => {
	using requests = await watch('list', (_seen, message) => {
		if (message.reply !== undefined) requests[Symbol.dispose]();
	});
	const { webhooks } = createClient(net.bus, 'webhooks');
	await expect(webhooks.list({}, inSeconds(2))).rejects.toMatchObject({ code: 'unavailable' });
});

it('does not ask again what cannot be repeated', async () => {
	using requests = await watch('rotateSecret', () => {});
	const { webhooks } = createClient(net.bus, 'webhooks');
	await expect(webhooks.rotateSecret({ id: 'w1' }, inSeconds(1))).rejects.toMatchObject({
		code: 'outcome_unknown',
	});
	// On the one connection: a request that was sent has been seen when NATS answers this.
	await net.bus.nats.flush();
	expect(requests.seen()).toBe(1);
	expect(contract.webhooks.webhooks.rotateSecret.idempotent).toBe(false);
});

it('is at work once for a call that is asked twice, and for two calls twice', async () => {
	let deletions = 0;
	const second = Promise.withResolvers<void>();
	const serving = await net.connect('webhooks');
	// On the connection that answers: what NATS answers there after the second request comes after that request.
	const seenBoth = () => serving.nats.flush().then(second.resolve, second.reject);
	using _requests = await watch('delete', (seen) => void (seen === 2 && seenBoth()), serving);
	const handlers = {
		webhooks: {
			delete: async (_context: object, { id }: { id: string }) => {
				deletions++;
				await second.promise;
				return { id, deleted: true as const };
			},
		},
	} as unknown as Handlers<Contract['webhooks'], object>;
	const answering = await serve(serving, {
		service: 'webhooks',
		handlers,
		context: {},
		verifyGrant: net.verifyGrant,
	});
	const { webhooks } = createClient(net.bus, 'webhooks');
	expect(await webhooks.delete({ id: 'w1' }, inSeconds(4))).toEqual({ id: 'w1', deleted: true });
	expect(deletions).toBe(1);
	await Promise.all([1, 2].map(() => webhooks.delete({ id: 'w1' }, inSeconds(4))));
	expect(deletions).toBe(3);
	await answering.stop();
});
