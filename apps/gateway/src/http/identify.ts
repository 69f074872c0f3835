import { AppError } from '@chat-manager/contracts';
import type { Request, Response } from 'express';
import { type Caller, personCaller } from '../access/caller.ts';
import { tokenRefused } from '../access/token-access.ts';
import type { Context } from '../context.ts';
import { sessionCookie } from '../people/auth.ts';
import type { People } from '../people/people.ts';
import { assertOwnOrigin } from './origin.ts';

/** Who calls `/api`: a signed-in person by their cookie, or an access token; never both. */
export async function identify(
	request: Request,
	response: Response,
	{ context, people }: { context: Context; people: People },
): Promise<Caller> {
	const { authorization, cookie } = request.headers;
	const hasSession = cookie !== undefined && carriesCookie(cookie, sessionCookie(context.publicUrl));
	if (authorization !== undefined && hasSession)
		throw new AppError('invalid_input', 'Send either the session cookie or an access token, not both.');
	if (authorization !== undefined) return await identifyToken(authorization, response, context);
	if (!hasSession) throw notSignedIn();
	assertOwnOrigin(request.headers, context.publicUrl);
	const session = await people.findSession(cookie);
	if (session === undefined) throw notSignedIn();
	if (session.cookies.length > 0) response.append('Set-Cookie', session.cookies);
	return personCaller(session.userId);
}

/** Whoever carries the access token of an Authorization header; `unauthenticated` in the same words whatever is wrong. */
export async function identifyToken(
	authorization: string | undefined,
	response: Response,
	{ tokens, publicUrl }: Context,
): Promise<Caller> {
	const [, token] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
	const caller = token === undefined ? undefined : await tokens.verify(token);
	if (caller !== undefined) return caller;
	response.set(
		'WWW-Authenticate',
		`Bearer realm="Chat Manager"${authorization === undefined ? '' : ', error="invalid_token"'}`,
	);
	throw tokenRefused(publicUrl.tokenPage);
}

function notSignedIn(): AppError {
	return new AppError(
		'unauthenticated',
		'You are not signed in, or your session has ended. Sign in and try again.',
	);
}

function carriesCookie(header: string, name: string): boolean {
	return header.split(';').some((pair) => pair.trim().startsWith(`${name}=`));
}
