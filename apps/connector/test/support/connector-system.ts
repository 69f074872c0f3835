import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusEvent, connectBus, consumeEvents } from '@chat-manager/bus';
import { type EventType, eventTypes } from '@chat-manager/contracts';
import { openDatabase } from '@chat-manager/database';
import { askSimulator, createSimulatedPerson, type ServiceName, startSystem } from '@chat-manager/dev-env';
import { sql, type Transaction } from 'kysely';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Tables } from '../../src/database/tables.ts';

const waiting = { timeout: 30_000, interval: 50 };
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
	/** NATS forgets all streams and buckets, as with a new disk. */
	async function wipeNats(): Promise<void> {
		await system.servers.nats?.stop();
		await rm(join(dataDir, 'nats', 'jetstream'), { recursive: true });
		await system.servers.nats?.restart();
	}
	type Lock = (trx: Transaction<Tables>) => Promise<unknown>;
	const lockOutbox: Lock = (trx) => sql`lock table outbox in exclusive mode`.execute(trx);
	/** Waits until such a statement waits for a lock. */
	async function waits(statement: string): Promise<void> {
		await vi.waitFor(async () => {
			const { rows } = await sql`select from pg_stat_activity
				where wait_event_type = 'Lock' and query like ${`%${statement}%`}`.execute(database.db);
			expect(rows).toHaveLength(1);
		}, waiting);
	}
	/** Locks, acts, and lets go when a write into the outbox waits for the lock. */
	async function whileLocked<T>(
		lock: Lock,
		act: () => Promise<T>,
		meanwhile: () => Promise<unknown> = async () => {},
	): Promise<T> {
		const { acting } = await database.db.transaction().execute(async (trx) => {
			await lock(trx);
			const acting = act();
			await waits('insert into outbox');
			await meanwhile();
			return { acting };
		});
		return acting;
	}
	/** A lock is given in the order of asking: this one follows upon the entry, before anything that becomes of it. */
	async function overUnsettledEntry<T>(act: () => Promise<T>, meanwhile: () => Promise<unknown>): Promise<T> {
		let held: Promise<void> = Promise.resolve();
		const acting = whileLocked(lockOutbox, act, async () => {
			held = database.db.transaction().execute(async (trx) => {
				await lockOutbox(trx);
				await waits('update outbox');
				await meanwhile();
			});
			await waits('lock table outbox');
		});
		await acting.catch(() => {}); // Both are to have ended.
		await held;
		return acting;
	}
	const stack = cleanup.move();
	return {
		system,
		bus,
		events,
		eventsOf: <T extends EventType>(type: T, userId: string) =>
			events.filter((event): event is BusEvent<T> => event.type === type && event.userId === userId),
		wipeNats,
		person: (userId: string) => createSimulatedPerson(system, bus, userId),
		/** User → the connector that holds the lease, as Postgres says. */
		async owners(): Promise<Map<string, string | null>> {
			const rows = await database.db.selectFrom('devices').select(['user_id', 'owner']).execute();
			return new Map(rows.map(({ user_id, owner }) => [user_id, owner]));
		},
		/** What Postgres says of every device. */
		async states(): Promise<string[]> {
			const rows = await database.db.selectFrom('devices').select('state').execute();
			return rows.map(({ state }) => state);
		},
		/** The keys of everything that a user's holder set out to do. */
		async outboxKeys(userId: string): Promise<(string | null)[]> {
			const rows = await database.db
				.selectFrom('outbox')
				.select('idempotency_key')
				.where('user_id', '=', userId)
				.orderBy('created_at')
				.execute();
			return rows.map(({ idempotency_key }) => idempotency_key);
		},
		/** Another connector takes the lease, and the one that has it is not told. */
		async takeAway(userId: string): Promise<void> {
			await database.db
				.updateTable('devices')
				.set((eb) => ({ owner: 'somebody-else', epoch: eb('epoch', '+', 1) }))
				.where('user_id', '=', userId)
				.execute();
		},
		/** The same, while a connector is held up in what it writes into the outbox in the name of its lease. */
		takeAwayOver: <T>(userId: string, act: () => Promise<T>): Promise<T> =>
			whileLocked(
				(trx) =>
					trx
						.updateTable('devices')
						.set((eb) => ({ owner: 'somebody-else', epoch: eb('epoch', '+', 1) }))
						.where('user_id', '=', userId)
						.execute(),
				act,
			),
		/** Holds up whatever is written into the outbox until `meanwhile` is done; answers what `act` does, which writes. */
		overLockedOutbox: <T>(act: () => Promise<T>, meanwhile: () => Promise<unknown>): Promise<T> =>
			whileLocked(lockOutbox, act, meanwhile),
		/** Holds up what WhatsApp said of a message that `act` sends, when it is to be written down, until `meanwhile` is done. */
		overUnsettledEntry,
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
