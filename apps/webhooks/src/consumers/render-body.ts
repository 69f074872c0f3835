import type { BusEvent } from '@chat-manager/bus';
import type { WebhooksContext } from '../context.ts';
import { readContent } from './read-content.ts';

type Reading = Pick<WebhooksContext, 'eventKeys' | 'logger'>;

/**
 * What is posted: `{ id, type, timestamp, data }` in UTF-8 JSON. `data` is the event's own, with its group; what somebody said
 * stands in it in clear, null where it is not known: a message's `text`, `media`, `replyTo` and `mentions`, the new `text`
 * and `mentions` of an edit, the `emoji` of a reaction, the `options` of a vote.
 */
export async function renderBody(context: Reading, event: BusEvent): Promise<Buffer> {
	const { id, type, at, groupJid = null } = event;
	const data = await renderData(context, event);
	return Buffer.from(JSON.stringify({ id, type, timestamp: at, data: { ...data, groupJid } }));
}

async function renderData(context: Reading, event: BusEvent): Promise<object> {
	switch (event.type) {
		case 'message.received':
		case 'message.sent': {
			const said = await readContent(context, event);
			const { text = null, media = null, replyTo = null, mentions = null } = said ?? {};
			return { ...withoutContent(event.data), text, media, replyTo, mentions };
		}
		case 'message.edited': {
			const { text = null, mentions = null } = (await readContent(context, event)) ?? {};
			return { ...withoutContent(event.data), text, mentions };
		}
		case 'message.reaction': {
			const { text: emoji = null } = (await readContent(context, event)) ?? {};
			return { ...withoutContent(event.data), emoji };
		}
		case 'message.voted': {
			const { options = null } = (await readContent(context, event)) ?? {};
			return { ...withoutContent(event.data), options };
		}
		default:
			return event.data;
	}
}

/** What is sealed never leaves as it is. */
function withoutContent<Data extends { content: unknown }>({
	content: _sealed,
	...rest
}: Data): Omit<Data, 'content'> {
	return rest;
}
