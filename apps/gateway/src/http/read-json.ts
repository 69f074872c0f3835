import { AppError } from '@chat-manager/contracts';
import express, { type Request, type Response } from 'express';

/** How much a request may carry. */
const maxBodyBytes = 1_048_576;
/** No input of ours is nested deeper than 5; what is deep enough overflows the stack of whoever walks it. */
const maxDepth = 64;

const readText = express.text({ type: () => true, limit: maxBodyBytes, defaultCharset: 'utf-8' });

/** Whether the request announces a body. */
export function hasBody({ headers }: Request): boolean {
	if (headers['transfer-encoding'] !== undefined) return true;
	return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}

/** The JSON value of a body; throws an `AppError` for another media type, a body too large, too deep, or not JSON. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
	if (mediaType(request) !== 'application/json')
		throw new AppError(
			'unsupported_media_type',
			'Send the body as JSON, with Content-Type: application/json.',
		);
	await new Promise<void>((resolve, reject) => {
		readText(request, response, (fault?: unknown) =>
			fault === undefined ? resolve() : reject(toBodyError(fault)),
		);
	});
	const text = typeof request.body === 'string' ? request.body : '';
	if (isDeeperThan(text, maxDepth))
		throw new AppError('invalid_input', `The body is nested deeper than ${maxDepth} levels.`);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AppError('invalid_input', 'The body is not valid JSON.', { cause });
	}
}

function mediaType({ headers }: Request): string {
	return (headers['content-type'] ?? '').split(';', 1).join().trim().toLowerCase();
}

function toBodyError(fault: unknown): AppError {
	const { status } = fault as { status?: unknown };
	if (status === 413)
		return new AppError(
			'payload_too_large',
			`The body is larger than ${maxBodyBytes} bytes. Send less at once.`,
		);
	if (status === 415)
		return new AppError(
			'unsupported_media_type',
			'The character set or compression of the body is not supported.',
		);
	return new AppError('invalid_input', 'The body could not be read.', { cause: fault });
}

/** Looks at the text alone: parsing first would already build what must not be walked. */
function isDeeperThan(text: string, limit: number): boolean {
	let depth = 0;
	let inString = false;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (inString) {
			if (code === 0x5c) index++;
			else if (code === 0x22) inString = false;
		} else if (code === 0x22) inString = true;
		else if (code === 0x5b || code === 0x7b) {
			if (++depth > limit) return true;
		} else if (code === 0x5d || code === 0x7d) depth--;
	}
	return false;
}
