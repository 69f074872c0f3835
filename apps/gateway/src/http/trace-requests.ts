import { inSpan } from '@chat-manager/bus';
import type { RequestHandler } from 'express';

/** The first step of a trace, for one door. What a stranger says of a trace of theirs is not listened to. */
export function traceRequests(door: string): RequestHandler {
	return (request, response, next) => {
		void inSpan(`${request.method} ${door}`, { kind: 'SERVER' }, async (span) => {
			const closed = new Promise((resolve) => response.once('close', resolve));
			next();
			await closed;
			span.setAttribute('http.response.status_code', response.statusCode);
		});
	};
}
