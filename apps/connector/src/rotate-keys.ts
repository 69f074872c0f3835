import { createVault, rewrapKeys } from '@chat-manager/backend';
import { createKeyring, openDatabase } from '@chat-manager/database';
import { type AppTools, createEnvelope, run } from '@chat-manager/service';
import { rotationConfig } from './config.ts';
import { renewDataKey } from './database/renew-data-key.ts';
import type { Tables } from './database/tables.ts';

/**
 * A command, not a service: wraps every data key of the connectors with the first of `CM_MASTER_KEYS`, after which an older
 * master key may leave the settings; with `CM_RENEW_DATA_KEYS=on` it first makes new data keys and seals everything anew with
 * them. Connectors may run meanwhile; a user whose data key is renewed is away for a moment.
 */
await run({
	name: 'rotate-keys',
	config: rotationConfig,
	async createApp(settings, { logger, signal }) {
		if (settings.CM_RENEW_DATA_KEYS === 'on') await renewAll(settings, { logger, signal });
		await rewrapKeys('connector', settings, logger);
		process.exit(0);
	},
});

type Settings = Parameters<typeof rotationConfig.redacted>[0];

async function renewAll(settings: Settings, { logger, signal }: AppTools): Promise<void> {
	await using database = openDatabase<Tables>({
		url: settings.DATABASE_URL,
		schema: settings.DATABASE_SCHEMA,
		logger,
		applicationName: 'rotate-keys',
	});
	const { db } = database;
	const envelope = createEnvelope({ masterKeys: settings.CM_MASTER_KEYS });
	const keyring = createKeyring({ db, envelope, service: 'connector' });
	const vault = createVault({ service: 'connector', envelope, keyring });
	const users = await db.selectFrom('devices').select('user_id').orderBy('user_id').execute();
	for (const { user_id: userId } of users) {
		signal.throwIfAborted();
		logger.info({ userId, values: await renewDataKey(db, vault, userId) }, 'data key renewed');
	}
}
