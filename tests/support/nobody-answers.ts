import { connectBus } from '@chat-manager/bus';
import { entries, operationSubject } from '@chat-manager/contracts';
import { expect, vi } from 'vitest';
import type { Network } from './network.ts';
import { waiting } from './person.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** What NATS says where nobody listens. */
const noResponders = '503';

/**
 * Resolves when NATS knows that the service is gone. It learns of a killed process by its connection, and what is asked in the
 * moment before goes to nobody and runs into its time.
 */
export async function untilNobodyAnswers(
	net: Network,
	service: 'connectors' | 'storage' | 'webhooks',
): Promise<void> {
	await using bus = await connectBus({
		url: net.servers.natsUrl,
		service: 'test',
		log: silent,
		user: 'chat-manager',
		password: net.secrets.nats,
	});
	const entry = entries.find((one) => one.service === service);
	const subject = operationSubject(service, entry?.domain ?? '', entry?.verb ?? '');
	await vi.waitFor(async () => {
		const asked = bus.nats.request(subject, '', { timeout: 1_000 });
		await expect(asked).rejects.toMatchObject({ code: noResponders });
	}, waiting);
}
