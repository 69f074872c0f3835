import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	type Bus,
	type BusEvent,
	type Caller,
	connectBus,
	consumeEvents,
	createClient,
	createGrantSigner,
} from '@chat-manager/bus';
import { allScopes, type EventType, eventTypes, type Grant } from '@chat-manager/contracts';
import { openDatabase } from '@chat-manager/database';
import { type ServiceName, type System, startSystem } from '@chat-manager/dev-env';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Tables } from '../../src/database/tables.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The connector on real parts, with a bus of the test's own beside it and every event that was published. */
export async function startConnectorSystem(
	services: readonly ServiceName[] = ['emulator', 'connector'],
	{ connectors = 1 } = {},
) {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-connector-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const system = cleanup.use(
		await startSystem({ dataDir, log: silent, services, replicas: { connector: connectors } }),
	);
	const bus = cleanup.use(
		await connectBus({
			url: system.servers.natsUrl,
			service: 'test',
			log: silent,
			user: 'chat-manager',
			password: system.secrets.nats,
		}),
	);
	const database = cleanup.use(
		openDatabase<Tables>({
			url: system.databaseUrl('connector'),
			schema: 'devices',
			logger: silent,
			applicationName: 'test',
		}),
	);
	const events: BusEvent[] = [];
	const consuming = await consumeEvents(bus, {
		durable: 'test',
		types: eventTypes,
		handle: async (batch) => void events.push(...batch),
	});
	cleanup.defer(() => consuming.stop());
	const stack = cleanup.move();
	return {
		system,
		bus,
		events,
		eventsOf: <T extends EventType>(type: T, userId: string) =>
			events.filter((event): event is BusEvent<T> => event.type === type && event.userId === userId),
		person: (userId: string) => createPerson(system, bus, userId),
		/** User → the connector that holds the lease, as Postgres says. */
		async owners(): Promise<Map<string, string | null>> {
			const rows = await database.db.selectFrom('devices').select(['user_id', 'owner']).execute();
			return new Map(rows.map(({ user_id, owner }) => [user_id, owner]));
		},
		phone: (phone: string) => admin(system, '/admin/accounts', { phone }),
		async group(by: string, subject: string, participants: readonly string[]): Promise<string> {
			const { id } = z
				.object({ id: z.string() })
				.parse(await admin(system, '/admin/groups', { by, subject, participants }));
			return id;
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

/** Somebody with a device: speaks to the connectors with grants signed like the gateway's. */
function createPerson(system: System, bus: Bus, userId: string) {
	const sign = createGrantSigner(system.secrets.grantPrivateKey);
	const anywhere = createClient(bus, 'connectors');
	const holder = createClient(bus, 'connector');
	const caller = (change: Partial<Grant> = {}): Caller => {
		const deadline = Date.now() + 30_000;
		const grant: Grant = {
			callId: crypto.randomUUID(),
			userId,
			scopes: [...allScopes],
			groups: null,
			confirmed: true,
			deadline,
			...change,
		};
		return { userId, deadline, signedGrant: sign(grant) };
	};
	const device = () => anywhere.devices.get({}, caller());
	return {
		userId,
		anywhere,
		holder,
		caller,
		device,
		/** Links a device on the simulated network, as the account of `phone`, and waits until it is connected. */
		async link(phone: string): Promise<void> {
			await anywhere.devices.link({ network: 'simulated' }, caller());
			const qr = await vi.waitFor(async () => {
				const { qr } = await device();
				if (qr === null) throw new Error('no QR code yet');
				return qr;
			}, waiting);
			await admin(system, `/admin/mock-phone/scan-qr?phone=${phone}`, qr, { type: 'text/plain' });
			await this.connected();
		},
		connected: () => vi.waitFor(async () => expect((await device()).state).toBe('connected'), waiting),
	};
}

const waiting = { timeout: 30_000, interval: 50 };

/** Calls the simulated network's admin API; a string is sent as it is, anything else as JSON. */
export async function admin(
	system: System,
	path: string,
	body?: unknown,
	{ type = 'application/json', method = body === undefined ? 'GET' : 'POST' } = {},
): Promise<unknown> {
	const response = await fetch(`${system.emulatorUrl}${path}`, {
		method,
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		headers: {
			authorization: `Bearer ${system.emulatorAdminToken}`,
			'content-type': type,
			connection: 'close',
		},
	});
	if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return response.json();
}
