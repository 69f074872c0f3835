import type { SessionContext } from '../context.ts';
import type { Quoted } from '../whatsapp/compose-text.ts';
import type { Group } from '../whatsapp/group-node.ts';
import { addressOf, findMember, phoneJid, toPerson } from './person.ts';

/** The message that is answered, as the record has it. */
export async function findQuoted(
	{ session, storage }: SessionContext,
	jid: string,
	messageId: string,
): Promise<Quoted> {
	const { message } = await storage.messages.find({ userId: session.userId, jid, messageId });
	return { messageId, authorJid: message.sender.jid, text: message.text ?? '' };
}

/** People as the group addresses them, each once: a phone shows no mention of a member by an address of the other kind. */
export async function mentionsIn(
	{ groups }: SessionContext,
	group: Group | undefined,
	mentions: readonly string[],
): Promise<string[]> {
	const people = await groups.people.complete(mentions.map(toPerson));
	const jids = mentions.map((mention, index) => {
		const { lid, phone } = people[index] ?? toPerson(mention);
		const member = group && findMember(group, { lid, phone });
		if (group !== undefined && member !== undefined) return addressOf(group, member);
		const wanted = group?.addressing === 'lid' ? lid : phone && phoneJid(phone);
		return wanted ?? mention;
	});
	return [...new Set(jids)];
}
