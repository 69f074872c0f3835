/**
 * Tells subscribers what becomes of a device: `device.connected` and `device.disconnected`, on real changes only.
 *
 * What they were last told is kept with the device, so that a restart of ours, a hand-over to another connector, or a
 * connection that is back before `graceMs` are over, tells them nothing. Three things can be told:
 *
 *   connected   it is logged in, for the first time or after one of the other two
 *   away        it has not been connected for `graceMs`; the event is from the moment when the connection was lost
 *   ended       the link is gone, at once; only of a device that they were told of as connected before
 *
 * The id of an event comes from what was told before it, so a repeat after a crash between the event and the note of it is
 * recognised. A device that was unlinked or given to somebody else between the two is looked at again, for they may have
 * found it untold. While the bus is away it is tried again, until the device is given to somebody else: they find it untold.
 */
import { createHash } from 'node:crypto';
import type { DeviceReason, DeviceState } from '@chat-manager/contracts';
import { type Clock, type Logger, sleep, type Timer } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Publish } from '../context.ts';
import { findAnnounced, noteAnnounced } from '../database/devices.ts';
import { type Lease, LeaseLost } from '../database/lease.ts';
import type { Announced, Tables } from '../database/tables.ts';

export type StateChange = { state: DeviceState; reason: DeviceReason | null };

export type Announcer = {
	/** The device is in this state now. */
	note(change: StateChange): void;
	/** Resolves when everything is told, or cannot be for now (`hurry`: at once); a grace that runs is left to the next holder. */
	close(hurry: boolean): Promise<void>;
};

export type AnnouncerOptions = {
	db: Kysely<Tables>;
	lease: Lease;
	publish: Publish;
	clock: Clock;
	logger: Logger;
	graceMs: number;
};

const attempts = 8;
const ended: readonly DeviceState[] = [
	'unlinked',
	'replaced',
	'logged_out',
	'passkey_required',
	'restricted',
];

export function createAnnouncer(options: AnnouncerOptions): Announcer {
	const { clock, logger, graceMs } = options;
	const closing = new AbortController();
	let last: Promise<void> = Promise.resolve();
	let grace: Timer | undefined;
	let current: StateChange | undefined;

	function tell(what: Announced, change: StateChange, at: number): void {
		last = last.then(() => persist(what, change, at));
	}

	async function persist(what: Announced, change: StateChange, at: number): Promise<void> {
		for (let attempt = 1; attempt <= attempts; attempt++) {
			try {
				return await announce(options, what, { ...change, at });
			} catch (err) {
				if (err instanceof LeaseLost) return;
				logger.warn({ err, attempt, what }, 'what became of a device is not told yet');
				await sleep(clock, Math.min(5_000, 100 * 2 ** attempt), closing.signal).catch(() => {});
			}
		}
	}

	function stopGrace(): void {
		if (grace !== undefined) clock.clearTimeout(grace);
		grace = undefined;
	}

	return {
		note(change) {
			current = change;
			const at = clock.now();
			if (change.state === 'linking') return;
			const what = toldAtOnce(change.state);
			if (what !== undefined) {
				stopGrace();
				tell(what, change, at);
			} else if (grace === undefined) {
				grace = clock.setTimeout(() => tell('away', current ?? change, at), graceMs);
			}
		},
		async close(hurry) {
			stopGrace();
			if (hurry) closing.abort();
			await last;
		},
	};
}

function toldAtOnce(state: DeviceState): Announced | undefined {
	return state === 'connected' ? 'connected' : ended.includes(state) ? 'ended' : undefined;
}

/** Tells it unless it was told already. Throws `LeaseLost` when somebody else holds the device. */
export async function announce(
	{ db, lease, publish }: Pick<AnnouncerOptions, 'db' | 'lease' | 'publish'>,
	what: Announced,
	{ state, reason, at }: StateChange & { at: number },
): Promise<void> {
	const known = await findAnnounced(db, lease);
	if (known === undefined) throw new LeaseLost(lease);
	const { announced, announced_at: since } = known;
	const wasConnected = announced === 'connected' || announced === 'away';
	const isNews = what === 'connected' ? announced !== 'connected' : wasConnected && announced !== what;
	if (!isNews) return;
	const parts = [lease.userId, announced ?? '', since?.toISOString() ?? '', what];
	await publish({
		id: createHash('sha256').update(parts.join('\n')).digest('base64url'),
		type: what === 'connected' ? 'device.connected' : 'device.disconnected',
		at: new Date(at).toISOString(),
		userId: lease.userId,
		data: { state, reason },
	});
	const now = await noteAnnounced(db, lease.userId, known, { announced: what, at: new Date(at) });
	if (now === undefined || Number(now.epoch) === lease.epoch) return;
	const next = toldAtOnce(now.state);
	const holder = { userId: lease.userId, epoch: Number(now.epoch) };
	if (next !== undefined)
		await announce({ db, lease: holder, publish }, next, { ...now, at: now.updated_at.getTime() });
}
