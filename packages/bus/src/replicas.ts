import { NatsError } from 'nats';
import type { Bus } from './connection.ts';

/**
 * Throws where NATS cannot keep what we store as often as `CM_NATS_REPLICAS` says, for it is a server without a cluster: that
 * takes a change asked of it for done. (That a cluster has too few servers at the moment is an error of NATS itself.)
 */
export function assertReplicas({ replicas, nats }: Bus): void {
	if (replicas === 1 || nats.info?.cluster !== undefined) return;
	throw new Error(
		`NATS is a server without a cluster and cannot keep ${replicas} replicas: set CM_NATS_REPLICAS to 1, or name the servers of a cluster in NATS_URL.`,
	);
}

/**
 * Brings a stream that was made with another `CM_NATS_REPLICAS` to this one. It can be used meanwhile, and also if the cluster
 * has too few servers at the moment; then the next start tries again.
 */
export async function keepReplicas(bus: Bus, stream: string): Promise<void> {
	const { streams } = await bus.jetStream.jetstreamManager();
	const { config } = await streams.info(stream);
	if (config.num_replicas === bus.replicas) return;
	try {
		await streams.update(stream, { ...config, num_replicas: bus.replicas });
	} catch (error) {
		if (!(error instanceof NatsError)) throw error;
		bus.log.warn({ error, stream, replicas: bus.replicas }, 'The number of replicas could not be changed');
	}
}
