import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@chat-manager/contracts';
import type { RequestHandler } from 'express';
import type { PublicUrl } from '../public-url.ts';

/**
 * Refuses what a browser sends from a foreign page. Browsers put Origin on every POST and, the newer ones, Sec-Fetch-Site on
 * everything; programs send neither, and have no cookie that somebody else could use.
 */
export function assertOwnOrigin(headers: IncomingHttpHeaders, publicUrl: PublicUrl): void {
	const { origin, 'sec-fetch-site': site } = headers;
	const isForeign = origin !== undefined && !publicUrl.isOwnOrigin(origin);
	if (isForeign || (site !== undefined && site !== 'same-origin'))
		throw new AppError(
			'forbidden',
			`This can only be done from ${publicUrl.origin} itself, not from another site.`,
		);
}

/** Refuses another Host: a foreign name that points at this machine (DNS rebinding) would make its page look like ours. */
export function assertOwnHost(publicUrl: PublicUrl): RequestHandler {
	return ({ headers }, _response, next) => {
		if (headers.host !== undefined && publicUrl.isOwnHost(headers.host)) return next();
		throw new AppError(
			'forbidden',
			`This server answers at ${publicUrl.origin}. Its operator can add other host names with CM_ALLOWED_HOSTS.`,
		);
	};
}
