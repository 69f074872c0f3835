/**
 * Everything that reads and writes the session with a device takes turns, and is committed when its turn ends.
 *
 * Stock Baileys protects a session by transactions under different names: a decryption under the correspondent's, whatever a
 * send does under its own, until the frame is written and longer. An answer that arrives before that commit is decrypted with
 * the session as it was, and whoever commits last takes back what the other did: the next message of ours has a key that was
 * used before, and nobody can read it. And with the commit after the frame, a crash between the two does the same.
 *
 * So sessions are advanced outside of the transaction of a send, under one name for all, and what a send encrypts is committed
 * before it can be written. The many encryptions of a message to a group (one a device) that wait for a turn share one.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { SignalKeyStoreWithTransaction, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys';

/** The name of the transactions in which sessions change. */
export const sessionTurn = 'sessions';

type Encrypt = SignalRepositoryWithLIDStore['encryptMessage'];
type Encryption = {
	options: Parameters<Encrypt>[0];
	resolve(outcome: ReturnType<Encrypt>): void;
	reject(error: unknown): void;
};

/** Must be called outside of any transaction. */
export function makeSessionsTakeTurns(
	stock: SignalRepositoryWithLIDStore,
	keys: SignalKeyStoreWithTransaction,
): SignalRepositoryWithLIDStore {
	const outsideTransaction = AsyncLocalStorage.snapshot();
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => keys.transaction(work, sessionTurn);
	const waiting: Encryption[] = [];

	async function encryptWaiting(): Promise<void> {
		let taken: Encryption[] = [];
		try {
			const outcomes = await inTurn(() => {
				taken = waiting.splice(0);
				return Promise.allSettled(taken.map(({ options }) => stock.encryptMessage(options)));
			});
			taken.forEach(({ resolve, reject }, index) => {
				const outcome = outcomes[index];
				if (outcome?.status === 'fulfilled') resolve(Promise.resolve(outcome.value));
				else reject(outcome?.reason);
			});
		} catch (error) {
			for (const { reject } of taken) reject(error);
		}
	}

	return {
		...stock,
		encryptMessage(options) {
			const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Encrypt>>>();
			waiting.push({ options, resolve, reject });
			if (waiting.length === 1) outsideTransaction(() => void encryptWaiting());
			return promise;
		},
		/** Joins the transaction that is open, which has to be a turn: what a message says is captured within it. */
		decryptMessage: (options) => inTurn(() => stock.decryptMessage(options)),
		injectE2ESession: (options) => outsideTransaction(() => inTurn(() => stock.injectE2ESession(options))),
		migrateSession: (from, to) => outsideTransaction(() => inTurn(() => stock.migrateSession(from, to))),
		deleteSession: (jids) => outsideTransaction(() => inTurn(() => stock.deleteSession(jids))),
	};
}
