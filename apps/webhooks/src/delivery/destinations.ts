import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';
import type { Resolve } from './resolve.ts';

/**
 * Where events may be posted to: public https addresses (RFC 1918 and the like would let a customer reach into the network
 * that this service stands in). What a name means is looked at when an endpoint is registered, so that its owner hears of it,
 * and again for each connection, which goes to exactly the addresses that were looked at: a DNS answer that changes in
 * between changes nothing.
 */
export type Destinations = {
	/** Throws a `RefusedDestination` for another scheme than https, and for credentials. */
	checkUrl(url: URL): void;
	/**
	 * The addresses of a host (a literal one is its own), all of them allowed. Throws a `RefusedDestination` when one is not,
	 * `NameNotFound` when there are none.
	 */
	addressesOf(hostname: string): Promise<string[]>;
};

/** The message is a sentence for the owner of the endpoint. */
export class RefusedDestination extends Error {
	override readonly name = 'RefusedDestination';
}

export class NameNotFound extends Error {
	override readonly name = 'NameNotFound';
}

export function createDestinations(options: { resolve: Resolve; allowHttpLoopback: boolean }): Destinations {
	const { resolve, allowHttpLoopback } = options;
	const isAllowed = (address: string): boolean =>
		isPublicAddress(address) || (allowHttpLoopback && isLoopbackAddress(address));

	function assertAllowed(addresses: readonly string[]): void {
		if (!addresses.every(isAllowed))
			throw new RefusedDestination(
				'url: this address is not on the public internet (private, loopback and reserved ones are refused). Give one that can be reached from everywhere.',
			);
	}

	return {
		checkUrl({ protocol, username, password }) {
			if (protocol !== 'https:' && !(protocol === 'http:' && allowHttpLoopback))
				throw new RefusedDestination('url: must begin with https://.');
			if (username !== '' || password !== '')
				throw new RefusedDestination(
					'url: must not hold a user name or password. Deliveries are signed: verify the signature instead.',
				);
		},
		async addressesOf(hostname) {
			const host = withoutBrackets(hostname);
			const addresses = isIP(host) !== 0 ? [host] : await lookUp(resolve, host);
			assertAllowed(addresses);
			return addresses;
		},
	};
}

async function lookUp(resolve: Resolve, hostname: string): Promise<string[]> {
	const addresses = await resolve(hostname).catch((cause: unknown) => {
		throw new NameNotFound('The name could not be resolved.', { cause });
	});
	if (addresses.length === 0) throw new NameNotFound('The name has no address.');
	return addresses;
}

function withoutBrackets(hostname: string): string {
	return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
