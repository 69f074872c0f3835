import { randomBytes } from 'node:crypto';
import type { Webhook } from 'standardwebhooks';

/** A new signing secret in the form of Standard Webhooks: 256 random bits. */
export function createSecret(): string {
	return `whsec_${randomBytes(32).toString('base64')}`;
}

/**
 * The headers of one attempt (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * The id is the event's, the same on every attempt; the timestamp is the attempt's, so that an old delivery cannot be replayed.
 * There is a signature for each secret: two for a day after a rotation, so that the receiver may change over in that time.
 */
export function signedHeaders(options: {
	keys: readonly Webhook[];
	eventId: string;
	at: Date;
	body: Buffer;
}): Record<string, string> {
	const { keys, eventId, at, body } = options;
	const text = body.toString();
	return {
		'content-type': 'application/json',
		'user-agent': 'ChatManager-Webhooks/1',
		'webhook-id': eventId,
		'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
		'webhook-signature': keys.map((key) => key.sign(eventId, at, text)).join(' '),
	};
}
