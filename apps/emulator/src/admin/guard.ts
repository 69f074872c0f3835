import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../network/refusal.ts';

const LOOPBACK = /^(localhost|127\.[0-9.]+|\[::1\])$/;

/**
 * Keeps web pages away from the admin API. On a loopback address only loopback names are answered, so that a foreign name
 * that resolves to it (DNS rebinding) is of no use; and a browser that says it comes from elsewhere is refused.
 */
export function checkOrigin(request: IncomingMessage, boundTo: string): void {
	const host = request.headers.host ?? '';
	const bound = boundTo.includes(':') ? `[${boundTo}]` : boundTo;
	const name = hostname(host);
	if (LOOPBACK.test(bound) && !LOOPBACK.test(name)) {
		throw new Refusal(403, 'Use a loopback name such as 127.0.0.1 or localhost as the host.');
	}
	const { origin } = request.headers;
	if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
		throw new Refusal(403, 'Requests from other origins are refused.');
	}
}

export function checkToken(request: IncomingMessage, token: string | undefined): void {
	if (token === undefined) return;
	const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
	if (!timingSafeEqual(digest(given), digest(token))) {
		throw new Refusal(401, 'Send the admin token as "Authorization: Bearer …".');
	}
}

function hostname(host: string): string {
	return host.replace(/:[0-9]+$/, '').toLowerCase();
}

function digest(value: string): Buffer {
	return createHash('sha256').update(value).digest();
}
