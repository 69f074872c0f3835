import { dataKeysMigration, erasedAccountsMigration, type Migrations } from '@chat-manager/database';
import { init } from './migrations/0001-init.ts';
import { groupRecord } from './migrations/0003-group-record.ts';
import { polls } from './migrations/0004-polls.ts';
import { deviceLife } from './migrations/0005-device-life.ts';
import { toldGroups } from './migrations/0006-told-groups.ts';
import { unreadMessages } from './migrations/0007-unread-messages.ts';
import { unrecordedMessages } from './migrations/0008-unrecorded-messages.ts';
import { unrecordedIndex } from './migrations/0010-unrecorded-index.ts';

export const migrations: Migrations = {
	'0001-init': init,
	'0002-data-keys': dataKeysMigration,
	'0003-group-record': groupRecord,
	'0004-polls': polls,
	'0005-device-life': deviceLife,
	'0006-told-groups': toldGroups,
	'0007-unread-messages': unreadMessages,
	'0008-unrecorded-messages': unrecordedMessages,
	'0009-erased-accounts': erasedAccountsMigration,
	'0010-unrecorded-index': unrecordedIndex,
};
