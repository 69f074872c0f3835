import { AppError, type MessageContent, type Sealed } from '@chat-manager/contracts';
import { type EventKey, openEventContent } from '@chat-manager/service';
import type { WebhooksContext } from '../context.ts';

/**
 * What a message says; null when its event says nothing, and when that can never be known: the key was destroyed with the
 * device, or the content is not what was sealed. Trying for ever would hold up everybody else's events. Throws while the
 * connectors cannot be asked.
 */
export async function readContent(
	{ eventKeys, logger }: Pick<WebhooksContext, 'eventKeys' | 'logger'>,
	{ id, userId, data: { content } }: { id: string; userId: string; data: { content: Sealed | null } },
): Promise<MessageContent | null> {
	if (content === null) return null;
	const key = await findKey(eventKeys.get({ userId, keyId: content.keyId }));
	if (key === undefined) {
		logger.warn({ event: id }, 'the key of an event is gone with its device; delivered without what it says');
		return null;
	}
	try {
		return openEventContent(key, id, content);
	} catch (err) {
		logger.error({ err, event: id }, 'the content of an event does not open; delivered without what it says');
		return null;
	}
}

async function findKey(key: Promise<EventKey>): Promise<EventKey | undefined> {
	try {
		return await key;
	} catch (error) {
		if (error instanceof AppError && error.code === 'device_not_linked') return undefined;
		throw error;
	}
}
