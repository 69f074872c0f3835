import type { Logger } from '@chat-manager/service';

/**
 * better-auth's own words into our log: the sentence and the errors, never the other arguments, which may hold what a person
 * typed.
 */
export function reportAuth(logger: Logger) {
	return (level: string, message: string, ...rest: unknown[]): void => {
		const err = rest.find((item) => item instanceof Error);
		const fields = err === undefined ? {} : { err };
		if (level === 'error') logger.error(fields, `better-auth: ${message}`);
		else if (level === 'warn') logger.warn(fields, `better-auth: ${message}`);
	};
}
