import { type Bus, consumeEvents, createGrantVerifier, serve } from '@chat-manager/bus';
import { createKeyring, migrate, openDatabase, waitForDatabase } from '@chat-manager/database';
import { type AppTools, type Clock, createEnvelope, startHealth, systemClock } from '@chat-manager/service';
import type { StorageConfig } from './config.ts';
import { connectAndWait, whenJetStreamAnswers } from './connect-bus.ts';
import { applyBatch, recordedTypes } from './consumers/dispatch.ts';
import { isOutage } from './consumers/is-outage.ts';
import type { StorageContext } from './context.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import { handlers } from './handlers/handlers.ts';
import { whileDatabaseAnswers } from './handlers/while-database-answers.ts';
import { createContents } from './sealing/contents.ts';
import { createCursors } from './sealing/cursors.ts';
import { createEventKeys } from './sealing/event-keys.ts';
import { startSweep } from './sweep.ts';

const service = 'storage';

/**
 * Waits for Postgres and NATS, then answers and records until it is disposed: first it takes no more work, then what runs is
 * finished, then the connections close. Tests may bring their own clock.
 */
export async function createApp(
	values: StorageConfig,
	{ logger, signal, clock = systemClock }: AppTools & { clock?: Clock },
): Promise<AsyncDisposable> {
	await using starting = new AsyncDisposableStack();
	const schema = values.DATABASE_SCHEMA;
	const database = starting.use(
		openDatabase<Tables>({ url: values.DATABASE_URL, schema, logger, applicationName: service }),
	);
	const bus = starting.use(await connectBusOf(values, { logger, signal, clock }));
	const { db } = database;
	await waitForDatabase(database, { logger, signal });
	await migrate(db, { schema, migrations, logger });

	const envelope = createEnvelope({ masterKeys: values.CM_MASTER_KEYS });
	const keyring = createKeyring({ db, envelope, service });
	const context: StorageContext = {
		db,
		bus,
		clock,
		logger,
		contents: createContents({ envelope, keyring }),
		cursors: createCursors({ envelope, keyring }),
		eventKeys: createEventKeys(bus),
	};

	const sweep = startSweep(context);
	starting.defer(() => sweep.stop());
	const consuming = await whenJetStreamAnswers(() => consume(bus, context), { clock, signal });
	starting.defer(() => consuming.stop());
	const verifyGrant = createGrantVerifier(values.CM_GRANT_PUBLIC_KEY);
	const serving = serve(bus, { service, handlers: whileDatabaseAnswers(handlers), context, verifyGrant });
	starting.defer(() => serving.stop());
	starting.use(
		await startHealth({
			port: values.HEALTH_PORT,
			host: values.HEALTH_HOST,
			ready: async () => ({
				postgres: await database.ping().then(
					() => 'ok',
					() => 'away',
				),
				nats: bus.isConnected() ? 'ok' : 'away',
			}),
		}),
	);
	return starting.move();
}

function consume(bus: Bus, context: StorageContext) {
	return consumeEvents(bus, {
		durable: service,
		types: recordedTypes,
		maxBatch: 200,
		maxWaitMs: 20,
		batchesInFlight: 2,
		handle: (events) => applyBatch(context, events),
		isOutage,
	});
}

function connectBusOf(values: StorageConfig, tools: AppTools & { clock: Clock }): Promise<Bus> {
	const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = values;
	return connectAndWait({ url, service, user, password, log: tools.logger, ...tools });
}
