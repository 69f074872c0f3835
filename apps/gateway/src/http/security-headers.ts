import type { RequestHandler } from 'express';
import type { PublicUrl } from '../public-url.ts';

const contentSecurityPolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
].join('; ');

const headers = {
	'Content-Security-Policy': contentSecurityPolicy,
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'Referrer-Policy': 'no-referrer',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** On every answer, errors included. */
export function securityHeaders({ isSecure }: PublicUrl): RequestHandler {
	const all = isSecure ? { ...headers, 'Strict-Transport-Security': 'max-age=31536000' } : headers;
	return (_request, response, next) => {
		response.set(all);
		next();
	};
}
