import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusEvent, connectBus, consumeEvents } from '@chat-manager/bus';
import { type EventType, eventTypes } from '@chat-manager/contracts';
import { openDatabase } from '@chat-manager/database';
import { askSimulator, createSimulatedPerson, type ServiceName, startSystem } from '@chat-manager/dev-env';
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
		person: (userId: string) => createSimulatedPerson(system, bus, userId),
		/** User → the connector that holds the lease, as Postgres says. */
		async owners(): Promise<Map<string, string | null>> {
			const rows = await database.db.selectFrom('devices').select(['user_id', 'owner']).execute();
			return new Map(rows.map(({ user_id, owner }) => [user_id, owner]));
		},
		/** Everything that the services have logged so far, their consoles included. */
		async logs(): Promise<string> {
			const folder = join(dataDir, 'logs');
			const files = await Promise.all(
				(await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
			);
			return files.join('\n');
		},
		db: database.db,
		phone: (phone: string) => askSimulator(system, '/admin/accounts', { phone }),
		async group(by: string, subject: string, participants: readonly string[]): Promise<string> {
			const { id } = z
				.object({ id: z.string() })
				.parse(await askSimulator(system, '/admin/groups', { by, subject, participants }));
			return id;
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}

export { askSimulator as admin };
