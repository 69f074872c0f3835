/**
 * Adds people to a group, or removes them, in small batches with a pause in between, and tells what became of each.
 *
 * WhatsApp answers for each person. When it does not answer at all, the group is read again and the batch is known by who is a
 * member; it is never asked a second time, and nothing more is tried. It also ends, with the rest `not_done`, when WhatsApp or
 * the account's own pace ask to wait, when a whole batch does not let itself be added, and when the caller's time runs out.
 */
import { AppError, assertInTime, type Call } from '@chat-manager/contracts';
import { sleep } from '@chat-manager/service';
import type { SessionContext } from '../context.ts';
import { type ParticipantResult, phoneOf } from '../whatsapp/group-node.ts';
import type { Addressee } from './find-people.ts';
import { patienceMs, rereadGroup } from './look-again.ts';
import type { PeopleAction } from './outcomes.ts';
import { findMember, isSamePerson, isVisible } from './person.ts';

export type Tally<Outcome> = {
	outcomes: Map<Addressee, Outcome | 'not_done' | 'unknown'>;
	/** When those who are `not_done` can be asked for again. */
	retryAfterMs: number | null;
};

/** Throws only when nothing was tried yet, or nobody of the first batch was. */
export async function changePeople<Outcome extends string>(
	context: SessionContext,
	{ jid, what, call }: { jid: string; what: PeopleAction<Outcome>; call: Call },
	people: readonly Addressee[],
): Promise<Tally<Outcome>> {
	const { session, clock, groups } = context;
	const tally: Tally<Outcome> = { outcomes: new Map(), retryAfterMs: null };
	const { outcomes } = tally;
	for (const batch of batchesOf(people, what.batchSize)) {
		if (outcomes.size > 0 && !(await rest(context, call))) {
			tally.retryAfterMs = 1_000;
			break;
		}
		try {
			const jids = batch.flatMap((person) => person.jid ?? []);
			const results = await groups.limits.change(
				() => {
					assertInTime(call, clock.now());
					return session.whatsapp().groups.changeMembers(jid, what.action, jids, patienceMs(call, clock));
				},
				what.action === 'add' ? batch.length : 0,
			);
			for (const person of batch) outcomes.set(person, readOutcome(what, person, results) ?? 'unknown');
			if (what.action === 'add' && isTooMuch(results)) {
				tally.retryAfterMs = groups.limits.restrictAdding();
				break;
			}
		} catch (error) {
			const isUnknown = error instanceof AppError && error.code === 'outcome_unknown';
			if (isUnknown) for (const person of batch) outcomes.set(person, 'unknown');
			else if (outcomes.size === 0) throw error;
			else if (error instanceof AppError) tally.retryAfterMs = error.retryAfterMs ?? null;
			break;
		}
	}
	groups.record.noteChange(jid);
	await settle(context, { jid, what, call }, outcomes);
	for (const person of people) if (!outcomes.has(person)) outcomes.set(person, 'not_done');
	return tally;
}

/** What WhatsApp's answer says of one person; `undefined` when it says nothing, or what is not understood. */
export function readOutcome<Outcome>(
	what: PeopleAction<Outcome>,
	{ jid, person }: Addressee,
	results: readonly ParticipantResult[],
): Outcome | undefined {
	const result = results.find((one) => {
		const phone = phoneOf(one.phoneJid) ?? phoneOf(one.jid);
		return one.jid === jid || isSamePerson({ lid: one.jid.endsWith('@lid') ? one.jid : null, phone }, person);
	});
	return result && what.read(result);
}

/** Looks for the people of unknown outcome among the members. Who cannot be seen stays `unknown`. */
export async function settle<Outcome>(
	context: SessionContext,
	{ jid, what, call }: { jid: string; what: PeopleAction<Outcome>; call: Call },
	outcomes: Tally<Outcome>['outcomes'],
): Promise<void> {
	const open = [...outcomes].flatMap(([person, outcome]) => (outcome === 'unknown' ? [person] : []));
	const seen = open.length === 0 ? undefined : await rereadGroup(context, call, jid);
	if (seen === undefined) return;
	const { people } = context.groups;
	const group = await people.completeGroup(seen);
	for (const addressee of open) {
		// By now the group may have told whose number is whose.
		const [person = addressee.person] = await people.complete([addressee.person]);
		const isMember = findMember(group, person) !== undefined;
		if (!isMember && !isVisible(group, person)) continue;
		outcomes.set(addressee, what.isDone(isMember) ? what.done : 'not_done');
	}
}

/** The pause between two batches; false when the caller's time does not allow for another one. */
async function rest({ clock }: SessionContext, call: Call): Promise<boolean> {
	const pauseMs = 1_000 + Math.random() * 1_000;
	if (call.deadline - clock.now() < pauseMs + 6_000) return false;
	await sleep(clock, pauseMs);
	return true;
}

/** The account is restricted, or several people all do not let themselves be added: going on is what gets it restricted. */
function isTooMuch(results: readonly ParticipantResult[]): boolean {
	if (results.some(({ error }) => error === '429' || error === '463')) return true;
	return results.length >= 3 && results.every(({ error }) => error === '403' || error === '408');
}

function* batchesOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
	for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
