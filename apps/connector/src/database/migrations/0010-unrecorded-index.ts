import type { Migration } from '@chat-manager/database';

/** Nearly always empty, and looked at whenever a device comes online. */
export const unrecordedIndex: Migration = {
	indexes: { outbox_unrecorded: 'on outbox (user_id) where unrecorded is not null' },
};
