import { createSharedMetrics } from '@chat-manager/service';

/** What webhooks tells Prometheus. */
export const metrics = createSharedMetrics();

export const attempts = metrics.duration(
	'cm_webhooks_attempt_duration_seconds',
	'Attempts to post, by what came of them: delivered, or the kind of fault.',
	{ labels: ['outcome'] },
);
export const deliveryLatency = metrics.duration(
	'cm_webhooks_delivery_latency_seconds',
	'From when an event was written into the ledger to when an endpoint had accepted it; retries included.',
	{ bucketsSeconds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60, 600, 3_600, 86_400] },
);
export const deliveriesPending = metrics.gauge(
	'cm_webhooks_deliveries_pending',
	'Deliveries in the ledger that are not finished, counted up to 100,000: overdue by more than a minute, or not. Every replica tells the same.',
	['due'],
);
