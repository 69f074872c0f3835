import type { DeliveryFault } from '@chat-manager/contracts';
import { errors } from 'undici';
import { NameNotFound, RefusedDestination } from './destinations.ts';

/** The attempt took longer than it may. */
export class AttemptTimeout extends Error {
	override readonly name = 'AttemptTimeout';
}

/** What kept a request from being answered, in our own words; what others say about it stays in the log. */
export function faultOf(error: unknown): DeliveryFault {
	if (error instanceof RefusedDestination) return 'address_refused';
	if (error instanceof NameNotFound) return 'name_not_found';
	if (error instanceof AttemptTimeout) return 'timed_out';
	if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError)
		return 'bad_answer';
	const code = codeOf(error);
	if (/TIMEDOUT|_TIMEOUT$/.test(code)) return 'timed_out';
	if (code === 'ECONNREFUSED') return 'connection_refused';
	if (/^(ERR_TLS|ERR_SSL|CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH)/.test(code))
		return 'tls_failed';
	return 'connection_failed';
}

/** The fault that a status stands for; none for 2xx. */
export function faultOfStatus(status: number): DeliveryFault | null {
	if (status >= 200 && status < 300) return null;
	if (status >= 300 && status < 400) return 'redirected';
	return status === 410 ? 'gone' : 'http_error';
}

function codeOf(error: unknown): string {
	const { code } = error as { code?: unknown };
	return typeof code === 'string' ? code : '';
}
