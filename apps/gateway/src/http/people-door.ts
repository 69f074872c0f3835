import { AppError } from '@chat-manager/contracts';
import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';
import type { Listeners } from '../live/listeners.ts';
import { doors } from '../people/doors.ts';
import type { People } from '../people/people.ts';
import { assertStorable } from '../storable-text.ts';
import { methodNotAllowed, routeNotFound } from './errors.ts';
import { assertOwnOrigin } from './origin.ts';
import { hasBody, readJson } from './read-json.ts';

/** `/api/auth`: sign up, in and out. Always from our own pages, for a foreign one could sign a person in as somebody else. */
export function createPeopleDoor({
	context,
	people,
	listeners,
}: {
	context: Context;
	people: People;
	listeners: Listeners;
}): RequestHandler {
	return async (request, response) => {
		const path = `${request.baseUrl}${request.path}`;
		const door = doors.get(path);
		if (door === undefined) throw routeNotFound(request.method);
		if (request.method !== door.method) throw methodNotAllowed(response, door.method);
		response.set('Cache-Control', 'no-store');
		const { authorization, cookie, 'user-agent': userAgent } = request.headers;
		if (authorization !== undefined)
			throw new AppError('invalid_input', 'Signing in and out takes no access token.');
		assertOwnOrigin(request.headers, context.publicUrl);
		const body = door.body.parse(hasBody(request) ? await readJson(request, response) : {});
		assertStorable(body);
		const address = request.ip ?? '0.0.0.0';
		// Before it may be over: whose open pages have to look whether they still have a session.
		const before = door.method === 'POST' ? await people.findSession(cookie) : undefined;
		const answer = await people.enter({ path, door, body, cookie, userAgent, address });
		if (before !== undefined) listeners.announceSessions(before.userId);
		if (answer.cookies.length > 0) response.append('Set-Cookie', answer.cookies);
		response.json(answer.body);
	};
}
