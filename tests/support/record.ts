import { z } from 'zod';
import { type Network, simulator } from './network.ts';
import type { Person } from './person.ts';

const Sent = z.object({ id: z.string() });

/** Somebody writes on the simulated network, whatever runs of ours; resolves with the message's id. */
export async function say(
	net: Network,
	message: { from: string; to: string; text: string },
): Promise<string> {
	return Sent.parse(await simulator(net, '/admin/messages', message)).id;
}

const Message = z.object({
	id: z.string(),
	text: z.string().nullable(),
	sender: z.object({ isYou: z.boolean() }),
});
const Page = z.object({ messages: z.array(Message), nextCursor: z.string().nullable() });
/** Everything that is stored of the group, oldest first. */
export async function readAll(person: Person, jid: string) {
	const all: z.infer<typeof Message>[] = [];
	for (let before: string | null | undefined; before !== null; ) {
		const page = Page.parse(
			await person.api('messages/list', { jid, limit: 100, ...(before ? { before } : {}) }),
		);
		all.push(...page.messages);
		before = page.nextCursor;
	}
	return all.reverse();
}
