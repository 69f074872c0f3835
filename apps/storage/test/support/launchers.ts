export { startNats } from '../../../../packages/dev-env/src/nats/start-nats.ts';
export { startPostgres } from '../../../../packages/dev-env/src/postgres/start-postgres.ts';
