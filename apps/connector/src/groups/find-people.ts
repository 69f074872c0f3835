import type { Call } from '@chat-manager/contracts';
import type { SessionContext } from '../context.ts';
import { phoneOf } from '../whatsapp/group-node.ts';
import { lookInTime } from './look-again.ts';
import { isSamePerson, type Person, phoneJid, toPerson } from './person.ts';

/** Somebody whom a call names, possibly more than once: by phone and by hidden id. */
export type Addressee = {
	person: Person;
	/** How WhatsApp is told who is meant; null when the person is not on WhatsApp. */
	jid: string | null;
	names: string[];
};

/**
 * Finds out who is meant. Only numbers of people who are not known (to the record, or by `isKnown`) are looked up: looking up
 * many is what WhatsApp restricts accounts for.
 */
export async function findPeople(
	context: SessionContext,
	call: Pick<Call, 'deadline'>,
	members: readonly string[],
	isKnown: (person: Person) => boolean = () => false,
): Promise<Addressee[]> {
	const { session, groups } = context;
	const people = await groups.people.complete(members.map(toPerson));
	const unknown = people.flatMap((person) =>
		person.lid === null && person.phone !== null && !isKnown(person) ? person.phone : [],
	);
	const jids =
		unknown.length === 0
			? new Map<string, string | null>()
			: await lookInTime(context, call, (timeoutMs) =>
					groups.limits.look(() => session.whatsapp().groups.findByPhone([...new Set(unknown)], timeoutMs)),
				);
	const addressees: Addressee[] = [];
	for (const [index, member] of members.entries()) {
		const { lid, phone } = people[index] ?? toPerson(member);
		const found = phone === null ? undefined : jids.get(phone);
		// WhatsApp may know a number with a digit more or less.
		const person = { lid, phone: phoneOf(found) ?? phone };
		const known = addressees.find((other) => isSamePerson(other.person, person));
		if (known !== undefined) known.names.push(member);
		else addressees.push({ person, jid: found === null ? null : jidOf(member, person), names: [member] });
	}
	return addressees;
}

/** As the caller named them: WhatsApp takes both. */
function jidOf(member: string, { phone }: Person): string {
	return member.endsWith('@lid') || phone === null ? member : phoneJid(phone);
}
