import { AppError } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import type { TokenStore, VerifiedToken } from '../database/access-tokens.ts';
import type { Caller } from './caller.ts';
import { hashToken, isTokenShaped } from './token-secret.ts';

/** The net under `Revocations`: what was missed of them lasts no longer than this. */
const cacheMs = 15_000;
const maxCached = 10_000;
/** How often the time of the last use is written down. */
const lastUsedEveryMs = 60_000;

export type TokenAccess = {
	/** Whose token it is; undefined for one that is unknown, expired or revoked. Throws `unavailable` without a database. */
	verify(token: string): Promise<Caller | undefined>;
	/** Looks a token up anew at its next use. */
	forget(tokenId: string): void;
	/** The same for all, for when a revocation may have been missed. */
	forgetAll(): void;
};

export function createTokenAccess(options: {
	store: TokenStore;
	clock: Clock;
	logger: Logger;
	/** The time of a token's last use was written down. */
	onUseNoted?(userId: string): void;
}): TokenAccess {
	const { store, clock, logger, onUseNoted } = options;
	/** By hash; the least recently used stands first. */
	const cached = new Map<string, Entry>();
	/** Grows with every revocation: a look-up that began before one must not be remembered. */
	let generation = 0;

	async function load(key: string, hash: Buffer): Promise<Entry | undefined> {
		const before = generation;
		const token = await store.find(hash);
		if (token === undefined) return undefined;
		const entry = { token, loadedAt: clock.monotonicMs(), lastUsedWrittenAt: Number.NEGATIVE_INFINITY };
		if (before === generation) remember(key, entry);
		return entry;
	}

	function remember(key: string, entry: Entry): void {
		cached.delete(key);
		cached.set(key, entry);
		const [oldest] = cached.keys();
		if (cached.size > maxCached && oldest !== undefined) cached.delete(oldest);
	}

	function fresh(key: string): Entry | undefined {
		const entry = cached.get(key);
		if (entry === undefined) return undefined;
		if (clock.monotonicMs() - entry.loadedAt < cacheMs) {
			remember(key, entry);
			return entry;
		}
		cached.delete(key);
		return undefined;
	}

	function noteUse(entry: Entry): void {
		const now = clock.monotonicMs();
		if (now - entry.lastUsedWrittenAt < lastUsedEveryMs) return;
		entry.lastUsedWrittenAt = now;
		store.noteUse(entry.token, new Date(clock.now()), lastUsedEveryMs).then(
			() => onUseNoted?.(entry.token.userId),
			(error: unknown) =>
				logger.warn({ err: error, tokenId: entry.token.id }, 'The last use of a token was not written'),
		);
	}

	return {
		async verify(token) {
			if (!isTokenShaped(token)) return undefined;
			const hash = hashToken(token);
			const key = hash.toString('base64');
			const entry = fresh(key) ?? (await load(key, hash));
			if (entry === undefined || isExpired(entry.token, clock)) return undefined;
			noteUse(entry);
			const { id, expiresAt: _, ...caller } = entry.token;
			return { ...caller, tokenId: id };
		},
		forget(tokenId) {
			generation++;
			for (const [key, entry] of cached) if (entry.token.id === tokenId) cached.delete(key);
		},
		forgetAll() {
			generation++;
			cached.clear();
		},
	};
}

/** One answer for unknown, expired and revoked. */
export function tokenRefused(tokenPage: string): AppError {
	return new AppError(
		'unauthenticated',
		`The access token is missing or not valid (any more). Create a personal access token at ${tokenPage} and send it as "Authorization: Bearer <token>".`,
	);
}

function isExpired({ expiresAt }: VerifiedToken, clock: Clock): boolean {
	return expiresAt !== null && expiresAt.getTime() <= clock.now();
}

type Entry = { token: VerifiedToken; loadedAt: number; lastUsedWrittenAt: number };
