import { describe, expect, it } from 'vitest';
import { compareGroups } from '../src/groups/compare-groups.ts';
import type { Group, GroupMember } from '../src/whatsapp/group-node.ts';

const at = Date.parse('2026-11-22T09:00:00Z');
const ana: GroupMember = { jid: '11111111111@lid', phone: '+15550000001', role: 'owner' };
const bea: GroupMember = { jid: '22222222222@lid', phone: '+15550000002', role: 'member' };
const cleo: GroupMember = { jid: '33333333333@lid', phone: null, role: 'member' };

const group = (members: GroupMember[], change: Partial<Group> = {}): Group => ({
	jid: '120363025246125486@g.us',
	name: 'Support',
	description: null,
	descriptionId: null,
	owner: ana.jid,
	createdAt: at,
	addressing: 'lid',
	ephemeralSeconds: 0,
	adminsOnly: { write: false, edit: false, add: true },
	members,
	...change,
});
const compare = (before: Group, now: Group, version = 0) =>
	compareGroups('ana', { version, group: before }, now, at);
const short = (before: Group, now: Group) =>
	compare(before, now).map((event) => [
		event.type,
		'member' in event.data ? event.data.member.jid : event.data,
	]);

describe('what is different in a group', () => {
	it('is who came and who went, whose role changed, and what it is called', () => {
		const before = group([ana, bea]);
		const now = group([ana, { ...cleo, role: 'admin' }], { name: 'Help', description: 'Ask here' });
		expect(short(before, now)).toEqual([
			['member.joined', cleo.jid],
			['member.promoted', cleo.jid],
			['member.left', bea.jid],
			['group.updated', { name: 'Help', description: 'Ask here' }],
		]);
		expect(short(group([{ ...bea, role: 'admin' }]), group([bea]))).toEqual([['member.demoted', bea.jid]]);
		expect(compare(before, now)[0]).toMatchObject({ data: { by: null, how: 'unknown' } });
	});

	it('is nothing when people are only called by another name', () => {
		const byPhone = ({ phone, role }: GroupMember): GroupMember => ({
			jid: `${phone?.slice(1)}@s.whatsapp.net`,
			phone,
			role,
		});
		const before = group([ana, bea].map(byPhone), { addressing: 'pn' });
		expect(short(before, group([bea, ana]))).toEqual([]);
	});

	it('has the same ids when it is told again, and others the next time', () => {
		const ids = (version: number) => compare(group([ana]), group([ana, bea]), version).map(({ id }) => id);
		expect(ids(3)).toEqual(ids(3));
		expect(ids(4)).not.toEqual(ids(3));
	});
});
