import { dataKeysMigration, erasedAccountsMigration, type Migrations } from '@chat-manager/database';
import { healthMigration } from './health-migration.ts';
import { ledgerMigration } from './ledger-migration.ts';
import { traceMigration } from './trace-migration.ts';

export const migrations: Migrations = {
	'0001-data-keys': dataKeysMigration,
	'0002-ledger': ledgerMigration,
	'0003-health': healthMigration,
	'0004-erased-accounts': erasedAccountsMigration,
	'0005-trace': traceMigration,
};
