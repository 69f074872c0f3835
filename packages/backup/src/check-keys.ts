import type { DatabaseService } from '@chat-manager/database';
import { createEnvelope, type MasterKey } from '@chat-manager/service';
import { isSecret } from './auth-secret.ts';
import { BackupError } from './backup-error.ts';
import type { Manifest } from './files/manifest.ts';
import { services } from './services.ts';

/** The keys that stay with the operator, without which a backup cannot be read. */
export type OperatorKeys = {
	masterKeys: Partial<Record<DatabaseService, readonly MasterKey[]>>;
	authSecret: string | undefined;
};

/** Throws a sentence where the keys at hand are not those of the backup: before anything is restored, not after. */
export function checkKeys(manifest: Manifest, { masterKeys, authSecret }: OperatorKeys): void {
	for (const service of services) {
		const { wrappedKeys } = manifest.services[service];
		const keys = masterKeys[service] ?? [];
		if (wrappedKeys.length > 0 && keys.length === 0)
			throw new BackupError(
				`The master keys of ${service} are not given: without them the backup cannot be read. Nothing was restored.`,
			);
		for (const sample of wrappedKeys)
			if (!opens(sample, service, keys))
				throw new BackupError(
					`The master keys of ${service} are not those with which the backup was made: give those, older ones included. Nothing was restored.`,
				);
	}
	if (manifest.authSecret === null) return;
	if (authSecret === undefined)
		throw new BackupError(
			'CM_AUTH_SECRET is not given: without it second factors cannot be checked. Nothing was restored.',
		);
	if (!isSecret(authSecret, manifest.authSecret))
		throw new BackupError(
			'CM_AUTH_SECRET is not the one with which the backup was made: second factors and sessions would be lost. Nothing was restored.',
		);
}

function opens(
	{ userId, wrapped }: { userId: string; wrapped: string },
	service: DatabaseService,
	masterKeys: readonly MasterKey[],
): boolean {
	try {
		createEnvelope({ masterKeys }).unwrap(Buffer.from(wrapped, 'base64'), `${service}/data_keys/${userId}`);
		return true;
	} catch {
		return false;
	}
}
