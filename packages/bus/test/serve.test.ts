import { AppError, type Contract, contract, type Handlers } from '@chat-manager/contracts';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOperation, createClient, createGrantKeys, createGrantSigner, serve } from '../src/index.ts';
import { startBus } from './support.ts';

let net: Awaited<ReturnType<typeof startBus>>;
beforeAll(async () => {
	net = await startBus();
});
afterAll(() => net[Symbol.asyncDispose]());

type Webhooks = Handlers<Contract['webhooks'], object>;
const fail = async (): Promise<never> => {
	throw new Error('a secret detail');
};
const nothing: Webhooks = {
	webhooks: {
		list: async () => ({ webhooks: [] }),
		add: fail,
		delete: async (_context, { id }) => ({ id, deleted: true }),
		update: fail,
		pause: fail,
		resume: fail,
		test: fail,
		rotateSecret: fail,
	},
	deliveries: { list: fail, get: fail, resend: fail, replay: fail },
	account: { exportWebhooks: fail },
};

async function serveWebhooks(change: Partial<Webhooks['webhooks']> = {}) {
	const handlers = { ...nothing, webhooks: { ...nothing.webhooks, ...change } };
	const serving = await serve(net.bus, {
		service: 'webhooks',
		handlers,
		context: {},
		verifyGrant: net.verifyGrant,
	});
	return { [Symbol.asyncDispose]: () => serving.stop() };
}

it('answers, typed both ways', async () => {
	await using _serving = await serveWebhooks();
	const client = createClient(await net.connect('gateway'), 'webhooks');
	expect(await client.webhooks.delete({ id: 'w1' }, net.caller())).toEqual({ id: 'w1', deleted: true });
});

it('says at once that nobody answers', async () => {
	await expect(createClient(net.bus, 'webhooks').webhooks.list({}, net.caller())).rejects.toMatchObject({
		code: 'unavailable',
	});
	await expect(createClient(net.bus, 'connector').groups.list({}, net.caller())).rejects.toMatchObject({
		code: 'device_offline',
	});
});

it('says that it is to be tried again what only a newer version can ask, and does nothing', async () => {
	await using _serving = await serveWebhooks();
	const operation = contract.webhooks.webhooks.list;
	const unknown = { service: 'webhooks', domain: 'notes', verb: 'add', operation } as const;
	const later = { code: 'unavailable', message: expect.stringContaining('try again in a moment') };
	await expect(callOperation(net.bus, unknown, {}, net.caller())).rejects.toMatchObject(later);
	const known = { ...unknown, domain: 'webhooks', verb: 'delete' };
	const ask = (input: object) => callOperation(net.bus, known, input, net.caller());
	await expect(ask({ id: 'w1', softly: true })).rejects.toMatchObject(later);
	await expect(ask({ softly: true })).rejects.toMatchObject({ code: 'invalid_input' });
});

it('refuses a grant that another key signed, that is out of time, or that is none', async () => {
	await using _serving = await serveWebhooks();
	const { webhooks } = createClient(net.bus, 'webhooks');
	const caller = net.caller();
	const forge = createGrantSigner(createGrantKeys().privateKey);
	const [payload = ''] = caller.signedGrant.split('.');
	const forged = forge(JSON.parse(Buffer.from(payload, 'base64url').toString()));
	for (const signedGrant of [forged, `${payload}.AAAA`, '', 'x.y', payload]) {
		await expect(webhooks.list({}, { ...caller, signedGrant })).rejects.toMatchObject({
			code: 'unauthenticated',
		});
	}
	const late = net.caller({ deadline: Date.now() - 1 });
	await expect(webhooks.list({}, late)).rejects.toMatchObject({ code: 'timeout' });
	const lateOnTheWay = { ...net.caller(), signedGrant: late.signedGrant };
	await expect(webhooks.list({}, lateOnTheWay)).rejects.toMatchObject({ code: 'timeout' });
});

it('refuses a scope that the grant does not carry, and a group that it is not limited to', async () => {
	await using _serving = await serveWebhooks();
	const { webhooks } = createClient(net.bus, 'webhooks');
	await expect(webhooks.delete({ id: 'w1' }, net.caller({ scopes: ['groups:read'] }))).rejects.toMatchObject({
		code: 'forbidden',
	});
	const storage = await serve(net.bus, {
		service: 'connector',
		userId: 'u1',
		handlers: {
			groups: {
				list: async () => ({ groups: [] }),
				star: async (_context, { jid }) => ({
					jid,
					name: '',
					starred: true,
					starredAt: at,
					participantCount: 1,
				}),
				create: async () => ({ jid, name: '', inviteLink: null, participants: [], retryAfterMs: null }),
				inviteLink: async () => ({ jid, inviteLink: 'https://chat.whatsapp.com/x' }),
				rename: async (_context, { name }) => ({ jid, name }),
				describe: async (_context, { description }) => ({ jid, description }),
			},
			members: {
				list: async () => ({ participants: [], nextCursor: null, live: true }),
				add: async () => ({ jid, members: [], retryAfterMs: null }),
				remove: async () => ({ jid, members: [], retryAfterMs: null }),
			},
			messages: { send: async () => ({ messageId: 'm', status: 'sent' as const, sentAt: at }) },
			sessions: { logout: async () => ({}) },
		},
		context: {},
		verifyGrant: net.verifyGrant,
	});
	const { groups } = createClient(net.bus, 'connector');
	expect(await groups.star({ jid }, net.caller({ groups: [jid] }))).toMatchObject({ jid });
	await expect(groups.star({ jid }, net.caller({ groups: ['111111@g.us'] }))).rejects.toMatchObject({
		code: 'group_not_starred',
	});
	// The subject is the user's: a grant of somebody else is refused there, even if it is put on the bus by hand.
	const stranger = net.caller({ userId: 'u2' });
	await expect(groups.star({ jid }, { ...stranger, userId: 'u1' })).rejects.toMatchObject({
		code: 'forbidden',
	});
	await storage.stop();
});

