export { type Clock, sleep, systemClock, type Timer } from './clock.ts';
export {
	type CommonSettings,
	type Config,
	type ConfigValues,
	defineConfig,
	type Environment,
} from './config.ts';
export { ConfigError, type ConfigFault } from './config-error.ts';
export { createEnvelope, type Envelope, type MasterKey } from './envelope.ts';
export {
	createEventKey,
	type EventKey,
	importEventKey,
	openEventContent,
	sealEventContent,
} from './event-content.ts';
export { type Health, type Readiness, readReadiness, startHealth } from './health.ts';
export { createLogger, type Logger } from './logger.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { MasterKeys } from './master-keys.ts';
export {
	type CounterMetric,
	createMetrics,
	type DurationMetric,
	type GaugeMetric,
	type MetricInfo,
	type Metrics,
} from './metrics.ts';
export { type AppTools, defaultStopTimeoutMs, run } from './run.ts';
export type { Setting } from './setting.ts';
export { createSharedMetrics, type SharedMetrics, showConnections, showReadiness } from './shared-metrics.ts';
