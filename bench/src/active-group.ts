import { type Bus, connectBus, consumeEvents } from '@chat-manager/bus';
import { importDevices } from '@chat-manager/connector/import-devices';
import { askSimulator, createLinkedUsers, createSimulatedPerson, type System } from '@chat-manager/dev-env';
import { z } from 'zod';
import { until } from './system.ts';

const author = '15550000003';
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export type ActiveGroup = Awaited<ReturnType<typeof openActiveGroup>>;

/** A starred group of so many users and an author: each message of it is captured once for every user. */
export async function openActiveGroup(
	system: System,
	cleanup: AsyncDisposableStack,
	{ users }: { users: number },
) {
	const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
	const bus: Bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
	let captured = 0;
	const consuming = await consumeEvents(bus, {
		durable: 'bench',
		types: ['message.received'],
		handle: async (events) => {
			captured += events.length;
		},
	});
	cleanup.defer(() => consuming.stop());
	await askSimulator(system, '/admin/accounts', { phone: author });
	const group = { by: author, subject: 'Bench', participants: [] };
	const { id: jid } = z.object({ id: z.string() }).parse(await askSimulator(system, '/admin/groups', group));
	for (const { userId } of await createLinkedUsers(system, importDevices, {
		count: users,
		preKeys: 20,
		groups: [jid],
	})) {
		const person = createSimulatedPerson(system, bus, userId);
		await person.connected();
		await person.holder.groups.star({ jid }, person.caller());
	}
	const sendOne = (index: number) =>
		askSimulator(system, '/admin/messages', {
			from: author,
			to: jid,
			text: `Message ${index} of the benchmark`,
		});
	return {
		sendOne,
		captured: () => captured,
		/** One after the other, until all are captured. */
		async send(count: number): Promise<void> {
			const wanted = captured + count * users;
			for (let index = 0; index < count; index++) await sendOne(index);
			await until('all messages are captured', async () => captured >= wanted);
		},
	};
}
