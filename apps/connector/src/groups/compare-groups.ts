import { createHash } from 'node:crypto';
import type { BusEvent } from '@chat-manager/bus';
import type { Group, GroupMember } from '../whatsapp/group-node.ts';
import { personOf } from './person.ts';

type Difference =
	| BusEvent<'member.joined'>
	| BusEvent<'member.left'>
	| BusEvent<'member.promoted'>
	| BusEvent<'member.demoted'>
	| BusEvent<'group.updated'>;

/**
 * What is different in a group from what subscribers were told of it last. When and by whom it was done is not known any more.
 * The ids come from `version`, which counts what was told: a repeat of the same comparison has the same ones.
 */
export function compareGroups(
	userId: string,
	told: { version: number; group: Group },
	now: Group,
	at: number,
): Difference[] {
	const head = (what: string, subject: string) => ({
		id: createHash('sha256')
			.update([userId, now.jid, 'compared', told.version, what, subject].join('\n'))
			.digest('base64url'),
		at: new Date(at).toISOString(),
		userId,
		groupJid: now.jid,
	});
	const [before, after] = [indexOf(told.group), indexOf(now)];
	const named = ({ jid, phone }: GroupMember) => ({ jid, phone, name: null });
	const changes: Difference[] = [];
	for (const member of now.members) {
		const known = before(member);
		const data = { member: named(member), by: null };
		if (known === undefined)
			changes.push({
				...head('joined', member.jid),
				type: 'member.joined',
				data: { ...data, how: 'unknown' },
			});
		const [was, is] = [known?.role ?? 'member', member.role].map((role) => role !== 'member');
		if (is && !was) changes.push({ ...head('promoted', member.jid), type: 'member.promoted', data });
		if (was && !is) changes.push({ ...head('demoted', member.jid), type: 'member.demoted', data });
	}
	for (const member of told.group.members)
		if (after(member) === undefined)
			changes.push({
				...head('left', member.jid),
				type: 'member.left',
				data: { member: named(member), by: null, how: 'unknown' },
			});
	const details = {
		...(now.name === told.group.name ? {} : { name: now.name }),
		...(now.description === told.group.description ? {} : { description: now.description }),
	};
	if (Object.keys(details).length > 0)
		changes.push({ ...head('updated', ''), type: 'group.updated', data: details });
	return changes;
}

/** Finds a member by either of the things that somebody is known by. */
function indexOf({ members }: Group): (member: GroupMember) => GroupMember | undefined {
	const known = new Map<string, GroupMember>();
	for (const member of members) for (const name of namesOf(member)) known.set(name, member);
	return (member) => {
		for (const name of namesOf(member)) {
			const found = known.get(name);
			if (found !== undefined) return found;
		}
		return undefined;
	};
}

function namesOf(member: GroupMember): string[] {
	const { lid, phone } = personOf(member);
	return [lid, phone].filter((name) => name !== null);
}
