import { isIP, type LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Destinations } from './destinations.ts';

const connectTimeoutMs = 10_000;
const maxPools = 2_000;

export type Connections = AsyncDisposable & {
	/** The pool of an origin. How many connections it opens is bounded by those who use it. */
	poolOf(origin: string): Pool;
	/** Cuts every connection. */
	destroy(): Promise<void>;
};

/**
 * One pool an origin, the least recently used one closed when there are too many. A pool has no limit of its own: endpoints
 * of many customers may share an origin, and a silent one must not hold the others' connections.
 *
 * A connection is made to addresses that were checked a moment before, and to no other: Node's own lookup never runs.
 */
export function createConnections(destinations: Destinations): Connections {
	const pools = new Map<string, Pool>();
	const connect = createCheckedConnector(destinations);
	return {
		poolOf(origin) {
			const pool =
				pools.get(origin) ?? new Pool(origin, { connect, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
			pools.delete(origin);
			pools.set(origin, pool);
			const [oldest] = pools;
			if (pools.size > maxPools && oldest !== undefined) {
				pools.delete(oldest[0]);
				void oldest[1].close();
			}
			return pool;
		},
		async destroy() {
			await Promise.all([...pools.values()].map((pool) => pool.destroy()));
			pools.clear();
		},
		[Symbol.asyncDispose]() {
			return this.destroy();
		},
	};
}

function createCheckedConnector(destinations: Destinations): buildConnector.connector {
	const lookup: LookupFunction = (hostname, options, callback) => {
		destinations.addressesOf(hostname).then(
			(addresses) => {
				const all = addresses.map((address) => ({ address, family: isIP(address) }));
				const [first] = all;
				if (options.all === true || first === undefined) callback(null, all);
				else callback(null, first.address, first.family);
			},
			(error: Error) => callback(error, []),
		);
	};
	const connector = buildConnector({ lookup, timeout: connectTimeoutMs, allowH2: false });
	return (options, callback) => {
		// For a literal address nothing is looked up, so it is checked here.
		const literal = options.hostname.replace(/^\[|\]$/g, '');
		if (isIP(literal) === 0) return connector(options, callback);
		destinations.addressesOf(literal).then(
			() => connector(options, callback),
			(error: Error) => callback(error, null),
		);
	};
}
