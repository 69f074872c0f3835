import type { Group, GroupMember } from '../whatsapp/group-node.ts';

/** Somebody, by hidden id (a jid), phone number (`+…`) or both: either may be unknown. */
export type Person = { lid: string | null; phone: string | null };

/** Whether two are the same: one thing that both are known by is enough. */
export function isSamePerson(one: Person, other: Person): boolean {
	return (one.lid !== null && one.lid === other.lid) || (one.phone !== null && one.phone === other.phone);
}

/** `123@lid`, `15551234567@s.whatsapp.net` or `+15551234567`. */
export function toPerson(member: string): Person {
	if (member.endsWith('@lid')) return { lid: member, phone: null };
	return { lid: null, phone: `+${member.replace(/@.*$/, '').replace('+', '')}` };
}

export function personOf({ jid, phone }: Pick<GroupMember, 'jid' | 'phone'>): Person {
	return { lid: jid.endsWith('@lid') ? jid : null, phone };
}

export function findMember(group: Group, person: Person): GroupMember | undefined {
	return group.members.find((member) => isSamePerson(personOf(member), person));
}

/** Whether the person could be told among the members: somebody known by phone alone is not seen where a phone is hidden. */
export function isVisible(group: Group, { lid, phone }: Person): boolean {
	const members = group.members.map(personOf);
	return (
		(lid !== null && members.every((member) => member.lid !== null)) ||
		(phone !== null && members.every((member) => member.phone !== null))
	);
}

export function phoneJid(phone: string): string {
	return `${phone.slice(1)}@s.whatsapp.net`;
}

/** How the group names a member. */
export function addressOf({ addressing }: Group, { jid, phone }: GroupMember): string {
	return addressing === 'lid' || phone === null ? jid : phoneJid(phone);
}
