import type { BusEvent } from '@chat-manager/bus';
import { eventSpec, Sealed } from '@chat-manager/contracts';
import { z } from 'zod';
import type { WebhooksContext } from '../context.ts';
import { readContent } from './read-content.ts';

type Reading = Pick<WebhooksContext, 'eventKeys' | 'logger'>;

/**
 * What is posted, in UTF-8 JSON, as `webhookPayload` of the contract describes it: the event's own data with its group; what
 * somebody said stands in it in clear, null where it is not known.
 */
export async function renderBody(context: Reading, event: BusEvent): Promise<Buffer> {
	const { id, type, at, groupJid = null } = event;
	const data = await renderData(context, event);
	return Buffer.from(JSON.stringify({ id, type, timestamp: at, data: { ...data, groupJid } }));
}

/** What is sealed never leaves as it is. */
async function renderData(context: Reading, { id, userId, type, data }: BusEvent): Promise<object> {
	const { reveals } = eventSpec(type);
	if (reveals === undefined) return data;
	const { content, ...rest } = Speaking.parse(data);
	const said = await readContent(context, { id, userId, data: { content } });
	return {
		...rest,
		...Object.fromEntries(Object.entries(reveals).map(([name, field]) => [name, said?.[field] ?? null])),
	};
}

/** The data of an event that says something. */
const Speaking = z.looseObject({ content: Sealed.nullable() });
