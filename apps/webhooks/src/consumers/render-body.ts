import type { BusEvent } from '@chat-manager/bus';
import type { MessageContent } from '@chat-manager/contracts';
import type { WebhooksContext } from '../context.ts';
import { readContent } from './read-content.ts';

/**
 * What is posted: `{ id, type, timestamp, data }` in UTF-8 JSON. `data` is the event's own, with its group; what a message says
 * stands in it in clear, as `text`, `media`, `replyTo` and `mentions`, all null when it is not known.
 */
export async function renderBody(
	context: Pick<WebhooksContext, 'eventKeys' | 'logger'>,
	event: BusEvent,
): Promise<Buffer> {
	const { id, type, at, groupJid = null } = event;
	const data = isMessage(event) ? await messageData(context, event) : event.data;
	return Buffer.from(JSON.stringify({ id, type, timestamp: at, data: { ...data, groupJid } }));
}

export type MessageEvent = BusEvent<'message.received' | 'message.sent'>;

async function messageData(
	context: Pick<WebhooksContext, 'eventKeys' | 'logger'>,
	event: MessageEvent,
): Promise<object> {
	const { content: _sealed, ...rest } = event.data;
	const { text, media, replyTo, mentions } = (await readContent(context, event)) ?? unknownContent;
	return { ...rest, text, media, replyTo, mentions };
}

const unknownContent: Record<keyof MessageContent, null> = {
	text: null,
	media: null,
	replyTo: null,
	mentions: null,
};

function isMessage(event: BusEvent): event is MessageEvent {
	return event.type === 'message.received' || event.type === 'message.sent';
}
