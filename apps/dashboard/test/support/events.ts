import { type Bus, connectBus } from '@chat-manager/bus';
import { createLogger } from '@chat-manager/service';
import { expect, vi } from 'vitest';
import type { Dashboard } from './dashboard.ts';

export type Events = AsyncDisposable & {
	readonly bus: Bus;
	/** Resolves when a service has taken in everything that was published until now. */
	handledBy(service: 'storage' | 'webhooks'): Promise<void>;
};

/** The events of the system, seen from the bus. */
export async function openEvents({ system }: Pick<Dashboard, 'system'>): Promise<Events> {
	const { url, user, password } = system.nats;
	const log = createLogger({ name: 'test', level: 'warn' });
	const bus = await connectBus({ url, user, password, service: 'test', log });
	return {
		bus,
		async handledBy(service) {
			const manager = await bus.nats.jetstreamManager();
			await vi.waitFor(
				async () => {
					const { num_pending, num_ack_pending } = await manager.consumers.info('EVENTS', service);
					expect(num_pending + num_ack_pending).toBe(0);
				},
				{ timeout: 300_000, interval: 200 },
			);
		},
		[Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
	};
}
