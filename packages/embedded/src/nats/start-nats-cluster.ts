import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import type { Log } from '../log.ts';
import type { NatsAuth } from './nats-config.ts';
import { type EmbeddedNats, startNats } from './start-nats.ts';

export type NatsServer = EmbeddedNats & { readonly name: string };

/**
 * Runs a cluster of NATS servers on 127.0.0.1, each with a folder of its own below `dataDir`: what an operator has on several
 * machines, to see what happens when one of them dies. Resolves when all run; they may still choose their leaders then.
 */
export async function startNatsCluster(options: {
	dataDir: string;
	size: number;
	auth?: NatsAuth;
	logger: Log;
	/** Called when one of them ended without being asked to. */
	onEnded?: (server: NatsServer) => void;
}): Promise<AsyncDisposable & { readonly servers: readonly NatsServer[] }> {
	const { dataDir, size, auth, logger, onEnded } = options;
	await using cleanup = new AsyncDisposableStack();
	const password = randomBytes(16).toString('hex');
	const routePorts: number[] = [];
	while (routePorts.length < size) routePorts.push(await freePort());
	const starts = routePorts.map(async (routePort, index): Promise<NatsServer> => {
		const name = `nats-${index + 1}`;
		const place = { serverName: name, routePort, routePorts, password };
		const started: { server?: NatsServer } = {};
		const server = cleanup.use(
			await startNats({
				dataDir: join(dataDir, name),
				place,
				logger,
				...(auth === undefined ? {} : { auth }),
				onEnded: () => {
					if (started.server !== undefined) onEnded?.(started.server);
				},
			}),
		);
		started.server = Object.assign(server, { name });
		return started.server;
	});
	const outcomes = await Promise.allSettled(starts);
	const servers = outcomes.map((outcome) => {
		if (outcome.status === 'rejected') throw outcome.reason;
		return outcome.value;
	});
	const held = cleanup.move();
	return { servers, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
