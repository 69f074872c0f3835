import { dataKeysMigration, erasedAccountsMigration, type Migrations } from '@chat-manager/database';
import { capturedFromIndex } from './captured-from-index-migration.ts';
import { deviceAndReceipts } from './device-and-receipts-migration.ts';
import { messageChanges } from './message-changes-migration.ts';
import { record } from './record-migration.ts';
import { streamOrder } from './stream-order-migration.ts';
import { visits } from './visits-migration.ts';

export const migrations: Migrations = {
	'0001-data-keys': dataKeysMigration,
	'0002-record': record,
	'0003-stream-order': streamOrder,
	'0004-message-changes': messageChanges,
	'0005-device-and-receipts': deviceAndReceipts,
	'0006-erased-accounts': erasedAccountsMigration,
	'0007-captured-from-index': capturedFromIndex,
	'0008-visits': visits,
};
