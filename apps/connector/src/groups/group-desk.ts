import type { Vault } from '@chat-manager/backend';
import type { BusEvent } from '@chat-manager/bus';
import type { Clock, Logger } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Lease } from '../database/lease.ts';
import { changeStar, listStarred } from '../database/starred-groups.ts';
import type { Tables } from '../database/tables.ts';
import type { CapturedGroups } from '../devices/captured-groups.ts';
import type { Me } from '../whatsapp/auth-state.ts';
import type { GroupMemory, WhatsAppSocket } from '../whatsapp/engine.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import { createGroupReader } from './group-reader.ts';
import { createGroupRecord, type GroupRecord } from './group-record.ts';
import { createGroupTeller, type GroupTeller } from './group-teller.ts';
import { createKnownPeople, type KnownPeople } from './known-people.ts';
import { createLimits, type LimitSettings, type Limits } from './limits.ts';
import { isSamePerson, personOf } from './person.ts';

/** What the operations on one user's groups share. */
export type GroupDesk = {
	readonly record: GroupRecord;
	readonly limits: Limits;
	readonly people: KnownPeople;
	/** Stars a group in the own copy; resolves with when it was starred. */
	star(jid: string): Promise<Date>;
	/** Group → since when it is starred. */
	starred(): Promise<Map<string, Date>>;
	/** Tells subscribers what happens in them. */
	readonly teller: GroupTeller;
	/** The part of it that a socket feeds and asks. */
	readonly memory: GroupMemory;
};

export type GroupDeskOptions = {
	lease: Lease;
	db: Kysely<Tables>;
	vault: Vault;
	clock: Clock;
	logger: Logger;
	captured: CapturedGroups;
	settings: LimitSettings;
	publish(event: BusEvent): Promise<void>;
	/** The open socket; throws while there is none. */
	whatsapp(): Pick<WhatsAppSocket, 'groups'>;
	renewKey(jid: string): Promise<void>;
	/** Who the device belongs to, once it is connected. */
	me(): Me;
};

export function createGroupDesk(options: GroupDeskOptions): GroupDesk {
	const { lease, db, clock, captured, settings, whatsapp } = options;
	const { userId } = lease;
	const limits = createLimits({ clock, settings });
	const people = createKnownPeople({ db, lease, clock });
	const read = (jid: string, timeoutMs?: number) => whatsapp().groups.get(jid, timeoutMs);
	const record = createGroupRecord({ ...options, limits, people, read });
	const starred = async () =>
		new Map((await listStarred(db, userId)).map(({ jid, starredAt }) => [jid, starredAt]));
	const reader = createGroupReader({ record, limits, people, list: () => whatsapp().groups.list() });
	const teller = createGroupTeller({
		...options,
		starred: async () => [...(await starred()).keys()],
		read: reader,
		isMe(member) {
			const me = options.me();
			return isSamePerson(personOf(member), { lid: me.lid, phone: phoneOf(me.jid) });
		},
	});
	return {
		teller,
		record,
		limits,
		people,
		starred,
		async star(jid) {
			const at = new Date(clock.now());
			await changeStar(db, { userId, jid, starred: true, at });
			await captured.reload();
			return (await starred()).get(jid) ?? at;
		},
		memory: {
			beginConnection: record.beginConnection,
			noteChange: (jid, notice) => record.noteChange(jid, captured.has(jid) ? notice : undefined),
			// A message had better go to the members as last seen than not at all.
			recall: (jid) =>
				record.current(jid).catch(async (error) => (await record.recalled(jid)) ?? raise(error)),
		},
	};
}

function raise(error: unknown): never {
	throw error;
}
