import { type EventConsumer, type ReceivedEvent, tellChanges } from '@chat-manager/bus';
import type { ChangeTopic, EventType } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { recordChangeEvents } from './change-events.ts';
import { recordDeviceEvents } from './device-events.ts';
import type { GroupEvent } from './group-event.ts';
import { applyGroupUpdates, applyStars } from './group-events.ts';
import { recordMemberEvents } from './member-events.ts';
import { recordMessageEvents } from './message-events.ts';
import { recordReceiptEvents } from './receipt-events.ts';
import { recordRoleEvents } from './role-events.ts';

/**
 * Which events the record is made of, and who applies them. Two batches are in flight, so an event may overtake another: each
 * of these functions gives the same result in every order and for every repeat, and says how. Each has its own transaction;
 * a batch that fails half way is applied again from its start. Groups come first, so that what follows finds them.
 */
const routes: readonly Route[] = [
	route(['group.starred'], applyStars),
	route(['group.updated'], applyGroupUpdates),
	route(['member.joined', 'member.left'], recordMemberEvents),
	route(['member.promoted', 'member.demoted'], recordRoleEvents),
	route(['message.received', 'message.sent'], recordMessageEvents),
	route(['message.edited', 'message.deleted', 'message.reaction', 'message.voted'], recordChangeEvents),
	route(['message.confirmed'], recordReceiptEvents),
];

const deviceTypes = ['device.connected', 'device.disconnected'] as const;

/** What storage takes of the stream. */
export const recorded: EventConsumer = {
	durable: 'storage',
	types: [...routes.flatMap(({ types }) => types), ...deviceTypes, 'account.deleted'],
	takesWholeStream: true,
};

export async function applyBatch(context: StorageContext, events: readonly ReceivedEvent[]): Promise<void> {
	for (const { apply } of routes) await apply(context, events);
	const ofDevices = events.filter(
		(event) => event.type === 'device.connected' || event.type === 'device.disconnected',
	);
	if (ofDevices.length > 0) await recordDeviceEvents(context, ofDevices);
	tellChanges(context.bus, events.flatMap(toChange));
}

/** What can be read otherwise now; the device's own state is told by who holds it, here only what its absence makes of messages. */
const topics: Readonly<Record<string, ChangeTopic>> = {
	group: 'groups',
	member: 'members',
	message: 'messages',
	device: 'messages',
};

function toChange({ userId, type, groupJid }: ReceivedEvent) {
	const topic = topics[type.split('.', 1).join()];
	if (topic === undefined) return [];
	return [groupJid === undefined ? { userId, topic } : { userId, topic, groupJid }];
}

function route<T extends EventType>(
	types: readonly T[],
	apply: (context: StorageContext, events: readonly GroupEvent<T>[]) => Promise<void>,
): Route {
	const isMine = (event: ReceivedEvent): event is ReceivedEvent & GroupEvent<T> =>
		types.some((type) => type === event.type) && event.groupJid !== undefined;
	return {
		types,
		async apply(context, events) {
			const mine = events.filter(isMine);
			if (mine.length > 0) await apply(context, mine);
		},
	};
}

type Route = {
	types: readonly EventType[];
	apply(context: StorageContext, events: readonly ReceivedEvent[]): Promise<void>;
};
