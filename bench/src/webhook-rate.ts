import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusEvent, connectBus, createClient, publishEvent } from '@chat-manager/bus';
import { createSimulatedPerson, startSystem } from '@chat-manager/dev-env';
import { Webhook } from 'standardwebhooks';
import { Pool } from 'undici';
import { type Bench, figure } from './figure.ts';
import { median } from './median.ts';
import { cpuMsBelow } from './process-cost.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const deliveries = 10_000;
/** The first warms both up. */
const rounds = 4;
/** What the dispatcher opens to one endpoint at the most, for the loop beside it. */
const connections = 32;
const programs = { dispatcher: 'apps/webhooks', postgres: 'postgres', receiver: 'webhook-receiver' };

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
			const cost = await startCost();
			await webhooks.resume({ id }, person.caller());
			const { tookMs } = await receiver.takeAll(deliveries);
			costs.push(await cost());
			return (deliveries / tookMs) * 1_000;
		}

		const costs: Cost[] = [];
		const [ours, bare]: [number[], { perSecond: number; loopUs: number }[]] = [[], []];
		for (let round = 0; round < rounds; round++) {
			ours.push(await dispatch(round));
			bare.push(await postAll(receiver, secret));
			report(
				`round ${round + 1}: dispatcher ${ours.at(-1)?.toFixed(0)}/s, loop ${bare.at(-1)?.perSecond.toFixed(0)}/s`,
			);
		}
		const target = { compare: '>=', ratio: 0.7 } as const;
		const value = median(ours.slice(1));
		const limit = median(bare.slice(1).map(({ perSecond }) => perSecond));
		const loopUs = median(bare.slice(1).map((round) => round.loopUs));
		const costOf = (name: keyof Cost) => median(costs.slice(1).map((cost) => cost[name]));
		return [
			figure({ name: 'webhook-rate', value, limit, unit: 'deliveries a second', target }),
			figure({
				name: 'webhook-dispatcher',
				value: costOf('dispatcher'),
				limit: loopUs,
				unit: 'µs CPU a delivery, beside the loop',
			}),
			figure({ name: 'webhook-postgres', value: costOf('postgres'), unit: 'µs CPU of Postgres a delivery' }),
			figure({
				name: 'webhook-receiver',
				value: costOf('receiver'),
				unit: 'µs CPU of the endpoint a delivery',
			}),
		];
	},
};

type Cost = Record<keyof typeof programs, number>;

/** From now on: the processor time of each program, in µs a delivery. */
async function startCost(): Promise<() => Promise<Cost>> {
	const before = await cpuMsBelow(process.pid, Object.values(programs));
	return async () => {
		const after = await cpuMsBelow(process.pid, Object.values(programs));
		const costUs = (program: string) =>
			(((after.get(program) ?? 0) - (before.get(program) ?? 0)) / deliveries) * 1_000;
		return {
			dispatcher: costUs(programs.dispatcher),
			postgres: costUs(programs.postgres),
			receiver: costUs(programs.receiver),
		};
	};
}

async function postAll(receiver: Receiver, secret: string): Promise<{ perSecond: number; loopUs: number }> {
	const pool = new Pool(receiver.url, { connections, pipelining: 1 });
	const body = JSON.stringify({
		id: 'e',
		type: 'message.received',
		timestamp: new Date().toISOString(),
		data: event('e').data,
	});
	let left = deliveries;
	const before = process.cpuUsage();
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
	const { user, system } = process.cpuUsage(before);
	await pool.close();
	return { perSecond: (deliveries / tookMs) * 1_000, loopUs: (user + system) / deliveries };
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
