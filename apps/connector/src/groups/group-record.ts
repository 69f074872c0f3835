/**
 * The own record of a user's starred groups, so that WhatsApp is rarely asked: sending needs to know the members, and asking
 * each time is what gets accounts a 429.
 *
 * A group is *verified* from when WhatsApp was asked about it until anything changes in it, or the connection ends (what
 * changes while away is told later, or never). A verified one is used as it is. Any other is read again first, with one
 * question at a time for each group, however many want to know. Notices are applied to the record all the same: it is the
 * best there is while WhatsApp asks to slow down.
 */
import type { Vault } from '@chat-manager/backend';
import { AppError } from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import { findGroupRecord, saveGroupRecord } from '../database/group-records.ts';
import type { Lease } from '../database/lease.ts';
import type { Tables } from '../database/tables.ts';
import { Group } from '../whatsapp/group-node.ts';
import type { GroupNotice } from '../whatsapp/group-notice.ts';
import { applyNotice } from './apply-notice.ts';
import type { KnownPeople } from './known-people.ts';
import type { Limits } from './limits.ts';
import { personOf } from './person.ts';

export type GroupRecord = {
	/** A connection begins: nothing is verified on it yet. */
	beginConnection(): void;
	/** Something changed in a group; `notice` says what, where that is known. */
	noteChange(jid: string, notice?: GroupNotice): void;
	/** The group as it is now: the verified record, or what WhatsApp answers. Throws what `Groups.get` and `Limits.look` do. */
	current(jid: string, timeoutMs?: number): Promise<Group>;
	/** What WhatsApp answers; whoever asks meanwhile gets the same answer. */
	refresh(jid: string, timeoutMs?: number): Promise<Group>;
	/** What WhatsApp answers to a question asked after this call. `timeoutMs`: how long it may take. */
	reread(jid: string, timeoutMs?: number): Promise<Group>;
	/** The record, verified or not; `undefined` for a group that was never read. */
	recalled(jid: string): Promise<Group | undefined>;
	/** Keeps what WhatsApp just said of a group. */
	remember(group: Group): Promise<void>;
};

export type GroupRecordOptions = {
	lease: Lease;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	limits: Limits;
	people: KnownPeople;
	read: (jid: string, timeoutMs?: number) => Promise<Group>;
};

export function createGroupRecord(options: GroupRecordOptions): GroupRecord {
	const { lease, db, vault, clock, logger, limits, people } = options;
	const { userId } = lease;
	/** Groups that are as recorded. */
	let verified = new Set<string>();
	/** Counts what happened to each group, to see that nothing did while WhatsApp was being asked. */
	const changes = new Map<string, number>();
	const reading = new Map<string, Promise<Group>>();
	let lastWrite: Promise<unknown> = Promise.resolve();

	/** Writes are in the order of what they tell of. A failure costs a question more, later. */
	function write(work: () => Promise<void>): Promise<boolean> {
		const done = lastWrite.then(work).then(
			() => true,
			(err: unknown) => {
				logger.warn({ err }, 'a group was not recorded');
				return false;
			},
		);
		lastWrite = done;
		return done;
	}

	async function recalled(jid: string): Promise<Group | undefined> {
		const sealed = await findGroupRecord(db, userId, jid);
		if (sealed === undefined) return undefined;
		return Group.parse(JSON.parse((await vault.open({ userId, row: placeOf(jid) }, sealed)).toString()));
	}

	async function save(group: Group): Promise<void> {
		const value = await vault.seal({ userId, row: placeOf(group.jid) }, JSON.stringify(group));
		await saveGroupRecord(db, lease, { jid: group.jid, value, readAt: new Date(clock.now()) });
	}

	async function remember(group: Group, seen = changes.get(group.jid), connection = verified): Promise<void> {
		const isSaved = await write(async () => {
			await save(group);
			await people.learn(group.members.map(personOf), 'group');
		});
		if (isSaved && changes.get(group.jid) === seen && connection === verified) verified.add(group.jid);
	}

	async function read(jid: string, timeoutMs?: number): Promise<Group> {
		const [seen, connection] = [changes.get(jid), verified];
		const group = await limits.look(() => options.read(jid, timeoutMs));
		await remember(group, seen, connection);
		return group;
	}

	function readOnce(jid: string, timeoutMs?: number): Promise<Group> {
		const running = reading.get(jid);
		if (running !== undefined) {
			return running.catch((error: unknown) => {
				// Who asked first had less time.
				if (error instanceof AppError && error.code === 'timeout') return readOnce(jid, timeoutMs);
				throw error;
			});
		}
		const started = read(jid, timeoutMs).finally(() => reading.delete(jid));
		reading.set(jid, started);
		return started;
	}

	async function current(jid: string, timeoutMs?: number): Promise<Group> {
		const known = verified.has(jid) ? await recalled(jid) : undefined;
		return known ?? readOnce(jid, timeoutMs);
	}

	return {
		current,
		recalled,
		remember,
		refresh: readOnce,
		beginConnection() {
			verified = new Set();
		},
		noteChange(jid, notice) {
			verified.delete(jid);
			changes.set(jid, (changes.get(jid) ?? 0) + 1);
			if (notice === undefined) return;
			void write(async () => {
				const group = await recalled(jid);
				if (group !== undefined) await save(applyNotice(group, notice));
				if ('members' in notice.change)
					await people.learn(notice.change.members.map(personOf), 'notice', notice.at);
			});
		},
		async reread(jid, timeoutMs) {
			await reading.get(jid)?.catch(() => {}); // Asked before this call: it may not know yet.
			return readOnce(jid, timeoutMs);
		},
	};
}

function placeOf(jid: string): string {
	return `group_records/${jid}`;
}
