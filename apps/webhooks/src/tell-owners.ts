import type { WebhooksContext } from './context.ts';
import { findUntold, markTold } from './database/owner-notices.ts';
import { repeat } from './repeat.ts';

const intervalMs = 10_000;
const maxBatch = 100;

/**
 * Tells who owns an endpoint that it was disabled, with an event that the rest of the system acts on. Every replica does, and
 * one that dies between the event and the note of it makes another tell again, under the same id.
 */
export function startTellingOwners({ db, clock, logger, publish }: WebhooksContext): AsyncDisposable {
	return repeat(
		{ clock, logger },
		{
			name: 'telling owners of disabled webhooks',
			intervalMs,
			async task() {
				for (const { id, userId, name, reason, disabledAt } of await findUntold(db, maxBatch)) {
					await publish({
						id: `${id}-${disabledAt.getTime()}`.slice(-64),
						type: 'webhook.disabled',
						at: disabledAt.toISOString(),
						userId,
						data: { webhookId: id, name, reason },
					});
					await markTold(db, { id, userId, disabledAt, now: new Date(clock.now()) });
				}
			},
		},
	);
}
