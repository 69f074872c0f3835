import {
	type Bus,
	busLogin,
	createClient,
	createGrantVerifier,
	type GrantVerifier,
	joinBus,
} from '@chat-manager/bus';
import {
	createKeyring,
	type Keyring,
	type Migrations,
	migrate,
	openDatabase,
	waitForDatabase,
} from '@chat-manager/database';
import { type AppTools, type Clock, createEnvelope, type Envelope, startHealth } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { createEventKeys, type EventKeys } from './event-keys.ts';
import type { BackendSettings } from './settings.ts';
import { createVault, type Vault } from './vault.ts';

export type Backend<Tables> = AsyncDisposable & {
	readonly db: Kysely<Tables>;
	readonly bus: Bus;
	readonly envelope: Envelope;
	readonly keyring: Keyring;
	readonly vault: Vault;
	readonly eventKeys: EventKeys;
	readonly verifyGrant: GrantVerifier;
};

/**
 * Waits for Postgres and NATS, brings the schema up to date, and opens what a service behind the gateway works with.
 * Disposing closes it all; whatever uses it must have stopped before.
 */
export async function openBackend<Tables>(
	settings: BackendSettings,
	options: AppTools & { service: string; migrations: Migrations; clock: Clock },
): Promise<Backend<Tables>> {
	const { service, migrations, logger, signal } = options;
	const schema = settings.DATABASE_SCHEMA;
	await using opening = new AsyncDisposableStack();
	const database = opening.use(
		openDatabase<Tables>({ url: settings.DATABASE_URL, schema, logger, applicationName: service }),
	);
	const { db } = database;
	const bus = opening.use(await joinBus({ ...busLogin(settings), service, log: logger, signal }));
	await waitForDatabase(database, { logger, signal });
	await migrate(db, { schema, migrations, logger });
	const envelope = createEnvelope({ masterKeys: settings.CM_MASTER_KEYS });
	const keyring = createKeyring({ db, envelope, service });
	opening.use(
		await startHealth({
			port: settings.HEALTH_PORT,
			host: settings.HEALTH_HOST,
			ready: async () => ({
				postgres: await database.ping().then(
					() => 'ok',
					() => 'away',
				),
				nats: bus.isConnected() ? 'ok' : 'away',
			}),
		}),
	);
	const stack = opening.move();
	return {
		db,
		bus,
		envelope,
		keyring,
		vault: createVault({ service, envelope, keyring }),
		eventKeys: createEventKeys(createClient(bus, 'connectors')),
		verifyGrant: createGrantVerifier(settings.CM_GRANT_PUBLIC_KEY),
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}
