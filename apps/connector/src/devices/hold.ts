import type { Vault } from '@chat-manager/backend';
import { sayUnavailable } from '@chat-manager/backend';
import { type Bus, createClient, type GrantVerifier, serve } from '@chat-manager/bus';
import { AppError, type DeviceState } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Networks, Publish, SessionContext } from '../context.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import type { Holding } from '../fleet/held-users.ts';
import { createGroupDesk } from '../groups/group-desk.ts';
import type { LimitSettings } from '../groups/limits.ts';
import { groups } from '../handlers/groups.ts';
import { members } from '../handlers/members.ts';
import { messages } from '../handlers/messages.ts';
import { sessions } from '../handlers/sessions.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createCapture, createSentRecorder } from './capture.ts';
import type { CapturePoint } from './capture-points.ts';
import { loadCapturedGroups } from './captured-groups.ts';
import { openCurrentEventKey } from './event-key.ts';
import { type Session, startSession } from './session.ts';

export type HolderOptions = {
	bus: Bus;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	networks: Networks;
	verifyGrant: GrantVerifier;
	publish: Publish;
	reach: (point: CapturePoint) => void;
	groupLimits: LimitSettings;
};

/**
 * Holds a user's device, with the lease in hand: opens its session and answers the operations of this user alone. Nobody
 * else subscribes to them, so without a holder a caller hears "no responders" at once.
 */
export function createHolder(options: HolderOptions) {
	const { bus, db, vault, clock, networks, verifyGrant, publish, reach } = options;
	const storage = createClient(bus, 'storage');
	return async (lease: Lease, network: string, mayAct: () => boolean): Promise<Holding> => {
		const opened = Promise.withResolvers<void>();
		const { userId } = lease;
		const url = networks[network as keyof Networks];
		if (url === undefined) throw new Error(`The network ${network} is not configured here`);
		const logger = options.logger.child({ userId });
		await vault.reload(userId);
		const captured = await loadCapturedGroups(db, userId);
		const eventKey = await openCurrentEventKey(db, vault, lease);
		const outbox = createOutbox({ db, vault, lease });
		const desk = createGroupDesk({
			lease,
			db,
			vault,
			clock,
			logger,
			captured,
			settings: options.groupLimits,
			read: (jid, timeoutMs) => session.whatsapp().groups.get(jid, timeoutMs),
		});
		const session: Session = startSession({
			lease,
			url,
			db,
			vault,
			clock,
			logger,
			groups: captured,
			groupMemory: desk.memory,
			outbox,
			createCapture: (socket) =>
				createCapture({ lease, db, vault, logger, groups: captured, eventKey, publish, reach, socket }),
			mayAct,
			onState(state) {
				if (state !== 'connecting') opened.resolve();
				announce(publish, lease, state, clock).catch((err: unknown) =>
					logger.warn({ err }, 'state not published'),
				);
			},
		});
		const recordSent = createSentRecorder({ userId, groups: captured, eventKey, publish });
		const context: SessionContext = {
			session,
			groups: desk,
			outbox,
			clock,
			publish,
			recordSent,
			storage,
			logger,
		};
		const serving = await serve(bus, {
			service: 'connector',
			userId,
			handlers: { groups, members, messages, sessions },
			context,
			verifyGrant,
			translateError: sayLost,
		});
		return { session, opened: opened.promise, stopServing: () => serving.stop() };
	};
}

/** Nothing was done in the name of a lease that is lost; whoever took it answers the next call. */
function sayLost(error: unknown): unknown {
	if (!(error instanceof LeaseLost)) return sayUnavailable(error);
	return new AppError(
		'device_offline',
		'Your WhatsApp device moved to another connector at this moment, and nothing was done. Try again.',
		{ cause: error, retryAfterMs: 2_000 },
	);
}

/** Only the states that a subscriber acts on: connected, or no longer. */
async function announce(
	publish: Publish,
	{ userId, epoch }: Lease,
	state: DeviceState,
	clock: Clock,
): Promise<void> {
	if (state === 'linking' || state === 'connecting') return;
	const at = clock.now();
	const head = { id: `${userId}-${epoch}-${at}`.slice(-64), at: new Date(at).toISOString(), userId };
	const type = state === 'connected' ? 'device.connected' : 'device.disconnected';
	await publish({ ...head, type, data: { state } });
}
