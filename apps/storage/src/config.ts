import { backendShape } from '@chat-manager/backend';
import { serviceSchemas } from '@chat-manager/database';
import { type ConfigValues, defineConfig } from '@chat-manager/service';

const shape = {
	...backendShape,
	DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default(serviceSchemas.storage),
};

export const config = defineConfig(shape);
export type StorageConfig = ConfigValues<typeof shape>;
