import { randomBytes } from 'node:crypto';

/** A message id as WhatsApp's own web client makes them. */
export function createMessageId(): string {
	return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
}
