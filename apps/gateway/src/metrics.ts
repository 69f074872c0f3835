import { createSharedMetrics } from '@chat-manager/service';

/** What the gateway tells Prometheus. */
export const metrics = createSharedMetrics();

export const calls = metrics.duration(
	'cm_gateway_call_duration_seconds',
	'Calls by tool (or operation, where agents have no tool for it), by who called (token or person) and what came of it.',
	{ labels: ['tool', 'caller', 'outcome'] },
);
export const rateLimited = metrics.counter(
	'cm_gateway_rate_limited_total',
	'Calls that were refused because the access token had called too often (429).',
);
export const auditLinesWaiting = metrics.gauge(
	'cm_gateway_audit_lines_waiting',
	'Lines of the audit log that are not written yet.',
);
