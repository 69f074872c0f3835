import type { Vault } from '@chat-manager/backend';
import type { Kysely } from 'kysely';
import type { Lease } from '../database/lease.ts';
import { findCredentials, findKeys, saveCredentials, writeKeys } from '../database/secrets.ts';
import type { Tables } from '../database/tables.ts';
import type { SecretStore } from '../whatsapp/auth-state.ts';
import type { Patience } from './patience.ts';

export const credentialsPlace = 'credentials';
export const keyPlace = (kind: string, id: string) => `signal_keys/${kind}/${id}`;

/** A device's credentials and Signal keys in Postgres: sealed, fenced by the lease, and patient. */
export function createSecretStore(options: {
	db: Kysely<Tables>;
	vault: Vault;
	lease: Lease;
	persist: Patience;
}): SecretStore {
	const { db, vault, lease, persist } = options;
	const { userId } = lease;
	return {
		async loadCredentials() {
			const sealed = await findCredentials(db, userId);
			return sealed && (await vault.open({ userId, row: credentialsPlace }, sealed)).toString();
		},
		async saveCredentials(json) {
			await persist(async () =>
				saveCredentials(db, lease, await vault.seal({ userId, row: credentialsPlace }, json)),
			);
		},
		async readKeys(kind, ids) {
			const rows = await persist(() => findKeys(db, { userId, kind, ids }));
			return Promise.all(
				rows.map(async ({ id, value }) => ({
					id,
					json: (await vault.open({ userId, row: keyPlace(kind, id) }, value)).toString(),
				})),
			);
		},
		async writeKeys({ put, remove, digests }) {
			await persist(async () => {
				const sealed = await Promise.all(
					put.map(async ({ kind, id, json }) => ({
						kind,
						id,
						value: await vault.seal({ userId, row: keyPlace(kind, id) }, json),
					})),
				);
				await writeKeys(db, lease, { put: sealed, remove, digests });
			});
		},
	};
}
