import { Resolver } from 'node:dns/promises';

/** A host name → its addresses, IPv4 and IPv6; rejects when there are none. */
export type Resolve = (hostname: string) => Promise<string[]>;

/**
 * Asks the DNS itself instead of the system's `getaddrinfo`: that one runs on a few threads that every other lookup would wait
 * for when somebody's name server is silent. So the hosts file does not count; `localhost` is known by itself (RFC 6761).
 */
export function createResolve(): Resolve {
	const dns = new Resolver({ timeout: 2_000, tries: 2 });
	return async (hostname) => {
		if (/(^|\.)localhost\.?$/i.test(hostname)) return ['127.0.0.1', '::1'];
		const answers = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)]);
		const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
		if (addresses.length > 0) return addresses;
		throw answers.find((answer) => answer.status === 'rejected')?.reason ?? new Error('No addresses.');
	};
}
