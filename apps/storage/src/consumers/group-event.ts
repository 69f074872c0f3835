import type { ReceivedEvent } from '@chat-manager/bus';
import type { EventType } from '@chat-manager/contracts';

/** An event of a group. One without a group belongs to no record and is left out. */
export type GroupEvent<T extends EventType> = ReceivedEvent<T> & { groupJid: string };
export type MessageEvent = GroupEvent<'message.received' | 'message.sent'>;
