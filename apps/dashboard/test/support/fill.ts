import { randomInt } from 'node:crypto';
import { type Bus, type BusEvent, createClient, publishEvent } from '@chat-manager/bus';
import { type EventData, type MessageContent, type Person, Sealed } from '@chat-manager/contracts';
import { askSimulator } from '@chat-manager/dev-env';
import { type EventKey, importEventKey, sealEventContent } from '@chat-manager/service';
import { z } from 'zod';
import type { Neighbours } from './arrive.ts';
import type { Dashboard } from './dashboard.ts';
import { openEvents } from './events.ts';

type Somebody = z.output<typeof Person>;

/** How many events are on their way to NATS at once. */
const inFlight = 500;

/**
 * Puts into a person's record what would take hours to write: events as their connector publishes them, of a past that a
 * simulated phone cannot give.
 */
export async function openHistory(
	{ system }: Pick<Dashboard, 'system'>,
	userId: string,
	{ jid, carlos }: Neighbours,
): Promise<History> {
	const events = await openEvents({ system });
	const { bus } = events;
	const key = await findEventKey(system, bus, { userId, jid, carlos });
	let count = 0;
	const head = (groupJid: string, at: Date) => ({
		id: `history-${userId}-${count++}`.slice(-64),
		at: at.toISOString(),
		userId,
		groupJid,
	});
	return {
		async publish(past) {
			for (let index = 0; index < past.length; index += inFlight)
				await Promise.all(past.slice(index, index + inFlight).map((event) => publishEvent(bus, event)));
		},
		star(groupJid, at, name, members) {
			const people = members.map((person) => ({ ...person, role: 'member' as const }));
			const data = { name, description: null, takenAt: at.toISOString(), members: people };
			return { ...head(groupJid, at), type: 'group.starred', data };
		},
		message(groupJid, at, sender, content) {
			const event = head(groupJid, at);
			const sealed = sealEventContent(key, event.id, {
				media: null,
				mentions: [],
				replyTo: null,
				...content,
			});
			const kind = content.media == null ? ('text' as const) : ('document' as const);
			const data = { messageId: event.id, sender: { ...sender, isYou: false }, kind, content: sealed };
			return { ...event, type: 'message.received', data };
		},
		change(type, groupJid, at, member, how) {
			return { ...head(groupJid, at), type, data: { member, by: null, how } };
		},
		settled: () => events.handledBy('storage'),
		[Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
	};
}

export type History = AsyncDisposable & {
	publish(past: readonly BusEvent[]): Promise<void>;
	star(groupJid: string, at: Date, name: string, members: readonly Somebody[]): BusEvent<'group.starred'>;
	message(
		groupJid: string,
		at: Date,
		sender: Somebody,
		content: Partial<MessageContent> & Pick<MessageContent, 'text'>,
	): BusEvent<'message.received'>;
	change(
		type: 'member.joined' | 'member.left',
		groupJid: string,
		at: Date,
		member: Somebody,
		how: EventData<'member.joined'>['how'],
	): BusEvent;
	/** Resolves when all that was published is on record. */
	settled(): Promise<void>;
};

/** Somebody who has no phone: they only stand in the record. */
export function somebody(name: string | null): Somebody {
	return { jid: `${randomInt(10_000_000_000_000, 99_999_999_999_999)}@lid`, name, phone: null };
}

const Received = z.object({ data: z.object({ content: Sealed }) });

/** The key of this person's events: its id stands in the event of a message, and any connector gives it to a service. */
async function findEventKey(
	system: Dashboard['system'],
	bus: Bus,
	{ userId, jid, carlos }: { userId: string; jid: string; carlos: string },
): Promise<EventKey> {
	const subscription = bus.nats.subscribe(`cm.v1.event.${userId}.message.received`, { max: 1 });
	await bus.nats.flush();
	await askSimulator(system, '/admin/messages', { from: carlos, to: jid, text: 'Good morning' });
	for await (const message of subscription) {
		const { keyId } = Received.parse(message.json()).data.content;
		const { key } = await createClient(bus, 'connectors').eventKeys.get({ userId, keyId });
		return importEventKey(keyId, Buffer.from(key, 'base64'));
	}
	throw new Error('The message did not arrive');
}
