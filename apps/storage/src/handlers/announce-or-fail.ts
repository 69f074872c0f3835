import { AppError } from '@chat-manager/contracts';

/** Waits for an announcement; when it fails the caller hears what was done, and that a repeat finishes it. */
export async function announceOrFail(announcement: Promise<void>, sentence: string): Promise<void> {
	try {
		await announcement;
	} catch (cause) {
		throw new AppError('unavailable', sentence, { cause, retryAfterMs: 2_000 });
	}
}
