import { resolve } from 'node:path';
import { type BusLogin, busLogin } from '@chat-manager/bus';
import {
	readSecrets,
	type Secrets,
	type StoredServers,
	startStoredServers,
	useStoredServers,
} from '@chat-manager/dev-env';
import { type Logger, MasterKeys } from '@chat-manager/service';
import type { OperatorKeys } from './check-keys.ts';
import type { Settings } from './config.ts';

/** Where the data is. */
export type Installation = AsyncDisposable & { databaseUrl: string; login: BusLogin };

/** The keys that the settings give, and those of the data directory where a server of that is meant. */
export async function readKeys(settings: Settings): Promise<OperatorKeys> {
	const secrets = isStored(settings) ? await readSecrets(resolve(settings.CM_DATA_DIR)) : undefined;
	return {
		masterKeys: {
			connector: settings.CM_MASTER_KEYS_CONNECTOR ?? storedKeys(secrets, 'connector'),
			storage: settings.CM_MASTER_KEYS_STORAGE ?? storedKeys(secrets, 'storage'),
			webhooks: settings.CM_MASTER_KEYS_WEBHOOKS ?? storedKeys(secrets, 'webhooks'),
		},
		authSecret: settings.CM_AUTH_SECRET ?? secrets?.auth,
	};
}

/**
 * The servers that the settings name, and those of the data directory for what they do not name. `mayRun`: the latter may be
 * those of a system that runs; otherwise they are started for this command, and it is an error if they run.
 */
export async function openInstallation(
	settings: Settings,
	{ log, mayRun }: { log: Logger; mayRun: boolean },
): Promise<Installation> {
	const { DATABASE_URL, NATS_URL } = settings;
	await using cleanup = new AsyncDisposableStack();
	let stored: StoredServers | undefined;
	if (isStored(settings)) {
		const options = { dataDir: resolve(settings.CM_DATA_DIR), log };
		stored = cleanup.use(await (mayRun ? useStoredServers(options) : startStoredServers(options)));
	}
	const login = NATS_URL === undefined ? stored?.nats : busLogin({ ...settings, NATS_URL });
	const databaseUrl = DATABASE_URL ?? stored?.adminUrl;
	if (login === undefined || databaseUrl === undefined)
		throw new Error('No servers are named, and none stored');
	const held = cleanup.move();
	return {
		databaseUrl,
		login: { ...login, replicas: settings.CM_NATS_REPLICAS },
		[Symbol.asyncDispose]: () => held.disposeAsync(),
	};
}

function isStored({ DATABASE_URL, NATS_URL }: Settings): boolean {
	return DATABASE_URL === undefined || NATS_URL === undefined;
}

function storedKeys(secrets: Secrets | undefined, service: string) {
	const key = secrets?.services[service]?.masterKey;
	return key === undefined ? [] : MasterKeys.parse(`k1:${key}`);
}
