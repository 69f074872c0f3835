import { type Bus, consumeEvents, createGrantVerifier, serve } from '@chat-manager/bus';
import { webhookEventTypes } from '@chat-manager/contracts';
import { createKeyring, migrate, openDatabase, waitForDatabase } from '@chat-manager/database';
import { type AppTools, type Clock, createEnvelope, startHealth, systemClock } from '@chat-manager/service';
import type { WebhooksConfig } from './config.ts';
import { connectAndWait, whenJetStreamAnswers } from './connect-bus.ts';
import { isOutage, recordWebhookEvents } from './consumers/webhook-events.ts';
import type { WebhooksContext } from './context.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import { createConnections } from './delivery/connections.ts';
import { createDestinations } from './delivery/destinations.ts';
import { startDispatcher } from './delivery/dispatcher.ts';
import { createResolve, type Resolve } from './delivery/resolve.ts';
import { createEventKeys } from './event-keys.ts';
import { handlers } from './handlers/handlers.ts';
import { startSweep } from './sweep.ts';
import { createVault } from './vault.ts';

const service = 'webhooks';

/**
 * Waits for Postgres and NATS, then answers, records and delivers until it is disposed: first it takes no more work, then what
 * runs is finished, then the connections close. Tests may bring their own clock and DNS.
 */
export async function createApp(
	values: WebhooksConfig,
	{
		logger,
		signal,
		clock = systemClock,
		resolve = createResolve(),
	}: AppTools & { clock?: Clock; resolve?: Resolve },
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
	const vault = createVault({ envelope, keyring: createKeyring({ db, envelope, service }) });
	const destinations = createDestinations({
		resolve,
		allowHttpLoopback: values.CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK,
	});
	const connections = starting.use(createConnections(destinations));
	const dispatcher = starting.use(startDispatcher({ db, clock, logger, vault, destinations, connections }));
	const eventKeys = createEventKeys(bus);
	const wake = dispatcher.wake;
	const context: WebhooksContext = { db, clock, logger, vault, eventKeys, destinations, wake };

	starting.use(startSweep(context));
	const consuming = await whenJetStreamAnswers(
		() =>
			consumeEvents(bus, {
				durable: service,
				types: webhookEventTypes,
				handle: (events) => recordWebhookEvents(context, events),
				isOutage,
			}),
		{ clock, signal },
	);
	starting.defer(() => consuming.stop());
	const verifyGrant = createGrantVerifier(values.CM_GRANT_PUBLIC_KEY);
	const serving = serve(bus, { service, handlers, context, verifyGrant });
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
	// A request that comes right after "ready" must find the subscription: NATS has it when it answers.
	await bus.nats.flush().catch(() => {});
	return starting.move();
}

function connectBusOf(values: WebhooksConfig, tools: AppTools & { clock: Clock }): Promise<Bus> {
	const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = values;
	return connectAndWait({ url, service, user, password, log: tools.logger, ...tools });
}
