import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { pageKey } from './phone-link.ts';

/**
 * What lets the phone page through to the admin API: a cookie that the browser gets for the key of the page's link. It is made
 * from the token, so it outlives a restart of the emulator and ends with the token. Scripts cannot read it, and the browser sends
 * it along with requests of the page itself only.
 */
const LIFETIME_S = 30 * 24 * 60 * 60;

/** The cookie for this key; nothing when it is not the one of the link. */
export function openSession(request: IncomingMessage, key: string, adminToken: string): string | undefined {
	if (!isEqual(key, pageKey(adminToken))) return undefined;
	const secure = request.socket instanceof TLSSocket ? '; Secure' : '';
	return `${nameOf(adminToken)}=${secretOf(adminToken)}; Path=/admin; Max-Age=${LIFETIME_S}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Whether the request comes from the page. Other ports of this machine count as the same site for cookies, so that is not left
 * to the cookie alone: what changes anything must name its origin (which has been checked), and whoever says that they are another
 * one is refused.
 */
export function hasSession(request: IncomingMessage, adminToken: string): boolean {
	const { cookie = '', origin } = request.headers;
	const site = request.headers['sec-fetch-site'];
	if (request.method !== 'GET' && origin === undefined) return false;
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
	const name = nameOf(adminToken);
	return cookie
		.split(';')
		.map((pair) => pair.trim())
		.some(
			(pair) => pair.startsWith(`${name}=`) && isEqual(pair.slice(name.length + 1), secretOf(adminToken)),
		);
}

/** Cookies know no ports: two emulators on one machine must not take each other's away. */
function nameOf(adminToken: string): string {
	return `phone-${createHash('sha256').update(`name ${adminToken}`).digest('hex').slice(0, 12)}`;
}

function secretOf(adminToken: string): string {
	return createHmac('sha256', adminToken).update('phone page session').digest('base64url');
}

function isEqual(one: string, other: string): boolean {
	const digest = (value: string) => createHash('sha256').update(value).digest();
	return timingSafeEqual(digest(one), digest(other));
}
