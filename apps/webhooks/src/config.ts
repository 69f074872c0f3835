import { backendShape } from '@chat-manager/backend';
import { type ConfigValues, defineConfig } from '@chat-manager/service';
import { z } from 'zod';

const shape = {
	...backendShape,
	DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default('webhooks'),
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
		.describe('For development: lets webhooks use http and addresses of this machine.'),
};

export const config = defineConfig(shape);
export type WebhooksConfig = ConfigValues<typeof shape>;
