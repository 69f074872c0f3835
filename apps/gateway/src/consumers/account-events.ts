import type { BusEvent } from '@chat-manager/bus';
import type { ConsumerContext } from './consumer-context.ts';

/** A service has destroyed what it kept of somebody who deleted their account. */
export async function recordErased(
	{ deletions }: ConsumerContext,
	{ userId, data }: BusEvent<'account.erased'>,
): Promise<void> {
	await deletions.noteErased(userId, data.service);
}
