import type { BusEvent } from '@chat-manager/bus';
import type { EventType } from '@chat-manager/contracts';
import type { StorageContext } from '../context.ts';
import { applyGroupUpdate } from './group-updated.ts';
import { applyStar } from './group-starred.ts';
import { recordMemberEvents } from './member-events.ts';
import { recordMessageEvents } from './message-events.ts';

/**
 * Which events the record is made of, and who applies them. Two batches are in flight, so an event may overtake another; each
 * of these functions gives the same result in every order and for every repeat, and says how. Each opens its own
 * transaction: a batch that fails half way is applied again from the start.
 */
const appliers = {
	'group.starred': eachOf(applyStar),
	'group.updated': eachOf(applyGroupUpdate),
	'member.joined': recordMemberEvents,
	'member.left': recordMemberEvents,
	'message.received': recordMessageEvents,
	'message.sent': recordMessageEvents,
} satisfies { [T in EventType]?: Apply<T> };

export type RecordedType = keyof typeof appliers;
export const recordedTypes = Object.keys(appliers) as RecordedType[];

/** An event of a group; one without a group can belong to no record. */
export type GroupEvent<T extends RecordedType> = BusEvent<T> & { groupJid: string };
