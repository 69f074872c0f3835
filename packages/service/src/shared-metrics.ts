import { type Readiness, readReadiness } from './health.ts';
import { createMetrics, type GaugeMetric, type Metrics } from './metrics.ts';

export type SharedMetrics = Metrics & {
	/** What the bus tells of itself; it fits the bus' own type. */
	readonly bus: ReturnType<typeof busMetrics>;
	readonly shared: ReturnType<typeof sharedGauges>;
};

/** The metrics that every service has, to which each adds its own. */
export function createSharedMetrics(): SharedMetrics {
	const metrics = createMetrics();
	return { ...metrics, bus: busMetrics(metrics), shared: sharedGauges(metrics) };
}

function busMetrics(metrics: Metrics) {
	const operations = metrics.duration(
		'cm_operation_duration_seconds',
		'How long operations took that this service answered on the bus, by operation of the contract and code of the answer.',
		{ labels: ['operation', 'code'] },
	);
	const publishing = metrics.duration(
		'cm_event_publish_duration_seconds',
		'How long it took until NATS had stored an event.',
		{ labels: ['type', 'outcome'] },
	);
	const lag = metrics.duration(
		'cm_event_lag_seconds',
		'From when NATS had stored an event to when this service had handled it, by durable consumer, type and outcome.',
		{
			labels: ['durable', 'type', 'outcome'],
			bucketsSeconds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3_600],
		},
	);
	const connections = metrics.counter(
		'cm_bus_connection_changes_total',
		'How often the connection to NATS was lost, and came back.',
		['change'],
	);
	const refusals = metrics.counter(
		'cm_bus_refusals_total',
		'What NATS refused this service: its permissions do not hold what it does, or somebody misuses its user.',
	);
	return {
		operationAnswered: (operation: string, code: string, ms: number) =>
			operations.observe({ operation, code }, ms),
		eventPublished: (type: string, outcome: 'stored' | 'failed', ms: number) =>
			publishing.observe({ type, outcome }, ms),
		eventHandled: (durable: string, type: string, outcome: 'handled' | 'failed', ms: number) =>
			lag.observe({ durable, type, outcome }, ms),
		connectionChanged: (change: 'lost' | 'back') => connections.add({ change }),
		refused: () => refusals.add({}),
	};
}

function sharedGauges(metrics: Metrics) {
	return {
		ready: metrics.gauge(
			'cm_ready',
			'Whether what the service depends on is there (1) or not (0), by dependency, as /readyz says.',
			['check'],
		),
		consumerPending: metrics.gauge(
			'cm_consumer_pending_events',
			'Events in the stream that a durable consumer has not handled yet.',
			['durable'],
		),
		databaseConnections: metrics.gauge(
			'cm_database_connections',
			'Connections of the pool to Postgres by state, and queries that wait for one.',
			['state'],
		),
	};
}

/** What /readyz says, as a metric. */
export function showReadiness(gauge: GaugeMetric<'check'>, ready: () => Promise<Readiness>): Disposable {
	return gauge.show(async () =>
		Object.entries(await readReadiness(ready)).map(([check, state]) => ({
			labels: { check },
			value: state === 'ok' ? 1 : 0,
		})),
	);
}

export function showConnections(
	gauge: GaugeMetric<'state'>,
	{ connections }: { connections(): Readonly<Record<string, number>> },
): Disposable {
	return gauge.show(() =>
		Object.entries(connections()).map(([state, value]) => ({ labels: { state }, value })),
	);
}
