import { AppError, type MessageContent, type Sealed } from '@chat-manager/contracts';
import { type EventKey, openEventContent } from '@chat-manager/service';
import type { StorageContext } from '../context.ts';

/**
 * What a message says; null when its event says nothing. `unreadable` when that can never be known: the key was destroyed with
 * the device, or the content is not what was sealed. It is then recorded like a message that could not be decrypted, for
 * trying for ever would hold up everybody else's events. Throws while the connectors cannot be asked.
 */
export async function readContent(
	{ contents: { eventKeys }, logger }: StorageContext,
	{ id, userId, data: { content } }: { id: string; userId: string; data: { content: Sealed | null } },
): Promise<MessageContent | null | 'unreadable'> {
	if (content === null) return null;
	const key = await findKey(eventKeys.get({ userId, keyId: content.keyId }));
	if (key !== undefined) {
		try {
			return openEventContent(key, id, content);
		} catch (error) {
			logger.error(
				{ err: error, event: id },
				'The content of an event does not open; recorded as unreadable',
			);
			return 'unreadable';
		}
	}
	logger.warn({ event: id }, 'The key of an event is gone with its device; recorded as unreadable');
	return 'unreadable';
}

async function findKey(key: Promise<EventKey>): Promise<EventKey | undefined> {
	try {
		return await key;
	} catch (error) {
		if (error instanceof AppError && error.code === 'device_not_linked') return undefined;
		throw error;
	}
}
