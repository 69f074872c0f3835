import { AppError } from '@chat-manager/contracts';
import { z } from 'zod';

const Place = z.tuple([z.number().int(), z.number().int()]);

export function writeCursor({ at, id }: { at: Date; id: number }): string {
	return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

/** The place that a cursor names; it tells nothing that its owner could not see. */
export function readCursor(cursor: string): { at: Date; id: number } {
	try {
		const [at, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
		return { at: new Date(at), id };
	} catch (cause) {
		throw new AppError(
			'invalid_input',
			'cursor: is not one that this list gave out. Leave it out to begin at the first page.',
			{ cause },
		);
	}
}
