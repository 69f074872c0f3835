import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Route, Streaming } from './route.ts';

const TYPES: Readonly<Record<Streaming, string>> = {
	lines: 'application/x-ndjson',
	events: 'text/event-stream',
};

/**
 * Answers bit by bit. The headers go out with the first bit, so that a request which is refused right away is answered like any
 * other; after that an error can only break the connection off, and a client sees that the answer is not complete. A client that
 * reads slowly slows the source down.
 */
export async function stream(response: ServerResponse, route: Route, source: unknown): Promise<void> {
	const streaming = route.stream;
	if (!streaming || !isAsyncIterable(source)) throw new TypeError(`${route.path} does not stream.`);
	for await (const item of source) {
		const line = JSON.stringify(route.output.parse(item));
		if (response.destroyed) return;
		if (!response.headersSent) {
			response.setHeader('content-type', TYPES[streaming]);
			response.setHeader('cache-control', 'no-store');
			// How soon a browser comes back when the emulator was away.
			if (streaming === 'events') response.write('retry: 1000\n\n');
		}
		const room = response.write(streaming === 'events' ? `data: ${line}\n\n` : `${line}\n`);
		if (!room) await Promise.race([once(response, 'drain'), once(response, 'close')]);
	}
	response.end();
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
	return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
