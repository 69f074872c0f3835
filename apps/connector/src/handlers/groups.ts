import { createHash } from 'node:crypto';
import {
	AppError,
	assertInTime,
	type Call,
	type Contract,
	type DomainHandlers,
	toAppError,
} from '@chat-manager/contracts';
import type { z } from 'zod';
import type { SessionContext } from '../context.ts';
import { changeStar, listStarred } from '../database/starred-groups.ts';
import type { Attempt, Outcome } from '../outbox/outbox.ts';
import type { Group, ParticipantResult } from '../whatsapp/group-node.ts';

export const groups: DomainHandlers<Contract['connector']['groups'], SessionContext> = {
	async list({ session }) {
		const found = await session.whatsapp().groups.list();
		const entries = found.map(({ jid, name, members }) => ({
			jid,
			name,
			starred: session.groups.has(jid),
			participantCount: members.length,
		}));
		return { groups: entries.sort((a, b) => a.name.localeCompare(b.name)) };
	},

	async star(context, { jid }, call) {
		const group = await context.session.whatsapp().groups.get(jid);
		assertInTime(call, context.clock.now());
		const starredAt = await starGroup(context, group);
		return { jid, name: group.name, starred: true, starredAt, participantCount: group.members.length };
	},

	create(context, { name, participants = [], idempotencyKey }, call) {
		if (call.groups !== null) throw limitedToken();
		context.session.whatsapp(); // An offline device is said before anything is stored.
		return context.outbox.run<Created>({
			operation: 'groups.create',
			idempotencyKey,
			args: { name, participants },
			content: null,
			perform: (attempt) => createOrFind(context, { name, participants }, call, attempt),
		});
	},
};

type Created = Awaited<ReturnType<typeof createGroup>>;

async function createOrFind(
	context: SessionContext,
	wanted: NewGroup,
	call: Call,
	{ isRepeat, createdAt }: Attempt,
): Promise<Outcome<Created>> {
	try {
		const made = isRepeat ? await findMade(context, wanted.name, createdAt) : undefined;
		const result =
			made === undefined ? await createGroup(context, wanted, call) : await finish(context, made, [], []);
		return { status: 'sent', result };
	} catch (thrown) {
		const error = toAppError(thrown);
		return { status: error.code === 'outcome_unknown' ? 'unknown' : 'not_sent', error };
	}
}

/** A creation of unknown outcome is looked for, never repeated blindly: a group of ours with that name, made since. */
async function findMade({ session }: SessionContext, name: string, since: Date): Promise<Group | undefined> {
	const me = session.me();
	const groups = await session.whatsapp().groups.list();
	// WhatsApp counts in seconds, on its own clock.
	const earliest = since.getTime() - 60_000;
	return groups.find(
		(group) =>
			group.name === name &&
			group.createdAt >= earliest &&
			(group.owner === me.lid || group.owner === me.jid),
	);
}

/**
 * Stars a group: the own copy first, so that from the answer on nothing is missed, then the event with the members as
 * the baseline. Its id is that of this very starring: a repeat after a crash in between publishes it again.
 */
async function starGroup({ session, db, publish, clock }: SessionContext, group: Group): Promise<string> {
	const { userId } = session;
	await changeStar(db, { userId, jid: group.jid, starred: true, at: new Date(clock.now()) });
	await session.groups.reload();
	const known = (await listStarred(db, userId)).find(({ jid }) => jid === group.jid);
	const at = (known?.starredAt ?? new Date(clock.now())).toISOString();
	await publish({
		id: createHash('sha256').update(`${userId}\n${group.jid}\nstarred\n${at}`).digest('base64url'),
		type: 'group.starred',
		at,
		userId,
		groupJid: group.jid,
		data: {
			name: group.name,
			description: group.description,
			takenAt: new Date(clock.now()).toISOString(),
			members: group.members.map((member) => ({ ...member, name: null })),
		},
	});
	return at;
}

async function createGroup(context: SessionContext, { name, participants }: NewGroup, call: Call) {
	const { groups: whatsapp } = context.session.whatsapp();
	const phones = participants.filter((member) => !member.includes('@'));
	const jids = await whatsapp.findByPhone(phones);
	const wanted = participants.map((member) => ({
		member,
		jid: member.includes('@') ? member : jids.get(member),
	}));
	assertInTime(call, context.clock.now());
	const { group, results } = await whatsapp.create(
		name,
		wanted.flatMap(({ jid }) => jid ?? []),
	);
	return finish(context, group, wanted, results);
}

type Wanted = { member: string; jid: string | undefined };

/** The group exists now: what is left to do must not make it look like a failure of it all. */
async function finish(context: SessionContext, group: Group, wanted: Wanted[], results: ParticipantResult[]) {
	await starGroup(context, group);
	const inviteLink = await context.session
		.whatsapp()
		.groups.inviteLink(group.jid)
		.catch(() => null);
	const participants = wanted.map(({ member, jid }) => ({
		member,
		outcome: jid === undefined ? ('not_on_whatsapp' as const) : outcomeOf(jid, results),
	}));
	return { jid: group.jid, name: group.name, inviteLink, participants };
}

function limitedToken(): AppError {
	return new AppError('forbidden', 'This token is limited to certain groups, so it cannot create new ones.');
}

type NewGroup = { name: string; participants: readonly string[] };

type MemberOutcome = z.output<
	Contract['connector']['groups']['create']['output']
>['participants'][number]['outcome'];

/** WhatsApp's code for a person who was not added → our word for it. */
const outcomes: Record<string, MemberOutcome> = {
	'403': 'invite_needed',
	'404': 'not_on_whatsapp',
	'406': 'not_permitted',
	'408': 'invite_needed',
	'409': 'already_member',
};

function outcomeOf(jid: string, results: readonly ParticipantResult[]): MemberOutcome {
	const result = results.find((entry) => entry.jid === jid || entry.phoneJid === jid);
	if (result === undefined) return 'unknown';
	return result.error === null ? 'added' : (outcomes[result.error] ?? 'unknown');
}
