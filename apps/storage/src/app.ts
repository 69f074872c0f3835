import { createErasure, isOutage, openBackend, sayUnavailable } from '@chat-manager/backend';
import { consumeEvents, serve } from '@chat-manager/bus';
import { type AppTools, type Clock, systemClock } from '@chat-manager/service';
import type { StorageConfig } from './config.ts';
import { applyBatch, recorded } from './consumers/dispatch.ts';
import type { Keeping, StorageContext } from './context.ts';
import { migrations } from './database/migrations.ts';
import type { Tables } from './database/tables.ts';
import { handlers } from './handlers/handlers.ts';
import { metrics } from './metrics.ts';
import { createContents } from './sealing/contents.ts';
import { createCursors } from './sealing/cursors.ts';
import { createDigests } from './search/digests.ts';
import { startIndexMerger } from './search/index-merger.ts';
import { startSweep } from './sweep.ts';

const service = 'storage';
const dayMs = 24 * 3_600_000;

/**
 * Waits for Postgres and NATS, then answers and records until it is disposed: first it takes no more work, then what runs is
 * finished, then the connections close. Tests may bring their own clock.
 */
export async function createApp(
	values: StorageConfig,
	{ logger, signal, clock = systemClock }: AppTools & { clock?: Clock },
): Promise<AsyncDisposable> {
	await using starting = new AsyncDisposableStack();
	const backend = starting.use(
		await openBackend<Tables>(values, { service, migrations, logger, signal, clock, metrics }),
	);
	const { db, bus, envelope, keyring, verifyGrant } = backend;
	const context: StorageContext = {
		db,
		bus,
		clock,
		logger,
		contents: { ...createContents(backend.vault), eventKeys: backend.eventKeys },
		digests: createDigests(keyring),
		cursors: createCursors({ envelope, keyring }),
		keeping: keepingOf(values),
	};

	const erasure = createErasure({ service, db, bus, keyring, clock });
	const sweep = startSweep(context, erasure);
	starting.defer(() => sweep.stop());
	const merger = startIndexMerger(context);
	starting.defer(() => merger.stop());
	const consuming = await consumeEvents(bus, {
		...recorded,
		handle: async (events) => applyBatch(context, await erasure.apply(events)),
		isOutage,
	});
	starting.defer(() => consuming.stop());
	backend.showPending(recorded.durable, consuming);
	const serving = await serve(bus, {
		service,
		handlers,
		context,
		verifyGrant,
		translateError: sayUnavailable,
	});
	starting.defer(() => serving.stop());
	backend.opened();
	return starting.move();
}

function keepingOf({ CM_UNSTARRED_DAYS, CM_MESSAGE_RETENTION_DAYS: days }: StorageConfig): Keeping {
	return {
		unstarredMs: CM_UNSTARRED_DAYS * dayMs,
		messagesMs: days === undefined ? undefined : days * dayMs,
	};
}
