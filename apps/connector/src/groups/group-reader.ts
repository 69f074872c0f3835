import { AppError } from '@chat-manager/contracts';
import type { Group } from '../whatsapp/group-node.ts';
import type { GroupRecord } from './group-record.ts';
import type { KnownPeople } from './known-people.ts';
import type { Limits } from './limits.ts';

/** So many are asked for one by one; more of them by the one question that answers all groups of the device. */
const fewGroups = 4;

/** Reads several groups with as few questions as there can be; null for one that the device is not in. */
export function createGroupReader(options: {
	record: GroupRecord;
	limits: Limits;
	people: KnownPeople;
	list(): Promise<Group[]>;
}): (jids: readonly string[]) => Promise<Map<string, Group | null>> {
	const { record, limits, people } = options;

	async function readOne(jid: string): Promise<Group | null> {
		try {
			return await record.refresh(jid);
		} catch (error) {
			if (error instanceof AppError && notIn.includes(error.code)) return null;
			throw error;
		}
	}

	async function readAll(jids: readonly string[]): Promise<Map<string, Group | null>> {
		const all = await limits.look(() => options.list());
		const found = new Map<string, Group | null>(jids.map((jid) => [jid, null]));
		for (const group of all.filter(({ jid }) => found.has(jid))) {
			await record.remember(group);
			found.set(group.jid, group);
		}
		return found;
	}

	return async (jids) => {
		const read =
			jids.length > fewGroups
				? await readAll(jids)
				: new Map(await Promise.all(jids.map(async (jid) => [jid, await readOne(jid)] as const)));
		for (const [jid, group] of read) if (group !== null) read.set(jid, await people.completeGroup(group));
		return read;
	};
}

const notIn: readonly string[] = ['not_group_member', 'group_not_found'];
