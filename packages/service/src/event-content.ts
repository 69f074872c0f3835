import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { AppError, MessageContent, type Sealed } from '@chat-manager/contracts';
import { openSealed, sealBytes } from './seal.ts';

/** A user's event key: what members wrote travels sealed with it, for subscribers that may ask for the key. */
export type EventKey = { keyId: string; key: KeyObject };

export function createEventKey(): { keyId: string; bytes: Buffer } {
	return { keyId: randomBytes(12).toString('base64url'), bytes: randomBytes(32) };
}

export function importEventKey(keyId: string, bytes: Uint8Array): EventKey {
	return { keyId, key: createSecretKey(bytes) };
}

/** Bound to the event: content copied into another event does not open. */
export function sealEventContent({ keyId, key }: EventKey, eventId: string, content: MessageContent): Sealed {
	const sealed = sealBytes(key, Buffer.from(JSON.stringify(content)), contextOf(eventId));
	return { keyId, data: sealed.toString('base64') };
}

/** Throws `AppError` (`internal`) when the key, the event or a bit is not what was sealed. */
export function openEventContent({ key }: EventKey, eventId: string, { data }: Sealed): MessageContent {
	const bytes = openSealed(key, Buffer.from(data, 'base64'), contextOf(eventId));
	if (bytes === undefined) throw new AppError('internal', 'The content of an event cannot be opened.');
	return MessageContent.parse(JSON.parse(bytes.toString()));
}

function contextOf(eventId: string): string {
	return `event/${eventId}/content`;
}
