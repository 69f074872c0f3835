/**
 * An internal subscriber: welcomes (on its console) everybody who joins a starred group. Its NATS user may read events of this one
 * kind and do nothing else; `npm run subscriber-permissions -- welcome member.joined` prints what the server has to know of it.
 *
 * Events come at least once, so a repeat must be harmless: it is known by the event's id. A consumer with a durable name goes on
 * where it stopped, whatever happened in between, for the 72 hours that the stream keeps events.
 */
import { EventEnvelope, eventFilters, events } from '@chat-manager/contracts';
import { AckPolicy, connect, DeliverPolicy } from 'nats';

const stream = 'EVENTS';
const name = 'welcome';
const [filter = ''] = eventFilters(['member.joined']);

const { NATS_URL = 'nats://127.0.0.1:4222', NATS_PASSWORD = '', NATS_CA_FILE } = process.env;
const nats = await connect({
	servers: NATS_URL.split(','),
	user: name,
	pass: NATS_PASSWORD,
	...(NATS_CA_FILE === undefined ? {} : { tls: { caFile: NATS_CA_FILE } }),
	inboxPrefix: `_INBOX_${name}`, // Answers come to its own inbox: it may listen to no other.
	maxReconnectAttempts: -1,
});
const jetStream = nats.jetstream({ checkAPI: false });
const manager = await jetStream.jetstreamManager();
await manager.consumers.add(stream, {
	durable_name: name,
	filter_subject: filter,
	ack_policy: AckPolicy.Explicit,
	deliver_policy: DeliverPolicy.New,
});
const messages = await (await jetStream.consumers.get(stream, name)).consume();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void messages.close());
console.log('listening');

const greeted = new Set<string>();
for await (const message of messages) {
	const { id, groupJid, data } = EventEnvelope.parse(message.json());
	const { member } = events.member.joined.data.parse(data);
	if (!greeted.has(id)) console.log(`Welcome to ${groupJid}, ${member.name ?? member.jid}!`);
	greeted.add(id);
	message.ack();
}
await nats.close();
