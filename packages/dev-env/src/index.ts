export { freePort } from './free-port.ts';
export type { NatsAuth, NatsUser } from './nats/nats-config.ts';
export { type EmbeddedNats, startNats } from './nats/start-nats.ts';
export { type EmbeddedPostgres, startPostgres } from './postgres/start-postgres.ts';
export { StartError } from './start-error.ts';
export type { ServiceProcess } from './system/service-process.ts';
export type { ServiceName } from './system/services.ts';
export { type System, type SystemOptions, startSystem } from './system/system.ts';
