import { readFile } from 'node:fs/promises';
import { freePort } from '@chat-manager/embedded';
import { startReceiver } from '@chat-manager/webhooks/receiver';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, startNetwork } from './support/network.ts';
import { connectAgent, signUp, waiting } from './support/person.ts';
import { alertQueries, dashboardQueries, faultsOf, metricsIn } from './support/promql.ts';
import { say } from './support/record.ts';
import { type Scrape, scrape, seriesOf } from './support/scrape.ts';
import { startTraceReceiver, wayTo } from './support/trace-receiver.ts';

const ana = '15550000001';
const berta = '15550000002';
const services = ['gateway', 'connector', 'storage', 'webhooks'] as const;
type Service = (typeof services)[number];

const cleanup = new AsyncDisposableStack();
const ports = {} as Record<Service, number>;
let net: Network;
let traces: Awaited<ReturnType<typeof startTraceReceiver>>;
/** As long as all of it: what an endpoint that went did not get is pending for minutes. */
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let jid: string;
let token: string;
beforeAll(async () => {
	traces = cleanup.use(await startTraceReceiver());
	receiver = cleanup.use(await startReceiver());
	for (const service of services) ports[service] = await freePort();
	const seen = (service: Service) => ({
		HEALTH_PORT: String(ports[service]),
		OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
		OTEL_BSP_SCHEDULE_DELAY: '100',
	});
	net = cleanup.use(
		await startNetwork({
			settings: {
				gateway: { ...seen('gateway'), CM_RATE_LIMIT_BURST: '8', CM_RATE_LIMIT_PER_MINUTE: '1' },
				connector: { ...seen('connector'), CM_PING_SECONDS: '0.5' },
				storage: seen('storage'),
				webhooks: { ...seen('webhooks'), CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' },
			},
		}),
	);
});
afterAll(() => cleanup.disposeAsync());

const look = async () =>
	Object.fromEntries(
		await Promise.all(services.map(async (service) => [service, await scrape(ports[service])] as const)),
	) as Record<Service, Scrape>;

it('a call and a message are one trace each, from the first step to the last, without a word of what was said', async () => {
	const person = await signUp(net, 'ana');
	jid = await makeGroup(net, ana, 'Support', [berta]);
	await person.api('webhooks/add', { url: `${receiver.url}/hook` });
	await person.link(ana);
	await person.api('groups/star', { jid });
	token = await person.token();
	await using agent = await connectAgent(net, token);
	await agent.call('send_group_message', { jid, text: 'the words of the agent' });
	await vi.waitFor(
		() =>
			expect(wayTo(traces.steps(), ({ name }) => name === 'send message')).toEqual([
				[
					'gateway: POST /mcp',
					'gateway: call send_group_message',
					'gateway: ask connector.messages.send',
					'connector: answer connector.messages.send',
					'connector: send message',
				],
			]),
		waiting,
	);
	// The log goes another way than the trace, and may come later.
	const line = await vi.waitFor(async () => {
		const log = await readFile(net.service('gateway').logFile, 'utf8');
		const said = log.split('\n').find((one) => one.includes('connector.messages.send'));
		return Call.parse(JSON.parse(said ?? '{}'));
	}, waiting);
	expect(traces.steps().find(({ name }) => name === 'send message')?.traceId).toBe(line.trace);
	await say(net, { from: berta, to: jid, text: 'the words of a member' });
	const captured = ['connector: capture message', 'connector: publish message.received'];
	await vi.waitFor(() => {
		const steps = traces.steps();
		expect(wayTo(steps, ({ name }) => name === 'storage handles message.received')).toEqual([
			[...captured, 'storage: storage handles message.received'],
		]);
		expect(wayTo(steps, ({ name }) => name === 'post webhook')).toContainEqual([
			...captured,
			'webhooks: webhooks handles message.received',
			'webhooks: post webhook',
		]);
	}, waiting);
	const bytes = traces.bytes();
	for (const secret of ['the words of', token, ana, berta, jid, 'Support', person.cookie, receiver.url])
		expect(bytes.includes(secret)).toBe(false);
});

it('every service tells what was done, in metrics that a parser of Prometheus reads, with no label that grows', async () => {
	const before = await look();
	await using agent = await connectAgent(net, token);
	const calls = await Promise.allSettled(
		Array.from({ length: 12 }, () => agent.call('get_group_messages', { jid })),
	);
	expect(calls.some(({ status }) => status === 'rejected')).toBe(true);
	await vi.waitFor(async () => {
		const { gateway, connector, storage, webhooks } = await look();
		const called = (scraped: Scrape, tool: string, outcome: string) =>
			scraped.sum('cm_gateway_call_duration_seconds', { tool, caller: 'token', outcome }) ?? 0;
		expect(called(gateway, 'send_group_message', 'ok')).toBe(1);
		expect(called(gateway, 'get_group_messages', 'ok')).toBeGreaterThan(0);
		expect(gateway.sum('cm_gateway_rate_limited_total')).toBeGreaterThan(
			before.gateway.sum('cm_gateway_rate_limited_total') ?? 0,
		);
		expect(connector.sum('cm_connector_users', { state: 'connected' })).toBe(1);
		expect(connector.sum('cm_connector_sends_total', { outcome: 'sent' })).toBe(1);
		expect(connector.sum('cm_connector_capture_lag_seconds')).toBeGreaterThan(0);
		expect(connector.sum('cm_connector_connections_opened_total')).toBeGreaterThan(0);
		expect(connector.sum('cm_operation_duration_seconds', { operation: 'connector.messages.send' })).toBe(1);
		expect(connector.sum('cm_event_publish_duration_seconds', { type: 'message.received' })).toBeGreaterThan(
			0,
		);
		expect(storage.sum('cm_operation_duration_seconds', { operation: 'storage.messages.list' })).toBe(
			called(gateway, 'get_group_messages', 'ok'),
		);
		expect(storage.sum('cm_event_lag_seconds', { type: 'message.received', outcome: 'handled' })).toBe(1);
		expect(storage.sum('cm_consumer_pending_events', { durable: 'storage' })).toBe(0);
		expect(webhooks.sum('cm_webhooks_attempt_duration_seconds', { outcome: 'delivered' })).toBeGreaterThan(1);
		expect(webhooks.sum('cm_webhooks_delivery_latency_seconds')).toBeGreaterThan(1);
		expect(webhooks.sum('cm_webhooks_deliveries_pending')).toBe(0);
		for (const scraped of [gateway, connector, storage, webhooks]) {
			expect(scraped.sum('cm_ready')).toBeGreaterThan(1);
			expect(scraped.sum('cm_database_connections')).toBeGreaterThan(0);
			expect(scraped.sum('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
			expect(scraped.sum('cm_bus_refusals_total') ?? 0).toBe(0);
		}
	}, waiting);
	const values = Object.values(await look()).flatMap(({ series }) =>
		series.flatMap(({ labels: { le: _, ...labels } }) => Object.values(labels)),
	);
	expect(values.length).toBeGreaterThan(100);
	// Names out of the contract and our own words: no id, JID, number, address or token is of this form.
	expect(values.filter((value) => !/^[a-zA-Z][a-zA-Z._]{0,50}$|^v?[0-9.]{1,9}$|^\/mcp$/.test(value))).toEqual(
		[],
	);
});

it('the dashboard and the alerts ask for nothing that the services do not tell, in words that Prometheus understands', async () => {
	const names = new Set(
		Object.values(await look()).flatMap(({ families }) => families.flatMap((family) => seriesOf(family))),
	);
	const queries = [...(await dashboardQueries()), ...(await alertQueries())];
	expect(queries.length).toBeGreaterThan(40);
	for (const query of queries) {
		expect(faultsOf(query)).toEqual([]);
		const asked = metricsIn(query);
		expect(asked.length).toBeGreaterThan(0);
		expect(asked.filter((name) => !names.has(name) && name !== 'up')).toEqual([]);
	}
	expect(faultsOf('sum(rate(cm_ready[5m])')).not.toEqual([]);
	expect(metricsIn('sum by (le) (rate(cm_no_such_metric_bucket{a="b"}[5m])) / x')).toEqual([
		'cm_no_such_metric_bucket',
		'x',
	]);
});

it('a connector whose sockets are silent is not ready, nor is anybody whose database is gone; all of them live', async () => {
	const checks = async (service: Service) => {
		const answer = await fetch(`http://127.0.0.1:${ports[service]}/readyz`);
		return { status: answer.status, ...Readiness.parse(await answer.json()).checks };
	};
	// A ping that a busy machine answers after half a second is silence too, until the next one.
	const well = { status: 200, postgres: 'ok', nats: 'ok', fleet: 'ok', whatsapp: 'ok' };
	await vi.waitFor(async () => expect(await checks('connector')).toEqual(well), waiting);
	net.service('emulator').freeze();
	await vi.waitFor(
		async () => expect(await checks('connector')).toMatchObject({ status: 503, whatsapp: 'silent' }),
		{
			...waiting,
			timeout: 55_000,
		},
	);
	await vi.waitFor(async () => expect((await checks('storage')).status).toBe(200), waiting);
	net.service('emulator').wake();
	await vi.waitFor(async () => expect((await checks('connector')).status).toBe(200), waiting);

	await net.servers.postgres?.stop();
	for (const service of services) {
		await vi.waitFor(async () => expect((await checks(service)).status).toBe(503), waiting);
		expect((await fetch(`http://127.0.0.1:${ports[service]}/healthz`)).status).toBe(200);
	}
	await net.servers.postgres?.restart();
	for (const service of services)
		await vi.waitFor(async () => expect((await checks(service)).status).toBe(200), waiting);
});

const Call = z.object({ service: z.literal('gateway'), msg: z.literal('call'), trace: z.string() });
const Readiness = z.object({ checks: z.record(z.string(), z.string()) });
