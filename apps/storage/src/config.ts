import { backendShape } from '@chat-manager/backend';
import { serviceSchemas } from '@chat-manager/database';
import { type ConfigValues, defineConfig } from '@chat-manager/service';
import { z } from 'zod';

const Days = z.coerce.number().int();

const shape = {
	...backendShape,
	DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default(serviceSchemas.storage),
	CM_UNSTARRED_DAYS: Days.min(7)
		.max(365)
		.default(7)
		.describe('For how long the stored messages of a group stay after its star was removed.'),
	CM_MESSAGE_RETENTION_DAYS: Days.min(1)
		.max(3_650)
		.optional()
		.describe('For how long stored messages are kept at all; for ever unless set.'),
};

export const config = defineConfig(shape);
export type StorageConfig = ConfigValues<typeof shape>;
