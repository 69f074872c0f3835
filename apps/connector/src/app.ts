import { randomUUID } from 'node:crypto';
import { createErasure, isOutage, openBackend, sayUnavailable } from '@chat-manager/backend';
import {
	type BusEvent,
	consumeEvents,
	createClient,
	onSignal,
	publishEvent,
	type Signal,
	sendSignal,
	serve,
	tellChange,
	updateEventStream,
	whenJetStreamAnswers,
} from '@chat-manager/bus';
import type { EventType } from '@chat-manager/contracts';
import { type AppTools, systemClock } from '@chat-manager/service';
import { z } from 'zod';
import type { config } from './config.ts';
import { applyStars, stars } from './consumers/stars.ts';
import type { FleetContext, Networks } from './context.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import { createHolder } from './devices/hold.ts';
import { fleetReadiness, showFleet } from './fleet/condition.ts';
import { joinFleet } from './fleet/fleet.ts';
import { account } from './handlers/account.ts';
import { devices } from './handlers/devices.ts';
import { eventKeys } from './handlers/event-keys.ts';
import { forgetOnPhone } from './handlers/forget-on-phone.ts';
import { metrics } from './metrics.ts';
import { startSweep } from './sweep.ts';
import { baileysEngine } from './whatsapp/baileys-engine.ts';

const groupsChanged: Signal<z.ZodObject<{ userId: z.ZodString }>> = {
	service: 'connectors',
	name: 'groups-changed',
	data: z.object({ userId: z.string() }),
};

type Settings = ReturnType<typeof config.load>;

export async function createApp(settings: Settings, { logger, signal }: AppTools): Promise<AsyncDisposable> {
	await using cleanup = new AsyncDisposableStack();
	const clock = systemClock;
	const backend = cleanup.use(
		await openBackend<Tables>(settings, { service: 'connector', migrations, logger, signal, clock, metrics }),
	);
	const { db, bus, keyring, vault, verifyGrant } = backend;
	await whenJetStreamAnswers(() => updateEventStream(bus), signal);
	/** A ping went unanswered, and the connection was not given up. */
	const silentAfterMs = 2 * settings.CM_PING_SECONDS * 1_000 + 10_000;
	const networks: Networks = { whatsapp: settings.CM_WHATSAPP_URL, simulated: settings.CM_SIMULATOR_URL };
	const publish = async <T extends EventType>(event: BusEvent<T>) => {
		await publishEvent(bus, event);
		// Nobody keeps a record of a group that is not starred: that there is one is all that changes.
		if (event.type === 'group.created') tellChange(bus, event.userId, { topic: 'groups' });
	};
	let passes = settings.CM_CRASH_SKIP;
	const reach = (point: string) => {
		if (settings.CM_CRASH_AT === point && passes-- === 0) process.kill(process.pid, 'SIGKILL');
	};

	const fleet = cleanup.use(
		await joinFleet({
			bus,
			db,
			clock,
			logger,
			id: settings.CM_CONNECTOR_ID ?? `connector-${randomUUID()}`,
			boot: randomUUID(),
			maxUsers: settings.CM_MAX_USERS,
			drainMs: settings.CM_DRAIN_SECONDS * 1_000,
			// Nobody catches it: the process ends, and says why.
			onTwin: () => queueMicrotask(twinFound),
			hold: createHolder({
				bus,
				db,
				vault,
				clock,
				logger,
				networks,
				engine: baileysEngine,
				pingEveryMs: settings.CM_PING_SECONDS * 1_000,
				graceMs: settings.CM_AWAY_SECONDS * 1_000,
				verifyGrant,
				publish,
				reach,
				groupLimits: {
					queriesPerMinute: settings.CM_GROUP_QUERIES_PER_MINUTE,
					changesPerMinute: settings.CM_GROUP_CHANGES_PER_MINUTE,
					addsPerHour: settings.CM_MEMBER_ADDS_PER_HOUR,
					messagesPerMinute: settings.CM_MESSAGES_PER_MINUTE,
				},
			}),
		}),
	);

	cleanup.use(showFleet(fleet, silentAfterMs));
	const context: FleetContext = {
		db,
		vault,
		clock,
		networks,
		logger,
		holder: createClient(bus, 'connector'),
		publish,
		fleet,
	};
	const serving = await serve(bus, {
		service: 'connectors',
		handlers: { devices, eventKeys, account },
		context,
		verifyGrant,
		translateError: sayUnavailable,
	});
	cleanup.defer(() => serving.stop());

	cleanup.use(
		onSignal(bus, groupsChanged, ({ userId }) => {
			fleet
				.session(userId)
				?.groups.reload()
				.catch((err: unknown) => logger.warn({ err, userId }, 'starred groups not read again'));
		}),
	);
	const erasure = createErasure({
		service: 'connectors',
		db,
		bus,
		keyring,
		clock,
		quiet: (userId) => forgetOnPhone(context, userId),
	});
	const keeping = {
		idempotencyMs: settings.CM_IDEMPOTENCY_HOURS * 3_600_000,
		outboxMs: settings.CM_OUTBOX_DAYS * 24 * 3_600_000,
	};
	cleanup.use(startSweep({ db, publish, clock, logger, erasure, keeping }));
	const consuming = await consumeEvents(bus, {
		...stars,
		handle: async (events) =>
			applyStars(
				{ db, announceGroups: (userId) => sendSignal(bus, groupsChanged, { userId }) },
				await erasure.apply(events),
			),
		isOutage,
	});
	cleanup.defer(() => consuming.stop());
	backend.showPending(stars.durable, consuming);
	backend.opened(() => fleetReadiness(fleet.condition(), silentAfterMs));
	return cleanup.move();
}

function twinFound(): never {
	throw new Error(
		'Another connector with the same CM_CONNECTOR_ID was here first: give each a name of its own.',
	);
}
