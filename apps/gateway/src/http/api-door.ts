import { confirmationNeeded, routes } from '@chat-manager/contracts';
import type { RequestHandler } from 'express';
import type { RateLimiter } from '../access/rate-limiter.ts';
import { takeCall } from '../access/take-call.ts';
import type { Context } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import type { People } from '../people/people.ts';
import { clientGone } from './client-gone.ts';
import { methodNotAllowed, routeNotFound } from './errors.ts';
import { identify } from './identify.ts';
import { hasBody, readJson } from './read-json.ts';

const byPath = new Map(routes.map((route) => [route.path, route]));

/** `/api`: every operation of the contract as a POST with its input as the body; no body is an empty input. */
export function createApiDoor(doors: {
	context: Context;
	people: People;
	/** How much an access token may call. */
	calls: RateLimiter;
}): RequestHandler {
	return async (request, response) => {
		const route = byPath.get(`${request.baseUrl}${request.path}`);
		if (route === undefined) throw routeNotFound(request.method);
		if (request.method !== 'POST') throw methodNotAllowed(response, 'POST');
		response.set('Cache-Control', 'no-store');
		const signal = clientGone(response);
		const caller = await identify(request, response, doors);
		takeCall(doors.calls, caller);
		const input = hasBody(request) ? await readJson(request, response) : {};
		const answer = await dispatch(doors.context, { entry: route.entry, input, caller, signal });
		if ('ask' in answer) throw confirmationNeeded();
		response.json(answer.output);
	};
}
