import { AppError, type Call, type Contract, type DomainHandlers, toAppError } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { changePeople } from '../groups/change-people.ts';
import { explain, notAdmin, notMember, ownRole } from '../groups/explain.ts';
import { type Addressee, findPeople } from '../groups/find-people.ts';
import { lookInTime } from '../groups/look-again.ts';
import { adding, type PeopleAction, removing } from '../groups/outcomes.ts';
import { addressOf, findMember, isVisible, type Person } from '../groups/person.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { assertStarred } from './starred.ts';

type MemberHandlers = DomainHandlers<Contract['connector']['members'], SessionContext>;

export const addMembers: MemberHandlers['add'] = (context, input, call) =>
	changeMembers(context, adding, input, call);

export const removeMembers: MemberHandlers['remove'] = (context, input, call) =>
	changeMembers(context, removing, input, call);

async function changeMembers<Outcome extends string>(
	context: SessionContext,
	what: PeopleAction<Outcome>,
	{ jid, members }: { jid: string; members: readonly string[] },
	call: Call,
) {
	assertStarred(context, jid);
	context.session.whatsapp(); // An offline device is said before anything is asked.
	const group = await currentGroup(context, jid, call);
	if (group !== undefined) assertRights(context, group, what.action);
	const isFound = (person: Person) => group !== undefined && findMember(group, person) !== undefined;
	const people = await findPeople(
		context,
		call,
		members,
		(person) => isFound(person) || what.action === 'remove',
	);
	const outcomes = new Map<Addressee, Outcome | 'not_done' | 'unknown'>();
	for (const addressee of people) {
		const { person } = addressee;
		const isCertain = isFound(person) || (group !== undefined && isVisible(group, person));
		if (addressee.jid === null) outcomes.set(addressee, what.absent);
		else if (isCertain && what.isDone(isFound(person))) outcomes.set(addressee, what.already);
	}
	const open = people.filter((person) => !outcomes.has(person));
	for (const addressee of open) {
		const member = group && findMember(group, addressee.person);
		if (group !== undefined && member !== undefined) addressee.jid = addressOf(group, member);
	}
	const tally = await changePeople(context, { jid, what, call }, open).catch(async (error: unknown) => {
		throw toAppError(await explain(context, jid, call, error));
	});
	for (const [addressee, outcome] of tally.outcomes) outcomes.set(addressee, outcome);
	return { jid, members: inOrder(members, outcomes), retryAfterMs: tally.retryAfterMs };
}

/** One outcome for each of the names that the caller gave, in their order. */
export function inOrder<Outcome>(members: readonly string[], outcomes: ReadonlyMap<Addressee, Outcome>) {
	return members.map((member) => {
		const found = [...outcomes].find(([{ names }]) => names.includes(member));
		if (found === undefined) throw new Error('Every member has an outcome');
		return { member, outcome: found[1] };
	});
}

/** `undefined` while WhatsApp must not be asked: it knows who is a member when it is told to change something. */
async function currentGroup(context: SessionContext, jid: string, call: Call): Promise<Group | undefined> {
	const { people, record } = context.groups;
	try {
		return await people.completeGroup(
			await lookInTime(context, call, (timeoutMs) => record.current(jid, timeoutMs)),
		);
	} catch (error) {
		if (error instanceof AppError && error.code === 'whatsapp_rate_limited') return undefined;
		throw error;
	}
}

function assertRights(context: SessionContext, group: Group, action: 'add' | 'remove'): void {
	const role = ownRole(context, group);
	if (role === undefined) throw notMember();
	const isOpen = action === 'add' && !group.adminsOnly.add;
	if (role === 'member' && !isOpen) throw notAdmin();
}
