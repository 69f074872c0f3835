import { dataKeysMigration, type Migrations } from '@chat-manager/database';
import { init } from './migrations/0001-init.ts';

export const migrations: Migrations = { '0001-init': init, '0002-data-keys': dataKeysMigration };
