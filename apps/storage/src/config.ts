import { backendShape } from '@chat-manager/backend';
import { type ConfigValues, defineConfig } from '@chat-manager/service';

const shape = { ...backendShape, DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default('chat') };

export const config = defineConfig(shape);
export type StorageConfig = ConfigValues<typeof shape>;
