import { type Bus, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import { SubjectToken } from '@chat-manager/contracts';
import { type Clock, type Logger, sleep } from '@chat-manager/service';
import { z } from 'zod';
import type { Replicas } from './replicas.ts';

const data = z.object({ tokenId: SubjectToken, replicaId: SubjectToken });
/** From the replica that revoked a token, to all. */
const tokenRevoked = { service: 'gateway', name: 'token-revoked', data } satisfies Signal<z.ZodType>;
/** From each of the others, once it has forgotten the token. */
const tokenForgotten = { service: 'gateway', name: 'token-forgotten', data } satisfies Signal<z.ZodType>;

/** How long a revocation waits for a replica that does not answer. */
const patienceMs = 1_000;

/**
 * Makes every replica forget a revoked token before its owner is told that it is revoked, so that it is refused on the next
 * request wherever that goes. A replica that cannot be reached forgets it by itself within seconds.
 */
export type Revocations = {
	announceRevoked(tokenId: string): Promise<void>;
	/** Speaks and listens on a bus from now on. */
	join(bus: Bus): void;
};

export function createRevocations(options: {
	replicas: Replicas;
	clock: Clock;
	logger: Logger;
	/** Forgets a token in this replica. */
	forget(tokenId: string): void;
}): Revocations {
	const { replicas, clock, logger, forget } = options;
	const waiting = new Map<string, { left: Set<string>; done: () => void }>();
	let joined: Bus | undefined;

	function hear(bus: Bus, tokenId: string, from: string): void {
		if (from === replicas.id) return;
		forget(tokenId);
		sendSignal(bus, tokenForgotten, { tokenId, replicaId: replicas.id });
	}

	function noteForgotten(tokenId: string, replicaId: string): void {
		const entry = waiting.get(tokenId);
		entry?.left.delete(replicaId);
		if (entry?.left.size === 0) entry.done();
	}

	return {
		async announceRevoked(tokenId) {
			forget(tokenId);
			const left = new Set(replicas.others());
			if (joined?.isConnected() !== true) return;
			const { promise, resolve } = Promise.withResolvers<void>();
			waiting.set(tokenId, { left, done: resolve });
			sendSignal(joined, tokenRevoked, { tokenId, replicaId: replicas.id });
			const giveUp = new AbortController();
			if (left.size > 0)
				await Promise.race([promise, sleep(clock, patienceMs, giveUp.signal).catch(() => undefined)]);
			giveUp.abort();
			waiting.delete(tokenId);
			if (left.size > 0)
				logger.warn({ tokenId, replicas: [...left] }, 'not every replica has forgotten a revoked token yet');
		},
		join(bus) {
			joined = bus;
			onSignal(bus, tokenRevoked, ({ tokenId, replicaId }) => hear(bus, tokenId, replicaId));
			onSignal(bus, tokenForgotten, ({ tokenId, replicaId }) => noteForgotten(tokenId, replicaId));
		},
	};
}
