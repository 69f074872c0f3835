import { randomUUID } from 'node:crypto';
import {
	type BusEvent,
	connectBus,
	consumeEvents,
	createClient,
	createGrantVerifier,
	ensureEventStream,
	onSignal,
	publishEvent,
	type Signal,
	sendSignal,
	serve,
} from '@chat-manager/bus';
import type { EventType } from '@chat-manager/contracts';
import {
	createKeyring,
	isConnectionError,
	migrate,
	openDatabase,
	waitForDatabase,
} from '@chat-manager/database';
import { type AppTools, createEnvelope, systemClock } from '@chat-manager/service';
import { z } from 'zod';
import type { config } from './config.ts';
import { applyStars, starTypes } from './consumers/stars.ts';
import type { FleetContext, Networks } from './context.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import { createHolder } from './devices/hold.ts';
import { joinFleet } from './fleet/fleet.ts';
import { devices } from './handlers/devices.ts';
import { eventKeys } from './handlers/event-keys.ts';
import { createVault } from './vault.ts';

const groupsChanged: Signal<z.ZodObject<{ userId: z.ZodString }>> = {
	service: 'connectors',
	name: 'groups-changed',
	data: z.object({ userId: z.string() }),
};

type Settings = ReturnType<typeof config.load>;

export async function createApp(settings: Settings, { logger, signal }: AppTools): Promise<AsyncDisposable> {
	await using cleanup = new AsyncDisposableStack();
	const clock = systemClock;
	const database = cleanup.use(
		openDatabase<Tables>({
			url: settings.DATABASE_URL,
			schema: settings.DATABASE_SCHEMA,
			logger,
			applicationName: 'connector',
		}),
	);
	await waitForDatabase(database, { logger, signal });
	const { db } = database;
	await migrate(db, { schema: settings.DATABASE_SCHEMA, migrations, logger });

	const bus = cleanup.use(
		await connectBus({
			url: settings.NATS_URL,
			service: 'connector',
			log: logger,
			user: settings.NATS_USER,
			password: settings.NATS_PASSWORD,
		}),
	);
	await ensureEventStream(bus);

	const envelope = createEnvelope({ masterKeys: settings.CM_MASTER_KEYS });
	const vault = createVault({ keyring: createKeyring({ db, envelope, service: 'connector' }), envelope });
	const verifyGrant = createGrantVerifier(settings.CM_GRANT_PUBLIC_KEY);
	const networks: Networks = { whatsapp: settings.CM_WHATSAPP_URL, simulated: settings.CM_SIMULATOR_URL };
	const publish = <T extends EventType>(event: BusEvent<T>) => publishEvent(bus, event);
	const reach = (point: string) => {
		if (settings.CM_CRASH_AT === point) process.kill(process.pid, 'SIGKILL');
	};

	const fleet = cleanup.use(
		await joinFleet({
			bus,
			db,
			clock,
			logger,
			id: settings.CM_CONNECTOR_ID ?? `connector-${randomUUID()}`,
			boot: randomUUID(),
			hold: createHolder({ bus, db, vault, clock, logger, networks, verifyGrant, publish, reach }),
		}),
	);

	const context: FleetContext = {
		db,
		vault,
		clock,
		networks,
		logger,
		holder: createClient(bus, 'connector'),
		announceDevice: fleet.announceDevice,
	};
	const serving = serve(bus, {
		service: 'connectors',
		handlers: { devices, eventKeys },
		context,
		verifyGrant,
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
	const consuming = await consumeEvents(bus, {
		durable: 'connectors',
		types: starTypes,
		handle: (events) =>
			applyStars({ db, announceGroups: (userId) => sendSignal(bus, groupsChanged, { userId }) }, events),
		isOutage: isConnectionError,
	});
	cleanup.defer(() => consuming.stop());
	return cleanup.move();
}
