import { join } from 'node:path';

/** Who may connect: everybody with one token, or users, each with what it may do. */
export type NatsAuth = { readonly token: string } | { readonly users: readonly NatsUser[] };

export type NatsUser = {
	readonly user: string;
	readonly password: string;
	/** The `permissions` block of https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization */
	readonly permissions?: object;
};

/** The certificate of the server and its key, as PEM files. Nobody is then let in without TLS. */
export type NatsTls = {
	readonly certFile: string;
	readonly keyFile: string;
	/** Who connects must have a certificate that this authority signed. */
	readonly clientCaFile?: string;
};

/** The place of a server in a cluster on this machine. */
export type NatsPlace = {
	readonly serverName: string;
	/** Where the others reach it. */
	readonly routePort: number;
	/** Of all, itself included. */
	readonly routePorts: readonly number[];
	readonly password: string;
};

/** The file that nats-server is started with; its format is a superset of JSON. */
export function natsConfig(options: {
	dataDir: string;
	port: number;
	auth: NatsAuth | undefined;
	tls?: NatsTls | undefined;
	place?: NatsPlace | undefined;
}): string {
	const { dataDir, port, auth, tls, place } = options;
	const config = {
		server_name: place?.serverName ?? 'chat-manager',
		host: '127.0.0.1',
		port,
		pid_file: pidFile(dataDir),
		jetstream: { store_dir: dataDir },
		max_payload: 8 * 1024 * 1024,
		// A frozen client's subscriptions are answered for until it is found out: after 15 s instead of 6 min.
		ping_interval: '5s',
		ping_max: 2,
		// A client that takes nothing for so long is cut off, so that it does not hold back the others.
		write_deadline: '10s',
		...(auth === undefined ? {} : { authorization: auth }),
		...(place === undefined ? {} : { cluster: clusterBlock(place) }),
		...(tls === undefined ? {} : { tls: tlsBlock(tls) }),
	};
	return `${JSON.stringify(config, undefined, '\t')}\n`;
}

function tlsBlock({ certFile, keyFile, clientCaFile }: NatsTls): object {
	const asksForOne = clientCaFile === undefined ? {} : { ca_file: clientCaFile, verify: true };
	return { cert_file: certFile, key_file: keyFile, ...asksForOne };
}

function clusterBlock({ routePort, routePorts, password }: NatsPlace): object {
	const user = 'cluster';
	return {
		name: 'chat-manager',
		host: '127.0.0.1',
		port: routePort,
		authorization: { user, password },
		routes: routePorts.map((port) => `nats://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`),
	};
}

export function pidFile(dataDir: string): string {
	return join(dataDir, 'nats.pid');
}
