export { type Bucket, openBucket } from './buckets.ts';
export { onChanges, tellChange, tellChanges } from './changes.ts';
export { type Caller, type Client, callOperation, createClient } from './client.ts';
export { type Bus, type BusLogin, type BusOptions, connectBus } from './connection.ts';
export {
	type ConsumeOptions,
	type Consuming,
	consumeEvents,
	type EventConsumer,
	type ReceivedEvent,
} from './consume.ts';
export {
	copyEvents,
	countEvents,
	EventCopy,
	findHandledUpTo,
	findLastEvent,
	restoreEvents,
} from './event-copies.ts';
export {
	type BusEvent,
	ensureEventStream,
	eventStream,
	parseEvent,
	publishEvent,
	purgeEvents,
	updateEventStream,
} from './events.ts';
export {
	createGrantKeys,
	createGrantSigner,
	createGrantVerifier,
	type GrantSigner,
	type GrantVerifier,
} from './grants.ts';
export { joinBus, whenJetStreamAnswers } from './join.ts';
export type { Log } from './log.ts';
export {
	type BusAccess,
	type BusPermissions,
	backupPermissions,
	programPermissions,
	restorePermissions,
	subscriberPermissions,
} from './permissions.ts';
export { type ServeOptions, type Serving, serve } from './serve.ts';
export { type BusSettings, busLogin, busShape, natsPasswordCommand } from './settings.ts';
export { onSignal, type Signal, sendSignal } from './signals.ts';
export { inSpan, type SpanOptions, traceFromText } from './spans.ts';
export type { BusWatch } from './watch.ts';
