import { AppError } from '@chat-manager/contracts';
import { sleep } from '@chat-manager/service';
import type { WebhooksContext } from '../context.ts';
import { RefusedDestination } from '../delivery/destinations.ts';

const patienceMs = 3_000;

/**
 * Refuses (`invalid_input`) a URL that nothing would ever be posted to. A name that cannot be resolved now is no reason: it may
 * be made later, or our own DNS may be away. What protects is the check at each attempt; this one is for the owner to hear.
 */
export async function assertDestination(
	{ destinations, clock }: Pick<WebhooksContext, 'destinations' | 'clock'>,
	text: string,
): Promise<void> {
	const url = new URL(text);
	const done = new AbortController();
	try {
		destinations.checkUrl(url);
		await Promise.race([destinations.addressesOf(url.hostname), sleep(clock, patienceMs, done.signal)]);
	} catch (error) {
		if (error instanceof RefusedDestination)
			throw new AppError('invalid_input', error.message, { cause: error });
	} finally {
		done.abort();
	}
}
