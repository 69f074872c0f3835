import { createHash } from 'node:crypto';
import { publishEvent, purgeEvents } from '@chat-manager/bus';
import { keepers, Language } from '@chat-manager/contracts';
import type { Clock, Logger, Timer } from '@chat-manager/service';
import type { Revocations } from '../access/revocations.ts';
import type { BusLink } from '../bus-link.ts';
import { createTokenStore } from '../database/access-tokens.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import {
	deletePendingDeletion,
	erasePerson,
	insertPendingDeletion,
	listPendingDeletions,
	noteErased,
	type PendingDeletion,
} from '../database/pending-deletions.ts';
import { accountDeletedLetter } from '../mail/letters.ts';
import type { PostOffice } from '../mail/post-office.ts';

/**
 * How an account goes:
 *
 * - begun: its row in `pending_deletions` is written. From here on nothing calls it off, and any replica goes on with it, after
 *   any crash;
 * - erased here: the person, with all that refers to them, is deleted from our own schema;
 * - announced: `account.deleted` is published, again and again while somebody is waited for. Every service that keeps something
 *   of people destroys it and publishes `account.erased`; both know a repeat;
 * - done: all have said so. The person is told by mail, their events are taken off the stream, and the row goes last.
 */
export type Deletions = AsyncDisposable & {
	begin(userId: string): Promise<void>;
	/** Goes on with what has begun, now. */
	wake(): void;
	/** A service is done with somebody. */
	noteErased(userId: string, service: string): Promise<void>;
};

const everyMs = 30_000;
const retryMs = 2_000;

export function createDeletions(options: {
	database: IdentityDatabase;
	bus: BusLink;
	tokens: Pick<Revocations, 'announceRevoked'>;
	postOffice: PostOffice;
	clock: Clock;
	logger: Logger;
}): Deletions {
	const { database, bus, tokens, postOffice, clock, logger } = options;
	let timer: Timer | undefined;
	let running: Promise<void> | undefined;
	let isWanted = false;
	let closed = false;
	wake();

	/** Goes on now; what begins meanwhile makes it look once more. */
	function wake(): void {
		if (closed) return;
		isWanted = true;
		running ??= goOnWhileWanted();
	}

	/** Looks again later, too: soon when it could not be done, for then something is away. */
	async function goOnWhileWanted(): Promise<void> {
		let delayMs = everyMs;
		while (isWanted && !closed) {
			isWanted = false;
			delayMs = await goOn();
		}
		running = undefined;
		clock.clearTimeout(timer);
		if (!closed) timer = clock.setTimeout(wake, delayMs);
	}

	/** After how long to look again. */
	async function goOn(): Promise<number> {
		try {
			for (const deletion of await listPendingDeletions(database)) await advance(deletion);
			return everyMs;
		} catch (err) {
			// At the start everything waits for the database, and that is logged elsewhere.
			if ((await database.state()) !== 'starting')
				logger.warn({ err }, 'a deletion of an account waits; it goes on in a moment');
			return retryMs;
		}
	}

	async function advance(deletion: PendingDeletion): Promise<void> {
		const { userId, waitingFor, requestedAt } = deletion;
		await revokeTokens(userId);
		await erasePerson(database, userId);
		if (waitingFor.length === 0) return await finish(deletion);
		await publishEvent(bus.get(), {
			id: `deleted-${userId}`.slice(0, 64),
			type: 'account.deleted',
			at: requestedAt.toISOString(),
			userId,
			data: {},
		});
	}

	/** While their rows are there: replicas remember tokens for a moment, and have to be told. */
	async function revokeTokens(userId: string): Promise<void> {
		const ids = await createTokenStore(database).revokeAll(userId, new Date(clock.now()));
		await Promise.all(ids.map((id) => tokens.announceRevoked(id)));
	}

	async function finish({ userId, name, email, language }: PendingDeletion): Promise<void> {
		// What was written meanwhile by a request that was under way.
		await erasePerson(database, userId);
		await purgeEvents(bus.get(), userId);
		const letter = accountDeletedLetter({ name, language: Language.catch('en').parse(language) });
		// No trace of the account: the mail is still there when the row is gone.
		const id = createHash('sha256').update(`account deleted ${userId}`).digest('hex');
		const isEnded = await database.ask(() =>
			database.db.transaction().execute(async (transaction) => {
				if (!(await deletePendingDeletion(transaction, userId))) return false;
				await postOffice.post({ id, userId: null, recipient: email, letter }, transaction);
				return true;
			}),
		);
		if (!isEnded) return;
		postOffice.wake();
		logger.info({ userId }, 'an account is deleted everywhere');
	}

	return {
		async begin(userId) {
			await insertPendingDeletion(database, { userId, waitingFor: keepers, now: new Date(clock.now()) });
			await revokeTokens(userId);
		},
		wake,
		async noteErased(userId, service) {
			const left = await noteErased(database, { userId, service });
			if (left?.waitingFor.length === 0) await finish(left);
		},
		async [Symbol.asyncDispose]() {
			closed = true;
			clock.clearTimeout(timer);
			await running;
		},
	};
}
