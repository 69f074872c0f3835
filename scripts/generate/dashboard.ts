import { allMetrics, query } from './all-metrics.ts';

type Panel = {
	title: string;
	unit?: 's' | 'short' | 'reqps';
	lines: readonly [promql: string, legend: string][];
};

const quantiles = (metric: string, by = ''): Panel['lines'] =>
	[0.5, 0.99].map((quantile) => {
		const labels = by === '' ? 'le' : `le, ${by}`;
		const legend = `p${quantile * 100}${by === '' ? '' : ` {{${by}}}`}`;
		return [`histogram_quantile(${quantile}, sum by (${labels}) (rate(${metric}_bucket[5m])))`, legend];
	});
const rates = (series: string, by: string): Panel['lines'] => [
	[
		`sum by (${by}) (rate(${series}[5m]))`,
		by
			.split(', ')
			.map((label) => `{{${label}}}`)
			.join(' '),
	],
];

const rows: Readonly<Record<string, readonly Panel[]>> = {
	'At a glance': [
		{
			title: 'Not ready',
			lines: [['min by (job, instance, check) (cm_ready) == 0', '{{instance}} {{check}}']],
		},
		{ title: 'Devices by state', lines: [['sum by (state) (cm_connector_users)', '{{state}}']] },
		{
			title: 'Calls by outcome',
			unit: 'reqps',
			lines: rates('cm_gateway_call_duration_seconds_count', 'outcome'),
		},
		{ title: 'Events that wait', lines: [['max by (durable) (cm_consumer_pending_events)', '{{durable}}']] },
	],
	Calls: [
		{ title: 'Calls by tool', unit: 'reqps', lines: rates('cm_gateway_call_duration_seconds_count', 'tool') },
		{ title: 'How long calls take', unit: 's', lines: quantiles('cm_gateway_call_duration_seconds', 'tool') },
		{
			title: 'Refused: called too often',
			unit: 'reqps',
			lines: [['sum(rate(cm_gateway_rate_limited_total[5m]))', '429']],
		},
		{
			title: 'How long services take to answer',
			unit: 's',
			lines: quantiles('cm_operation_duration_seconds', 'operation'),
		},
		{
			title: 'Audit lines that wait',
			lines: [['sum by (instance) (cm_gateway_audit_lines_waiting)', '{{instance}}']],
		},
	],
	WhatsApp: [
		{
			title: 'Connections that came about',
			unit: 'reqps',
			lines: [['sum(rate(cm_connector_connections_opened_total[5m]))', 'opened']],
		},
		{
			title: 'Connections that ended',
			unit: 'reqps',
			lines: rates('cm_connector_connections_ended_total', 'state, next'),
		},
		{
			title: 'From the frame to the commit',
			unit: 's',
			lines: quantiles('cm_connector_capture_lag_seconds'),
		},
		{
			title: 'Not decrypted',
			unit: 'reqps',
			lines: [['sum(rate(cm_connector_undecryptable_total[5m]))', 'messages']],
		},
		{ title: 'Sends by outcome', unit: 'reqps', lines: rates('cm_connector_sends_total', 'outcome') },
		{ title: 'Limits hit', unit: 'reqps', lines: rates('cm_connector_limits_total', 'limit') },
		{
			title: 'Room, and who waits for it',
			lines: [
				['sum(cm_connector_room)', 'room'],
				['sum(cm_connector_users_waiting)', 'users that wait'],
				['sum(cm_connector_fenced)', 'fenced connectors'],
			],
		},
	],
	Events: [
		{ title: 'Published', unit: 'reqps', lines: rates('cm_event_publish_duration_seconds_count', 'type') },
		{ title: 'Until NATS has them', unit: 's', lines: quantiles('cm_event_publish_duration_seconds') },
		{ title: 'From stored to handled', unit: 's', lines: quantiles('cm_event_lag_seconds', 'durable') },
		{
			title: 'The bus: connections lost and back, refusals',
			unit: 'reqps',
			lines: [
				...rates('cm_bus_connection_changes_total', 'change'),
				['sum(rate(cm_bus_refusals_total[5m]))', 'refused'],
			],
		},
	],
	Webhooks: [
		{
			title: 'Attempts by outcome',
			unit: 'reqps',
			lines: rates('cm_webhooks_attempt_duration_seconds_count', 'outcome'),
		},
		{ title: 'How long endpoints take', unit: 's', lines: quantiles('cm_webhooks_attempt_duration_seconds') },
		{
			title: 'From the ledger to accepted',
			unit: 's',
			lines: quantiles('cm_webhooks_delivery_latency_seconds'),
		},
		{ title: 'Deliveries that wait', lines: [['max by (due) (cm_webhooks_deliveries_pending)', '{{due}}']] },
	],
	Processes: [
		{
			title: 'Connections to Postgres',
			lines: [['sum by (job, state) (cm_database_connections)', '{{job}} {{state}}']],
		},
		{
			title: 'Event loop delay, p99',
			unit: 's',
			lines: [['nodejs_eventloop_lag_p99_seconds{job=~"chat-manager.*"}', '{{instance}}']],
		},
		{ title: 'CPU', lines: [['rate(process_cpu_seconds_total{job=~"chat-manager.*"}[5m])', '{{instance}}']] },
		{
			title: 'Memory (bytes)',
			lines: [['process_resident_memory_bytes{job=~"chat-manager.*"}', '{{instance}}']],
		},
	],
};

const width = 12;
const height = 8;

/** For Grafana 10 or newer: import it, and choose the Prometheus. Every metric that the services have is in it. */
export function dashboard(): object {
	const used = JSON.stringify(rows);
	const missing = allMetrics.filter(({ name }) => !used.includes(name));
	if (missing.length > 0)
		throw new Error(`Not on the dashboard: ${missing.map(({ name }) => name).join(', ')}`);
	let y = 0;
	const panels = Object.entries(rows).flatMap(([title, inRow]) => {
		const row = { type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y: y++, w: 24, h: 1 } };
		const placed = inRow.map((panel, index) => {
			const gridPos = { x: (index % 2) * width, y: y + Math.floor(index / 2) * height, w: width, h: height };
			return { ...draw(panel), gridPos };
		});
		y += Math.ceil(inRow.length / 2) * height;
		return [row, ...placed];
	});
	return {
		uid: 'chat-manager',
		title: 'Chat Manager',
		tags: ['chat-manager'],
		timezone: 'browser',
		schemaVersion: 39,
		refresh: '30s',
		time: { from: 'now-3h', to: 'now' },
		templating: { list: [{ name: 'source', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
		panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
	};
}

function draw({ title, unit = 'short', lines }: Panel) {
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
	const datasource = { type: 'prometheus', uid: '${source}' };
	return {
		type: 'timeseries',
		title,
		datasource,
		fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
		options: {
			legend: { displayMode: 'list', placement: 'bottom' },
			tooltip: { mode: 'multi', sort: 'desc' },
		},
		targets: lines.map(([promql, legendFormat], index) => ({
			refId: String.fromCharCode(65 + index),
			datasource,
			expr: query(promql),
			legendFormat,
		})),
	};
}
