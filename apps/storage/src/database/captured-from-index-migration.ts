import type { Migration } from '@chat-manager/database';

/** By which the sweep finds records that reach further back than messages are kept. */
export const capturedFromIndex: Migration = {
	indexes: { starred_groups_captured: 'on starred_groups (captured_from) where captured_from is not null' },
};