it('names every fault of an input, and lets nothing of an unknown error out', async () => {
	await using _serving = await serveWebhooks();
	const { webhooks } = createClient(net.bus, 'webhooks');
	const wrong = { id: 'a b', more: 1 } as { id: string };
	await expect(webhooks.delete(wrong, net.caller())).rejects.toMatchObject({
		code: 'invalid_input',
		message: expect.stringMatching(/id: .*more/s),
	});
	const failure = await webhooks
		.add({ url: 'https://example.com' }, net.caller())
		.catch((error: unknown) => error);
	expect(failure).toMatchObject({ code: 'internal' });
	expect(String(failure)).not.toContain('secret');
});

it('refuses the one character that Postgres cannot store, and nothing that only looks like it', async () => {
	const named: string[] = [];
	await using _serving = await serveWebhooks({
		async add(_context, { name }) {
			named.push(name);
			throw new Error('heard it');
		},
	});
	const { webhooks } = createClient(net.bus, 'webhooks');
	const add = (name: string) => webhooks.add({ url: 'https://example.com', name }, net.caller());
	await expect(add('a\u0000b')).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(add('a\\\u0000b')).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(add('a\\u0000b')).rejects.toMatchObject({ code: 'internal' });
	expect(named).toEqual(['a\\u0000b']);
});

it('takes an output that does not fit the contract for a mistake of its own', async () => {
	await using _serving = await serveWebhooks({ delete: async () => ({ id: 'not an id', deleted: true }) });
	const { webhooks } = createClient(net.bus, 'webhooks');
	await expect(webhooks.delete({ id: 'w1' }, net.caller())).rejects.toMatchObject({ code: 'internal' });
});

it('demotes a code that the operation does not declare', async () => {
	await using _serving = await serveWebhooks({
		list: async () => {
			throw new AppError('not_group_admin', 'This code is not in the contract of list.');
		},
	});
	await expect(createClient(net.bus, 'webhooks').webhooks.list({}, net.caller())).rejects.toMatchObject({
		code: 'internal',
	});
});

it('runs a bounded number of operations of one user at a time, and others beside them', async () => {
	let running = 0;
	let most = 0;
	const open = Promise.withResolvers<void>();
	await using _serving = await serveWebhooks({
		async list(_context, _input, { userId }) {
			if (userId === 'u2') return { webhooks: [] };
			most = Math.max(most, ++running);
			await open.promise;
			running--;
			return { webhooks: [] };
		},
	});
	const { webhooks } = createClient(net.bus, 'webhooks');
	const burst = Array.from({ length: 30 }, () => webhooks.list({}, net.caller()));
	expect(await webhooks.list({}, net.caller({ userId: 'u2' }))).toEqual({ webhooks: [] });
	await expect.poll(() => most).toBe(8);
	open.resolve();
	await Promise.all(burst);
	expect(most).toBe(8);
});

it('does not repeat what may have been done: silence is an unknown outcome for a write, a timeout for a read', async () => {
	const end = Promise.withResolvers<never>();
	end.promise.catch(() => {}); // Where the requests come late nobody waits for it.
	await using _serving = await serveWebhooks({ add: () => end.promise, list: () => end.promise });
	const { webhooks } = createClient(net.bus, 'webhooks');
	const soon = () => net.caller({ deadline: Date.now() + 300 });
	await expect(webhooks.add({ url: 'https://example.com' }, soon())).rejects.toMatchObject({
		code: 'outcome_unknown',
	});
	await expect(webhooks.list({}, soon())).rejects.toMatchObject({ code: 'timeout' });
	end.reject(new Error('over'));
});

it('carries the trace of the caller to the handler', async () => {
	propagation.setGlobalPropagator(new W3CTraceContextPropagator());
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	const seen: (string | undefined)[] = [];
	await using _serving = await serveWebhooks({
		async list() {
			seen.push(trace.getSpanContext(context.active())?.traceId);
			return { webhooks: [] };
		},
	});
	const traceId = '0af7651916cd43dd8448eb211c80319c';
	const parent = trace.setSpanContext(context.active(), {
		traceId,
		spanId: 'b7ad6b7169203331',
		traceFlags: 1,
	});
	await context.with(parent, () => createClient(net.bus, 'webhooks').webhooks.list({}, net.caller()));
	expect(seen).toEqual([traceId]);
});

const jid = '120363025246125486@g.us';
const at = '2026-11-22T09:00:00.000Z';
