import type { BusEvent } from '@chat-manager/bus';
import { findPerson } from '../database/people.ts';
import { webhookDisabledLetter } from '../mail/letters.ts';
import type { ConsumerContext } from './consumer-context.ts';

/** Tells the owner of a webhook that it was disabled: once, for the event's id is the mail's. */
export async function mailDisabledWebhook(
	{ database, postOffice, publicUrl }: ConsumerContext,
	{ id, userId, data }: BusEvent<'webhook.disabled'>,
): Promise<void> {
	if (!postOffice.isOpen) return;
	const person = await findPerson(database, userId);
	if (person === undefined) return;
	const { webhookId, name, reason } = data;
	const url = `${publicUrl.origin}/app/settings/webhooks/${encodeURIComponent(webhookId)}`;
	const letter = webhookDisabledLetter(person, { name, reason, url });
	await postOffice.post({ id: `webhook-disabled-${id}`, userId, recipient: person.email, letter });
}
