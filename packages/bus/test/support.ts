import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allScopes, type Grant } from '@chat-manager/contracts';
import { startNats } from '@chat-manager/embedded';
import {
	type Bus,
	type BusEvent,
	type Caller,
	connectBus,
	createGrantKeys,
	createGrantSigner,
	createGrantVerifier,
	ensureEventStream,
	type Log,
} from '../src/index.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A NATS of its own with the stream of events, connections to it, and callers with signed grants. */
export async function startBus() {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-bus-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const nats = cleanup.use(await startNats({ dataDir, logger: silent }));
	const { privateKey, publicKey } = createGrantKeys();
	const sign = createGrantSigner(privateKey);
	const connect = async (service: string, log: Log = silent): Promise<Bus> =>
		cleanup.use(await connectBus({ url: nats.url, service, log }));
	const bus = await connect('test');
	await ensureEventStream(bus);
	const stack = cleanup.move();
	return {
		nats,
		bus,
		connect: async (service: string, log: Log = silent) =>
			stack.use(await connectBus({ url: nats.url, service, log })),
		verifyGrant: createGrantVerifier(publicKey),
		sign,
		caller(change: Partial<Grant> = {}): Caller {
			const grant: Grant = {
				callId: crypto.randomUUID(),
				userId: 'u1',
				scopes: [...allScopes],
				groups: null,
				confirmed: true,
				deadline: Date.now() + 20_000,
				...change,
			};
			return { userId: grant.userId, deadline: grant.deadline, signedGrant: sign(grant) };
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

/** A small event of the contract. */
export function deviceEvent(id: string, userId = 'u1'): BusEvent<'device.connected'> {
	return {
		id,
		type: 'device.connected',
		at: '2026-11-22T09:00:00.000Z',
		userId,
		data: { state: 'connected' },
	};
}
