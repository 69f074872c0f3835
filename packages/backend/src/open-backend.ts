import {
	type Bus,
	busLogin,
	type Consuming,
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
import {
	type AppTools,
	type Clock,
	createEnvelope,
	type Envelope,
	type Readiness,
	type SharedMetrics,
	showConnections,
	showReadiness,
	startHealth,
} from '@chat-manager/service';
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
	/** Everything is up: from now on the service is ready as long as what it needs, and what `checks` names, is `ok`. */
	opened(checks?: () => Readiness): void;
	/** From now on the metrics tell how much a consumer has before it. */
	showPending(durable: string, consuming: Consuming): void;
};

/**
 * Waits for Postgres and NATS, brings the schema up to date, and opens what a service behind the gateway works with.
 * Disposing closes it all; whatever uses it must have stopped before.
 */
export async function openBackend<Tables>(
	settings: BackendSettings,
	options: AppTools & { service: string; migrations: Migrations; clock: Clock; metrics: SharedMetrics },
): Promise<Backend<Tables>> {
	const { service, migrations, logger, signal, metrics } = options;
	let checks: () => Readiness = () => ({ service: 'starting' });
	const schema = settings.DATABASE_SCHEMA;
	await using opening = new AsyncDisposableStack();
	const database = opening.use(
		openDatabase<Tables>({ url: settings.DATABASE_URL, schema, logger, applicationName: service }),
	);
	const { db } = database;
	let joined: Bus | undefined;
	const ready = async (): Promise<Readiness> => ({
		postgres: await database.ping().then(
			() => 'ok',
			() => 'away',
		),
		nats: joined?.isConnected() === true ? 'ok' : 'away',
		...(signal.aborted ? { service: 'stopping' } : checks()),
	});
	// Before all that may take long: a service that waits lives, and restarting it would not help.
	opening.use(await startHealth({ port: settings.HEALTH_PORT, host: settings.HEALTH_HOST, ready, metrics }));
	opening.use(showReadiness(metrics.shared.ready, ready));
	opening.use(showConnections(metrics.shared.databaseConnections, database));
	const login = busLogin(settings);
	const bus = opening.use(await joinBus({ ...login, service, log: logger, watch: metrics.bus, signal }));
	joined = bus;
	await waitForDatabase(database, { logger, signal });
	await migrate(db, { schema, migrations, logger, signal });
	const envelope = createEnvelope({ masterKeys: settings.CM_MASTER_KEYS });
	const keyring = createKeyring({ db, envelope, service });
	const stack = opening.move();
	return {
		db,
		bus,
		envelope,
		keyring,
		vault: createVault({ service, envelope, keyring }),
		eventKeys: createEventKeys(createClient(bus, 'connectors')),
		verifyGrant: createGrantVerifier(settings.CM_GRANT_PUBLIC_KEY),
		opened(own = () => ({})) {
			checks = own;
		},
		showPending(durable, consuming) {
			const read = async () => [{ labels: { durable }, value: await consuming.pending() }];
			stack.use(metrics.shared.consumerPending.show(read));
		},
		[Symbol.asyncDispose]: () => stack.disposeAsync(),
	};
}
