import type { Group, GroupMember } from '../whatsapp/group-node.ts';
import type { GroupNotice, NoticedMember } from '../whatsapp/group-notice.ts';
import { isSamePerson, personOf } from './person.ts';

/** A recorded group after a change that WhatsApp told of. Who joined is a plain member: being made an admin is told apart. */
export function applyNotice(group: Group, { change }: GroupNotice): Group {
	switch (change.kind) {
		case 'renamed':
			return { ...group, name: change.name };
		case 'described':
			return { ...group, description: change.description };
		case 'joined':
			return withMembers(group, change.members, 'member');
		case 'promoted':
			return withMembers(group, change.members, 'admin');
		case 'demoted':
			return withMembers(group, change.members, 'member');
		case 'left':
			return { ...group, members: without(group, change.members) };
		case 'created':
			return group; // It says no more than that it must be read again.
	}
}

function withMembers(group: Group, changed: readonly NoticedMember[], role: GroupMember['role']): Group {
	return {
		...group,
		members: [...without(group, changed), ...changed.map((member) => ({ ...member, role }))],
	};
}

function without(group: Group, gone: readonly NoticedMember[]): GroupMember[] {
	const people = gone.map(personOf);
	return group.members.filter((member) => !people.some((person) => isSamePerson(person, personOf(member))));
}
