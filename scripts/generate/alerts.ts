import { query } from './all-metrics.ts';

type Alert = {
	name: string;
	/** PromQL. */
	when: string;
	/** How long it must hold. */
	lasting: string;
	/** `page`: somebody has to look now; `ticket`: today. */
	severity: 'page' | 'ticket';
	summary: string;
	/** What to do. */
	action: string;
};

const p99 = (metric: string, by: string) =>
	`histogram_quantile(0.99, sum by (${by === '' ? 'le' : `le, ${by}`}) (rate(${metric}_bucket[5m])))`;

export const alerts: readonly Alert[] = [
	{
		name: 'ServiceNotReady',
		when: query('min by (job, instance, check) (cm_ready) == 0'),
		lasting: '2m',
		severity: 'page',
		summary: '{{ $labels.instance }} is not ready: {{ $labels.check }}.',
		action: 'Look at what the check names; the service comes back by itself once that is there.',
	},
	{
		name: 'ServiceGone',
		when: query('up{job=~"chat-manager.*"} == 0'),
		lasting: '2m',
		severity: 'page',
		summary: '{{ $labels.instance }} does not answer.',
		action: 'Look whether the process runs, and at the end of its log.',
	},
	{
		// Where Prometheus finds its targets by itself, one that is gone is no target any more.
		name: 'NobodyAnswers',
		when: query(
			['gateway', 'connector', 'storage', 'webhooks']
				.map((app) => `chat-manager-${app}`)
				.map((job) => `label_replace(absent(up{job="${job}"} == 1), "job", "${job}", "", "")`)
				.join(' or '),
		),
		lasting: '2m',
		severity: 'page',
		summary: 'No {{ $labels.job }} answers.',
		action: 'Start it; if it runs, Prometheus does not reach it, or calls its job otherwise.',
	},
	{
		name: 'ConnectorFenced',
		when: query('cm_connector_fenced == 1'),
		lasting: '30s',
		severity: 'page',
		summary: '{{ $labels.instance }} cannot store its heartbeat and has closed its sockets.',
		action: 'Look at NATS, and at the network between it and the connector.',
	},
	{
		name: 'UsersWithoutConnector',
		when: query('sum(cm_connector_users_waiting) > 0'),
		lasting: '2m',
		severity: 'page',
		summary: '{{ $value }} users have no connector with room for them.',
		action: 'Start another connector, or raise CM_MAX_USERS.',
	},
	{
		name: 'ManyUsersNotConnected',
		when: query(
			'sum(cm_connector_users{state=~"connecting|silent"}) > 0.05 * sum(cm_connector_users) and sum(cm_connector_users) > 20',
		),
		lasting: '10m',
		severity: 'page',
		summary: 'More than one in twenty devices is not connected.',
		action:
			'Look at cm_connector_connections_ended_total by state: WhatsApp away, a client that is too old, or our network.',
	},
	{
		name: 'ConnectionsEndAllTheTime',
		when: query(
			'sum by (state) (increase(cm_connector_connections_ended_total{next="connects"}[15m])) > scalar(20 + sum(cm_connector_users))',
		),
		lasting: '15m',
		severity: 'ticket',
		summary:
			'In 15 minutes more connections to WhatsApp ended than there are users, in the state {{ $labels.state }}.',
		action: 'Look at the log for the endings; a new version of Baileys may be due.',
	},
	{
		name: 'CaptureIsSlow',
		when: query(`${p99('cm_connector_capture_lag_seconds', '')} > 5`),
		lasting: '5m',
		severity: 'page',
		summary: 'From the frame to the commit a message takes more than 5 seconds.',
		action: 'Look at NATS and Postgres: captures wait for both, and after 20 seconds sockets are closed.',
	},
	{
		name: 'ManyUndecryptable',
		when: query(
			'sum(rate(cm_connector_undecryptable_total[15m])) > 0.05 * sum(rate(cm_connector_capture_lag_seconds_count[15m])) + 0.01',
		),
		lasting: '30m',
		severity: 'ticket',
		summary: 'More than one message in twenty cannot be decrypted when it comes.',
		action: 'Most come again by themselves. Look whether it is one connector, and what was deployed last.',
	},
	{
		name: 'WhatsAppRestricts',
		when: query('sum by (limit) (increase(cm_connector_limits_total{limit=~"429|463|time_lock"}[1h])) > 10'),
		lasting: '0m',
		severity: 'ticket',
		summary: 'WhatsApp slows accounts down or restricts them ({{ $labels.limit }}).',
		action: 'Lower CM_MESSAGES_PER_MINUTE, CM_MEMBER_ADDS_PER_HOUR or CM_GROUP_QUERIES_PER_MINUTE.',
	},
	{
		name: 'SendsWithoutOutcome',
		when: query(
			'sum(rate(cm_connector_sends_total{outcome!="sent"}[15m])) > 0.1 * sum(rate(cm_connector_sends_total[15m])) + 0.01',
		),
		lasting: '15m',
		severity: 'ticket',
		summary: 'More than one message in ten is not taken by WhatsApp, or it does not say.',
		action: 'Look at cm_connector_sends_total by outcome, and at the limits that were hit.',
	},
	{
		name: 'EventsAreNotHandled',
		when: query('max by (durable) (cm_consumer_pending_events) > 5000'),
		lasting: '10m',
		severity: 'page',
		summary: '{{ $value }} events wait for {{ $labels.durable }}.',
		action:
			'Look at its log and at Postgres; start another replica if it only is too slow. The stream keeps events for CM_EVENT_RETENTION_HOURS (72 unless set).',
	},
	{
		name: 'EventsFail',
		when: query('sum by (durable, type) (increase(cm_event_lag_seconds_count{outcome="failed"}[15m])) > 5'),
		lasting: '15m',
		severity: 'ticket',
		summary: '{{ $labels.durable }} fails over and over at {{ $labels.type }}.',
		action: 'Its log has the error (An event failed); it comes again until it succeeds.',
	},
	{
		name: 'WebhooksAreLate',
		when: query('max(cm_webhooks_deliveries_pending{due="overdue"}) > 1000'),
		lasting: '10m',
		severity: 'page',
		summary: '{{ $value }} deliveries should have been tried more than a minute ago.',
		action: 'Start another replica of webhooks, and look at Postgres.',
	},
	{
		name: 'CallsFailByOurFault',
		when: query(
			'sum(rate(cm_gateway_call_duration_seconds_count{outcome=~"internal|unavailable|timeout"}[5m])) > 0.02 * sum(rate(cm_gateway_call_duration_seconds_count[5m])) + 0.01',
		),
		lasting: '5m',
		severity: 'page',
		summary: 'More than one call in fifty fails by our fault.',
		action:
			'Look at cm_gateway_call_duration_seconds_count by tool and outcome, then at the log of the service that answers it.',
	},
	{
		name: 'BusRefuses',
		when: query('sum by (job, instance) (increase(cm_bus_refusals_total[10m])) > 0'),
		lasting: '0m',
		severity: 'page',
		summary: 'NATS refused something that {{ $labels.instance }} tried.',
		action:
			'After a deploy: give the server the permissions of this version (docs/operate/bus.md). Otherwise somebody misuses its user.',
	},
	{
		name: 'DatabasePoolIsFull',
		when: query('min by (job, instance) (cm_database_connections{state="waiting"}) > 5'),
		lasting: '5m',
		severity: 'ticket',
		summary: 'Queries of {{ $labels.instance }} wait for a connection.',
		action: 'Look for slow statements in Postgres, or start another replica.',
	},
	{
		name: 'EventLoopIsBusy',
		when: 'min by (job, instance) (nodejs_eventloop_lag_p99_seconds{job=~"chat-manager.*"}) > 0.5',
		lasting: '10m',
		severity: 'ticket',
		summary: '{{ $labels.instance }} stands still for half a second at a time.',
		action: 'It has too much to do: fewer users a connector (CM_MAX_USERS), or another replica.',
	},
];

/** Rules for Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/). */
export function alertsFile(): string {
	const text = (value: string) => JSON.stringify(value); // A JSON string is one of YAML, too.
	const rules = alerts.map(
		({ name, when, lasting, severity, summary, action }) => `      - alert: ChatManager${name}
        expr: ${text(when)}
        for: ${lasting}
        labels:
          severity: ${severity}
        annotations:
          summary: ${text(summary)}
          description: ${text(action)}
`,
	);
	return `# Made by npm run generate from scripts/generate/alerts.ts, which knows the metrics of the services.
groups:
  - name: chat-manager
    rules:
${rules.join('')}`;
}
