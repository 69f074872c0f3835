import { randomUUID } from 'node:crypto';
import { type Bus, type BusEvent, createClient, createGrantSigner, publishEvent } from '@chat-manager/bus';
import { allScopes, type Grant, type MessageContent } from '@chat-manager/contracts';
import { sealEventContent } from '@chat-manager/service';
import type { Connectors } from './connectors.ts';

export const group = '120363025246125486@g.us';
export const otherGroup = '120363025246125999@g.us';

export type Person = ReturnType<typeof createPerson>;

/** A user of their own: calls with signed grants, and things that happen in their groups. */
export function createPerson(options: {
	bus: Bus;
	privateKey: string;
	eventKeys: Connectors;
	now: () => number;
}) {
	const { bus, privateKey, eventKeys } = options;
	const userId = `u_${randomUUID().slice(0, 8)}`;
	const sign = createGrantSigner(privateKey);
	const client = createClient(bus, 'webhooks');
	const key = eventKeys.newKey(userId);
	const caller = (change: Partial<Grant> = {}) => {
		const deadline = Math.max(Date.now(), options.now()) + 20_000;
		const grant: Grant = {
			callId: randomUUID(),
			userId,
			scopes: [...allScopes],
			groups: null,
			confirmed: true,
			deadline,
			...change,
		};
		return { userId, deadline: grant.deadline, signedGrant: sign(grant) };
	};

	return {
		userId,
		client,
		caller,
		list: async (grant?: Partial<Grant>) => (await client.webhooks.list({}, caller(grant))).webhooks,
		add: (input: Parameters<typeof client.webhooks.add>[0], grant?: Partial<Grant>) =>
			client.webhooks.add(input, caller(grant)),
		delete: (id: string, grant?: Partial<Grant>) => client.webhooks.delete({ id }, caller(grant)),
		/** Deletes their endpoints and all that waits for them, so that it does not come to the next test's receiver. */
		async leaves(): Promise<void> {
			const { webhooks } = await client.webhooks.list({}, caller());
			for (const { id } of webhooks) await client.webhooks.delete({ id }, caller());
		},
		/** A message in a group; without content as it comes while storing is off. */
		message(change: { id?: string; groupJid?: string; content?: MessageContent | null; at?: string } = {}) {
			const { id = randomUUID(), groupJid = group, content = null, at = new Date().toISOString() } = change;
			const event: BusEvent<'message.received'> = {
				id,
				type: 'message.received',
				at,
				userId,
				groupJid,
				data: {
					messageId: '3EB0C0FFEE',
					sender: { jid: '98765432101234@lid', name: 'Ana', phone: null, isYou: false },
					kind: 'text',
					content: content === null ? null : sealEventContent(key, id, content),
				},
			};
			return event;
		},
		/** Publishes and gives the ids, in order. */
		async happens(...events: BusEvent[]): Promise<string[]> {
			for (const event of events) await publishEvent(bus, event);
			return events.map(({ id }) => id);
		},
	};
}
