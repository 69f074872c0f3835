import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusEvent, connectBus, createClient, publishEvent } from '@chat-manager/bus';
import { createSimulatedPerson, startSystem } from '@chat-manager/dev-env';
import { Webhook } from 'standardwebhooks';
import { Pool } from 'undici';
import { type Bench, figure } from './figure.ts';
import { median } from './median.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const deliveries = 10_000;
/** The first warms both up. */
const rounds = 4;
/** What the dispatcher opens to one endpoint at the most, for the loop beside it. */
const connections = 32;

/** Both post bodies of the same size to the same receiver, in turns. */
export const webhookRate: Bench = {
	name: 'webhook-rate',
	summary: 'Deliveries a second from the ledger, beside a bare undici loop that signs with the same library',
	async run(report) {
		await using cleanup = new AsyncDisposableStack();
		const dataDir = await mkdtemp(join(tmpdir(), 'cm-bench-'));
		cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
		const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
		const system = cleanup.use(await startSystem({ dataDir, log: silent, services: ['webhooks'], settings }));
		const { natsUrl: url, natsUser: user, natsPassword: password } = system.servers;
		const bus = cleanup.use(await connectBus({ url, service: 'bench', log: silent, user, password }));
		const receiver = cleanup.use(await startReceiver());
		const person = createSimulatedPerson(system, bus, 'bench');
		const { webhooks, deliveries: ledger } = createClient(bus, 'webhooks');
		const { id, secret } = await webhooks.add({ url: receiver.url }, person.caller());

		/** Records deliveries while the webhook is paused, and lets them go. */
		async function dispatch(round: number): Promise<number> {
			await webhooks.pause({ id }, person.caller());
			const events = Array.from({ length: deliveries }, (_, index) => event(`e${round}-${index}`));
			for (let from = 0; from < events.length; from += 200)
				await Promise.all(events.slice(from, from + 200).map((one) => publishEvent(bus, one)));
			const held = async () => (await ledger.list({ webhookId: id, limit: 1 }, person.caller())).deliveries;
			const last = events.at(-1)?.id;
			while ((await held())[0]?.eventId !== last) await new Promise((resolve) => setTimeout(resolve, 50));
			await webhooks.resume({ id }, person.caller());
			return (deliveries / (await receiver.takeAll(deliveries)).tookMs) * 1_000;
		}

		const [ours, bare]: [number[], number[]] = [[], []];
		for (let round = 0; round < rounds; round++) {
			ours.push(await dispatch(round));
			bare.push(await postAll(receiver, secret));
			report(
				`round ${round + 1}: dispatcher ${ours.at(-1)?.toFixed(0)}/s, loop ${bare.at(-1)?.toFixed(0)}/s`,
			);
		}
		const target = { compare: '>=', ratio: 0.7 } as const;
		const [value, limit] = [median(ours.slice(1)), median(bare.slice(1))];
		return [figure({ name: 'webhook-rate', value, limit, unit: 'deliveries a second', target })];
	},
};

async function postAll(receiver: Receiver, secret: string): Promise<number> {
	const pool = new Pool(receiver.url, { connections, pipelining: 1 });
	const body = JSON.stringify({
		id: 'e',
		type: 'message.received',
		timestamp: new Date().toISOString(),
		data: event('e').data,
	});
	let left = deliveries;
	const done = receiver.takeAll(deliveries);
	await Promise.all(
		Array.from({ length: connections }, async () => {
			while (left-- > 0) {
				const at = new Date();
				const response = await pool.request({
					method: 'POST',
					path: '/',
					body,
					headers: {
						'content-type': 'application/json',
						'webhook-id': 'e',
						'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
						'webhook-signature': new Webhook(secret).sign('e', at, body),
					},
				});
				await response.body.dump();
			}
		}),
	);
	const { tookMs } = await done;
	await pool.close();
	return (deliveries / tookMs) * 1_000;
}

/** Of about a kilobyte, the size of a message's event. */
function event(id: string): BusEvent<'message.received'> {
	return {
		id,
		type: 'message.received',
		at: new Date().toISOString(),
		userId: 'bench',
		groupJid: '120363025246125486@g.us',
		data: {
			messageId: '3EB0C0FFEE',
			sender: { jid: '98765432101234@lid', name: 'Ana '.repeat(180), phone: null, isYou: false },
			kind: 'text',
			content: null,
		},
	};
}
