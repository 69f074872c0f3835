import { createErasure, isOutage, openBackend, sayUnavailable } from '@chat-manager/backend';
import { type BusEvent, consumeEvents, publishEvent, serve, tellChanges } from '@chat-manager/bus';
import { type AppTools, type Clock, systemClock } from '@chat-manager/service';
import type { WebhooksConfig } from './config.ts';
import { posted, recordWebhookEvents } from './consumers/webhook-events.ts';
import type { WebhooksContext } from './context.ts';
import { countPending } from './database/count-pending.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import type { TellOwners } from './delivery/completions.ts';
import { createConnections } from './delivery/connections.ts';
import { createDestinations } from './delivery/destinations.ts';
import { startDispatcher } from './delivery/dispatcher.ts';
import { createResolve, type Resolve } from './delivery/resolve.ts';
import { account } from './handlers/account.ts';
import { deliveries } from './handlers/deliveries.ts';
import { webhooks } from './handlers/webhooks.ts';
import { deliveriesPending, metrics } from './metrics.ts';
import { startSweep } from './sweep.ts';
import { startTellingOwners } from './tell-owners.ts';

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
	const backend = starting.use(
		await openBackend<Tables>(values, { service, migrations, logger, signal, clock, metrics }),
	);
	const { db, bus, keyring, vault, eventKeys, verifyGrant } = backend;
	const destinations = createDestinations({
		resolve,
		allowHttpLoopback: values.CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK,
	});
	const connections = starting.use(createConnections(destinations));
	const tellOwners: TellOwners = (ofUsers) =>
		tellChanges(
			bus,
			ofUsers.map(({ userId }) => ({ userId, topic: 'deliveries' as const })),
		);
	const dispatcher = starting.use(
		startDispatcher({ db, clock, logger, vault, destinations, connections, tellOwners }),
	);
	const wake = dispatcher.wake;
	const publish = (event: BusEvent) => publishEvent(bus, event);
	const context: WebhooksContext = {
		db,
		clock,
		logger,
		vault,
		eventKeys,
		destinations,
		publish,
		wake,
	};

	const erasure = createErasure({ service, db, bus, keyring, clock });
	starting.use(startSweep(context, { erasure, keepMs: values.CM_DELIVERY_DAYS * 24 * 3_600_000 }));
	starting.use(startTellingOwners(context));
	const consuming = await consumeEvents(bus, {
		...posted,
		handle: async (events) => tellOwners(await recordWebhookEvents(context, await erasure.apply(events))),
		isOutage,
	});
	starting.defer(() => consuming.stop());
	backend.showPending(posted.durable, consuming);
	starting.use(deliveriesPending.show(() => countPending(db, new Date(clock.now()))));
	const serving = await serve(bus, {
		service,
		handlers: { webhooks, deliveries, account },
		context,
		verifyGrant,
		translateError: sayUnavailable,
	});
	starting.defer(() => serving.stop());
	backend.opened();
	return starting.move();
}
