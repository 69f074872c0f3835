import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
	toAppError,
} from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { changeGroup } from '../groups/change-group.ts';
import { changePeople, readOutcome, settle, type Tally } from '../groups/change-people.ts';
import { type Addressee, findPeople } from '../groups/find-people.ts';
import { lookAgain, lookInTime, patienceMs } from '../groups/look-again.ts';
import { type AddOutcome, adding } from '../groups/outcomes.ts';
import { findMember } from '../groups/person.ts';
import { starGroup } from '../groups/star-group.ts';
import type { Attempt, Outcome } from '../outbox/outbox.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { type Created, safeName } from '../whatsapp/groups.ts';
import { inOrder } from './change-members.ts';

type Create = DomainHandlers<Contract['connector']['groups'], SessionContext>['create'];
type Result = Awaited<ReturnType<Create>>;
type NewGroup = { name: string; participants: readonly string[] };

export const createGroup: Create = async (context, { name, participants = [], idempotencyKey }, call) => {
	if (call.groups !== null) throw limitedToken();
	return context.outbox.run<Result>({
		operation: 'groups.create',
		idempotencyKey,
		args: { name, participants },
		async prepare() {
			context.session.whatsapp(); // An offline device is said before anything is stored.
			return null;
		},
		perform: (attempt) => perform(context, { name, participants }, call, attempt),
	});
};

async function perform(
	context: SessionContext,
	wanted: NewGroup,
	call: Call,
	attempt: Attempt,
): Promise<Outcome<Result>> {
	let made: Made;
	try {
		const people = await findPeople(context, call, wanted.participants);
		const found = attempt.isRepeat
			? await lookInTime(context, call, (timeoutMs) => findMade(context, wanted.name, attempt, timeoutMs))
			: undefined;
		made =
			found === undefined
				? await make(context, wanted, people, call, attempt)
				: { people, group: found, results: [], tried: people };
	} catch (thrown) {
		const error = toAppError(thrown);
		return { status: error.code === 'outcome_unknown' ? 'unknown' : 'not_sent', error };
	}
	try {
		return { status: 'sent', result: await finish(context, wanted, made, call) };
	} catch (thrown) {
		return { status: 'unknown', error: toAppError(thrown) }; // It exists: a repeat must find it.
	}
}

/** `tried`: those who were named at the creation. */
type Made = Created & { people: readonly Addressee[]; tried: readonly Addressee[] };

/** The first few people are named at the creation, the others added in batches after it. */
async function make(
	context: SessionContext,
	wanted: NewGroup,
	people: readonly Addressee[],
	call: Call,
	attempt: Attempt,
): Promise<Made> {
	const { session, clock, groups } = context;
	const first = people.filter(({ jid }) => jid !== null).slice(0, adding.batchSize);
	const jids = first.flatMap(({ jid }) => jid ?? []);
	const created = await groups.limits
		.change(() => {
			assertInTime(call, clock.now());
			return session.whatsapp().groups.create(safeName(wanted.name), jids, patienceMs(call, clock));
		}, jids.length)
		.catch(async (error: unknown): Promise<Created> => {
			if (toAppError(error).code !== 'outcome_unknown') throw error;
			const found = await lookAgain(context, call, async (timeoutMs) => ({
				group: await findMade(context, wanted.name, attempt, timeoutMs),
			}));
			if (found === undefined) throw error;
			if (found.group === undefined) throw notMade(error);
			return { group: found.group, results: [] };
		});
	return { ...created, people, tried: first };
}

/**
 * A creation of unknown outcome is looked for, never repeated blindly: a group of ours with that name, made since. One that was
 * starred before this attempt was made by another call.
 */
async function findMade(
	{ session, groups }: SessionContext,
	name: string,
	{ createdAt }: Attempt,
	timeoutMs: number,
): Promise<Group | undefined> {
	const me = session.me();
	const [found, starred] = await Promise.all([
		groups.limits.look(() => session.whatsapp().groups.list(timeoutMs)),
		groups.starred(),
	]);
	// WhatsApp counts in seconds, on its own clock.
	const earliest = createdAt.getTime() - 60_000;
	return found.find(
		(group) =>
			[name, safeName(name)].includes(group.name) &&
			group.createdAt >= earliest &&
			(group.owner === me.lid || group.owner === me.jid) &&
			(starred.get(group.jid) ?? createdAt) >= createdAt,
	);
}

/** The group exists now: what is left to do must not make it look like a failure of it all. */
async function finish(
	context: SessionContext,
	wanted: NewGroup,
	{ group, results, people, tried }: Made,
	call: Call,
): Promise<Result> {
	const { jid } = group;
	await context.groups.record.remember(group);
	await starGroup(context, group);
	const name = group.name === wanted.name ? group.name : await rename(context, group, wanted.name, call);
	const outcomes: Tally<AddOutcome>['outcomes'] = new Map(
		people.flatMap((person) => (person.jid === null ? [[person, 'not_on_whatsapp' as const]] : [])),
	);
	for (const person of tried.filter((one) => !outcomes.has(one))) {
		const isMember = findMember(group, person.person) !== undefined;
		outcomes.set(person, readOutcome(adding, person, results) ?? (isMember ? 'added' : 'unknown'));
	}
	await settle(context, { jid, what: adding, call }, outcomes);
	const others = people.filter((person) => !outcomes.has(person));
	const { retryAfterMs, ...tally } = await addOthers(context, jid, call, others);
	for (const [person, outcome] of tally.outcomes) outcomes.set(person, outcome);
	const inviteLink = await lookInTime(context, call, (timeoutMs) =>
		context.groups.limits.look(() => context.session.whatsapp().groups.inviteLink(jid, timeoutMs)),
	).catch(() => null);
	return { jid, name, inviteLink, participants: inOrder(wanted.participants, outcomes), retryAfterMs };
}

/** A name that cannot be given at the creation. If it is refused, the group has the one that it was created with. */
async function rename(context: SessionContext, group: Group, name: string, call: Call): Promise<string> {
	try {
		await changeGroup(context, group.jid, call, {
			perform: (whatsapp, timeoutMs) => whatsapp.rename(group.jid, name, timeoutMs),
			isDone: (read) => read.name === name,
			notDone: 'The group has a similar name.',
		});
		return name;
	} catch (err) {
		context.logger.warn({ err }, 'a new group has not quite the name that was wanted');
		return group.name;
	}
}

async function addOthers(
	context: SessionContext,
	jid: string,
	call: Call,
	others: readonly Addressee[],
): Promise<Tally<AddOutcome>> {
	try {
		return await changePeople(context, { jid, what: adding, call }, others);
	} catch (thrown) {
		context.logger.warn({ err: thrown }, 'not everybody was added to a new group');
		return {
			outcomes: new Map(others.map((person) => [person, 'not_done' as const])),
			retryAfterMs: toAppError(thrown).retryAfterMs ?? null,
		};
	}
}

function limitedToken(): AppError {
	return new AppError('forbidden', 'This token is limited to certain groups, so it cannot create new ones.');
}

function notMade(cause: unknown): AppError {
	return new AppError('timeout', 'WhatsApp did not answer in time, and no such group was made. Try again.', {
		cause,
	});
}
