export { bootstrapDatabase, type ServiceRole } from './bootstrap-database.ts';
export { dataKeysMigration } from './data-keys.ts';
export {
	erasedAccountsMigration,
	eraseRemainders,
	eraseUser,
	findErased,
} from './erased-accounts.ts';
export { isConnectionError, isUniqueViolation, postgresCode } from './error-codes.ts';
export { createKeyring, type KeyRenewal, type Keyring, type KeyWrapping } from './keyring.ts';
export type { Log } from './log.ts';
export { type Migration, type Migrations, migrate, migrationLockName } from './migrate.ts';
export { type Connection, openConnection, quoteName } from './open-connection.ts';
export { type Database, openDatabase } from './open-database.ts';
export { type DatabaseService, roleOf, serviceSchemas } from './service-schemas.ts';
export { waitForDatabase } from './wait-for-database.ts';
