import type { Readiness } from '@chat-manager/service';
import type { Context } from './context.ts';

/** What the gateway depends on. */
export async function readiness({ database, bus }: Pick<Context, 'database' | 'bus'>): Promise<Readiness> {
	return { database: await database.state(), nats: bus.isConnected() ? 'ok' : 'unavailable' };
}
