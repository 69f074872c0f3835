import { createSharedMetrics } from '@chat-manager/service';

/** What connectors tell Prometheus. */
export const metrics = createSharedMetrics();

export const users = metrics.gauge(
	'cm_connector_users',
	"Users that this connector holds, by the state of their device; `silent`: connected, and nothing was heard for longer than WhatsApp's answers take.",
	['state'],
);
export const usersWaiting = metrics.gauge(
	'cm_connector_users_waiting',
	'Users that this connector should hold and has no room for.',
);
export const room = metrics.gauge('cm_connector_room', 'How many more users this connector can hold.');
export const fenced = metrics.gauge(
	'cm_connector_fenced',
	'1 while this connector takes itself for dead: its heartbeat is not stored, and its sockets are closed.',
);
export const connectionsOpened = metrics.counter(
	'cm_connector_connections_opened_total',
	'Connections to WhatsApp that came about, reconnections included.',
);
export const connectionsEnded = metrics.counter(
	'cm_connector_connections_ended_total',
	'Connections to WhatsApp that ended, by the state that the device is in then and by whether it connects again.',
	['state', 'next'],
);
export const captureLag = metrics.duration(
	'cm_connector_capture_lag_seconds',
	'From the frame of a group message to the commit of its keys, its event published in between.',
);
export const undecryptable = metrics.counter(
	'cm_connector_undecryptable_total',
	'Messages that could not be decrypted when they came; they are asked for again.',
);
export const sends = metrics.counter(
	'cm_connector_sends_total',
	'Messages that were to be sent, by what WhatsApp said: sent, refused, unknown (it said nothing), not_written.',
	['outcome'],
);
export const limits = metrics.counter(
	'cm_connector_limits_total',
	"Limits that were hit: WhatsApp's own word (429, 463, time_lock), and what was not even tried because of it (paused) or of our own pace (own).",
	['limit'],
);
