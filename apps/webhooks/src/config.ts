import { backendShape } from '@chat-manager/backend';
import { serviceSchemas } from '@chat-manager/database';
import { type ConfigValues, defineConfig } from '@chat-manager/service';
import { z } from 'zod';

const shape = {
	...backendShape,
	DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default(serviceSchemas.webhooks),
	CM_DELIVERY_DAYS: z.coerce
		.number()
		.int()
		.min(7)
		.max(365)
		.default(30)
		.describe('For how long deliveries and their attempts are kept, and can be sent again or replayed.'),
	CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: z
		.stringbool()
		.default(false)
		.meta({ development: true })
		.describe('For development: lets webhooks use http and addresses of this machine.'),
};

export const config = defineConfig(shape);
export type WebhooksConfig = ConfigValues<typeof shape>;
