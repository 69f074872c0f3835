import type { Place } from '@chat-manager/backend';

/** Where this service keeps what is sealed: a value opens only in the row that it was sealed for. */
export function secretPlace(userId: string, endpointId: string): Place {
	return { userId, row: `endpoints/${endpointId}/secret` };
}

export function bodyPlace(userId: string, eventId: string): Place {
	return { userId, row: `events/${eventId}/body` };
}

export function answerPlace(userId: string, deliveryId: number, attempt: number): Place {
	return { userId, row: `attempts/${deliveryId}/${attempt}/answer` };
}
