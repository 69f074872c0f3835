import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../network/refusal.ts';
import { hasSession } from '../page/session.ts';

const LOOPBACK = /^(localhost|127\.[0-9.]+|\[::1\])$/;

/** Whether only programs of this machine can connect to this address. */
export function isLoopback(host: string): boolean {
	return LOOPBACK.test(bracketed(host));
}

/**
 * Keeps web pages away from the admin API. On a loopback address only loopback names are answered, so that a foreign name
 * that resolves to it (DNS rebinding) is of no use; and a browser that says it comes from elsewhere is refused.
 */
export function checkOrigin(request: IncomingMessage, boundTo: string): void {
	const host = request.headers.host ?? '';
	if (isLoopback(boundTo) && !LOOPBACK.test(hostname(host))) {
		throw new Refusal(403, 'Use a loopback name such as 127.0.0.1 or localhost as the host.');
	}
	const { origin } = request.headers;
	if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
		throw new Refusal(403, 'Requests from other origins are refused.');
	}
}

/** The token, or the cookie of the phone page. */
export function checkToken(request: IncomingMessage, token: string | undefined): void {
	if (token === undefined || hasSession(request, token)) return;
	const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
	if (!timingSafeEqual(digest(given), digest(token))) {
		throw new Refusal(401, 'Send the admin token as "Authorization: Bearer …".');
	}
}

function bracketed(host: string): string {
	return host.includes(':') ? `[${host}]` : host;
}

function hostname(host: string): string {
	return host.replace(/:[0-9]+$/, '').toLowerCase();
}

function digest(value: string): Buffer {
	return createHash('sha256').update(value).digest();
}
