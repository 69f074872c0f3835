import type { Vault } from '@chat-manager/backend';
import { sayUnavailable } from '@chat-manager/backend';
import { type Bus, createClient, type GrantVerifier, serve, tellChange } from '@chat-manager/bus';
import { AppError } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Networks, Publish, SessionContext } from '../context.ts';
import { findDevice } from '../database/devices.ts';
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
import type { Engine } from '../whatsapp/engine.ts';
import { createAnnouncer } from './announcer.ts';
import { askForUnread } from './ask-for-unread.ts';
import { createCapture } from './capture.ts';
import type { CapturePoint } from './capture-points.ts';
import { loadCapturedGroups } from './captured-groups.ts';
import { openCurrentEventKey } from './event-key.ts';
import { createReducingPublish } from './publish-reduced.ts';
import { createReceiptCollector } from './receipts.ts';
import { createSentRecorder } from './sent-recorder.ts';
import { type Session, startSession } from './session.ts';
import { loadUnreadMessages } from './unread-messages.ts';

export type HolderOptions = {
	bus: Bus;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	networks: Networks;
	engine: Engine;
	/** How often WhatsApp is pinged on each connection. */
	pingEveryMs: number;
	/** How long a device may be away before subscribers are told. */
	graceMs: number;
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
	const { bus, db, vault, clock, networks, engine, verifyGrant, publish, reach } = options;
	const { pingEveryMs, graceMs } = options;
	const storage = createClient(bus, 'storage');
	return async (lease: Lease, network: string, mayAct: () => boolean): Promise<Holding> => {
		const opened = Promise.withResolvers<void>();
		const { userId } = lease;
		const url = networks[network as keyof Networks];
		if (url === undefined) throw new Error(`The network ${network} is not configured here`);
		const logger = options.logger.child({ userId });
		await vault.reload(userId);
		const device = await findDevice(db, userId);
		const captured = await loadCapturedGroups(db, userId);
		const eventKey = await openCurrentEventKey(db, vault, lease);
		const unread = await loadUnreadMessages({ db, vault, lease });
		const desk = createGroupDesk({
			lease,
			db,
			vault,
			clock,
			logger,
			captured,
			settings: options.groupLimits,
			publish: createReducingPublish(publish, logger),
			whatsapp: () => session.whatsapp(),
			me: () => session.me(),
			renewKey: (jid) => session.renewGroupKey(jid),
		});
		const recorder = createSentRecorder({
			lease,
			db,
			vault,
			clock,
			logger,
			groups: captured,
			eventKey,
			publish: createReducingPublish(publish, logger),
			me: () => session.me(),
		});
		await recorder.load();
		const outbox = createOutbox({ db, vault, lease, listeners: recorder });
		const receipts = createReceiptCollector({ userId, publish, clock, logger });
		const announcer = createAnnouncer({ db, lease, publish, clock, logger, graceMs });
		const session: Session = startSession({
			lease,
			link: { method: device?.link_method ?? 'qr', phone: device?.link_phone ?? null },
			// A newer program may be let in at once; whatever else WhatsApp said holds for every connector.
			notBefore: device?.reason === 'client_too_old' ? null : (device?.retry_at ?? null),
			engine,
			url,
			pingEveryMs,
			db,
			vault,
			clock,
			logger,
			groups: captured,
			groupMemory: desk.memory,
			outbox,
			createCapture(socket) {
				unread.beginConnection();
				return createCapture({
					lease,
					db,
					vault,
					logger,
					groups: captured,
					unread,
					eventKey,
					publish,
					reach,
					noteReceipts: receipts.add,
					noteSigns: recorder.onSigns,
					tellNotice: desk.teller.tell,
					socket,
				});
			},
			listeners: {
				onCaughtUp() {
					void desk.teller.catchUp();
					void recorder.catchUp();
					void askForUnread({ unread, whatsapp: session.whatsapp, logger });
				},
				onRestriction: desk.limits.restrictUntil,
			},
			mayAct,
			onChanged: () => tellChange(bus, userId, { topic: 'device' }),
			announcer: {
				...announcer,
				note(change) {
					if (change.state !== 'connecting') opened.resolve();
					announcer.note(change);
				},
			},
		});
		void session.ended.then(() => {
			desk.teller.close();
			recorder.close();
			return receipts.close();
		});
		const context: SessionContext = {
			session,
			groups: desk,
			outbox,
			clock,
			publish,
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
