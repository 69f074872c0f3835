import type { Clock } from '@chat-manager/service';
import type { Kysely } from 'kysely';
import type { Lease } from '../database/lease.ts';
import { findLidPhones, saveLidPhones } from '../database/lid-phones.ts';
import type { PairSource, Tables } from '../database/tables.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { type Person, personOf } from './person.ts';

/** Which hidden id is whose phone number, as groups and notices told it in the course of time. */
export type KnownPeople = {
	/** Takes note of those of whom both are told; `at`: when WhatsApp said so. */
	learn(people: readonly Person[], source: PairSource, at?: number): Promise<void>;
	/** Adds what is known of each, in the same order. */
	complete(people: readonly Person[]): Promise<Person[]>;
	/** The group with the phone numbers of members that it does not tell itself. */
	completeGroup(group: Group): Promise<Group>;
};

export function createKnownPeople(options: { db: Kysely<Tables>; lease: Lease; clock: Clock }): KnownPeople {
	const { db, lease, clock } = options;
	const complete = async (people: readonly Person[]): Promise<Person[]> => {
		const half = people.filter(({ lid, phone }) => lid === null || phone === null);
		const known = await findLidPhones(db, lease.userId, {
			lids: half.flatMap(({ lid }) => lid ?? []),
			phones: half.flatMap(({ phone }) => phone ?? []),
		});
		return people.map(({ lid, phone }) => ({
			lid: lid ?? known.find((pair) => pair.phone === phone)?.lid ?? null,
			phone: phone ?? known.find((pair) => pair.lid === lid)?.phone ?? null,
		}));
	};
	return {
		complete,
		async learn(people, source, at = clock.now()) {
			const pairs = people.flatMap(({ lid, phone }) =>
				lid === null || phone === null ? [] : [{ lid, phone }],
			);
			await saveLidPhones(db, lease, { pairs, source, at: new Date(at) });
		},
		async completeGroup(group) {
			const people = await complete(group.members.map(personOf));
			const members = group.members.map((member, index) => ({
				...member,
				phone: people[index]?.phone ?? null,
			}));
			return { ...group, members };
		},
	};
}
