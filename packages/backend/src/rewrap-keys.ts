import { createKeyring, openDatabase, serviceSchemas } from '@chat-manager/database';
import { createEnvelope, defineConfig, type Logger, run } from '@chat-manager/service';
import type { z } from 'zod';
import { backendShape } from './settings.ts';

type ServiceName = 'connector' | 'storage' | 'webhooks';

/** What a service's own command to rotate keys needs of its settings. */
export function rotationShape(service: ServiceName) {
	return {
		DATABASE_URL: backendShape.DATABASE_URL,
		DATABASE_SCHEMA: backendShape.DATABASE_SCHEMA.default(serviceSchemas[service]),
		CM_MASTER_KEYS: backendShape.CM_MASTER_KEYS,
	};
}
export type RotationSettings = z.infer<z.ZodObject<ReturnType<typeof rotationShape>>>;

/** Wraps every data key of a service with the first of `CM_MASTER_KEYS`; after that an older one may leave the settings. */
export async function rewrapKeys(
	service: ServiceName,
	settings: RotationSettings,
	logger: Logger,
): Promise<void> {
	await using database = openDatabase({
		url: settings.DATABASE_URL,
		schema: settings.DATABASE_SCHEMA,
		logger,
		applicationName: 'rotate-keys',
	});
	const envelope = createEnvelope({ masterKeys: settings.CM_MASTER_KEYS });
	const keyring = createKeyring({ db: database.db, envelope, service });
	logger.info({ keys: await keyring.rewrapAll() }, 'data keys wrapped anew');
}

/** The whole command of a service that has nothing else to rotate. Its processes may run meanwhile. */
export function runRewrapping(service: ServiceName): Promise<never> {
	return run({
		name: 'rotate-keys',
		config: defineConfig(rotationShape(service)),
		async createApp(settings, { logger }) {
			await rewrapKeys(service, settings, logger);
			process.exit(0);
		},
	});
}
