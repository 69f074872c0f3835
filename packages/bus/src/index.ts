export { type Bucket, openBucket } from './buckets.ts';
export { onChanges, tellChange, tellChanges } from './changes.ts';
export { type Caller, type Client, callOperation, createClient } from './client.ts';
export { type Bus, type BusOptions, connectBus } from './connection.ts';
export {
	type ConsumeOptions,
	type Consuming,
	consumeEvents,
	type ReceivedEvent,
} from './consume.ts';
export {
	type BusEvent,
	ensureEventStream,
	eventStream,
	parseEvent,
	publishEvent,
	purgeEvents,
} from './events.ts';
export {
	createGrantKeys,
	createGrantSigner,
	createGrantVerifier,
	type GrantSigner,
	type GrantVerifier,
} from './grants.ts';
export { joinBus } from './join.ts';
export type { Log } from './log.ts';
export { type ServeOptions, type Serving, serve } from './serve.ts';
export { onSignal, type Signal, sendSignal } from './signals.ts';
