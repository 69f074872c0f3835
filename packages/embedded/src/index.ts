export { assertPortFree, freePort } from './free-port.ts';
export type { Log } from './log.ts';
export { findServer } from './nats/find-server.ts';
export type { NatsAuth, NatsUser } from './nats/nats-config.ts';
export { programUsers } from './nats/program-users.ts';
export { type EmbeddedNats, startNats } from './nats/start-nats.ts';
export { type NatsServer, startNatsCluster } from './nats/start-nats-cluster.ts';
export { type EmbeddedPostgres, startPostgres } from './postgres/start-postgres.ts';
export { folderFault, StartError } from './start-error.ts';
