import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';
import type { Place } from '../database/deliveries.ts';

/** The place behind a delivery in a list that is ordered by time and id. It says nothing that its reader has not seen. */
export function placeOf({ created_at, id }: { created_at: Date; id: number }): string {
	return `${created_at.toISOString()}_${id}`;
}

/** Throws `invalid_input` for what `placeOf` did not make. */
export function parsePlace(cursor: string): Place {
	const [at, id, ...more] = cursor.split('_');
	const place = Parts.safeParse({ createdAt: at, id });
	if (place.success && more.length === 0) return place.data;
	throw new AppError('invalid_input', 'cursor: give nextCursor of the previous page as it is, or none.');
}

const Parts = z.object({
	createdAt: z.iso.datetime().transform((text) => new Date(text)),
	id: z
		.string()
		.regex(/^\d{1,15}$/)
		.transform(Number),
});
