import type { Change } from '@chat-manager/contracts';
import type { Query, QueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { sessionQuery } from '../api/people.ts';
import { staleReads } from './stale-reads.ts';

/** A long list says how its beginning is read again, so that not all of it has to be. */
const Meta = z.object({ refreshHead: z.custom<RefreshHead>((value) => typeof value === 'function') });

export type Refresher = Disposable & {
	refresh(changes: readonly Change[]): void;
	refreshAll(): void;
};

/** Reads again what is shown when it has changed: one read at a time of each kind, and one more when it changed meanwhile. */
export function createRefresher(client: QueryClient): Refresher {
	const reads = new Map<string, Reading>();

	function refreshOne(name: string, everyMs: number, matches: (query: Query) => boolean): void {
		const reading = reads.get(name) ?? { isRunning: false, isWanted: false, timer: undefined };
		reads.set(name, reading);
		reading.isWanted = true;
		if (reading.isRunning || reading.timer !== undefined) return;
		void run();

		async function run(): Promise<void> {
			reading.timer = undefined;
			if (!reading.isWanted) return;
			reading.isRunning = true;
			reading.isWanted = false;
			await Promise.all(client.getQueryCache().findAll({ predicate: matches }).map(refreshQuery));
			reading.isRunning = false;
			if (everyMs > 0) reading.timer = window.setTimeout(() => void run(), everyMs);
			else await run();
		}
	}

	async function refreshQuery(query: Query): Promise<void> {
		const meta = Meta.safeParse(query.meta);
		if (meta.success && query.isActive() && query.state.data !== undefined)
			return await meta.data
				.refreshHead(client)
				.catch(() => client.invalidateQueries({ queryKey: query.queryKey }));
		await client.invalidateQueries({ queryKey: query.queryKey, exact: true });
	}

	return {
		refresh(changes) {
			for (const { topic, groupJid } of changes) {
				for (const { key, everyMs } of staleReads[topic])
					refreshOne(
						`${key} ${groupJid ?? ''}`,
						everyMs,
						({ queryKey }) => queryKey[0] === key && concerns(queryKey[1], groupJid),
					);
				// A device that is there again can answer what could not be answered.
				if (topic === 'device') refreshOne('failed', 0, ({ state }) => state.status === 'error');
			}
		},
		refreshAll() {
			void client.invalidateQueries({
				predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0],
			});
		},
		[Symbol.dispose]() {
			for (const { timer } of reads.values()) clearTimeout(timer);
		},
	};
}

const OfGroup = z.object({ jid: z.string() });

/** What is read of another group has not changed; a list of all groups has. */
function concerns(input: unknown, groupJid: string | undefined): boolean {
	const read = OfGroup.safeParse(input);
	return groupJid === undefined || !read.success || read.data.jid === groupJid;
}

type RefreshHead = (client: QueryClient) => Promise<void>;
type Reading = { isRunning: boolean; isWanted: boolean; timer: number | undefined };
