import {
	type AuthenticationCreds,
	BufferJSON,
	initAuthCreds,
	type SignalKeyStore,
} from '@whiskeysockets/baileys';
import { z } from 'zod';
import { generateKeyPair, type KeyPair } from '../crypto/x25519.ts';
import type { Account, KeyBundle } from '../network/state.ts';

/**
 * The secrets of simulated phones: an identity, a signed pre-key, sessions, sender keys. One vault an account, made when it
 * is first needed, in the shape in which Baileys keeps its own.
 */
export type Vault = {
	readonly creds: AuthenticationCreds;
	readonly keys: SignalKeyStore;
	readonly store: KeyTable;
};
type KeyTable = Map<string, Map<string, unknown>>;

export const vaultSchema = z.object({
	phone: z.string(),
	/** JSON as Baileys' `BufferJSON` writes it. */
	creds: z.string(),
	keys: z.array(z.tuple([z.string(), z.string(), z.string()])),
});
export type VaultSnapshot = z.infer<typeof vaultSchema>;

/** Many one-time keys are fetched and never used; the oldest of them are given up. */
const MAX_PRE_KEYS = 2000;

export type Vaults = {
	of(account: Account): Vault;
	identity(account: Account): KeyPair;
	/** A bundle with a one-time key that is made on the spot, so that a phone never runs out of them. */
	bundle(account: Account): KeyBundle;
	snapshot(): VaultSnapshot[];
	/** Puts saved vaults in the place of the present ones. */
	restore(saved: readonly VaultSnapshot[]): void;
};

export function createVaults(saved: readonly VaultSnapshot[] = []): Vaults {
	const vaults = new Map<string, Vault>(saved.map((snapshot) => [snapshot.phone, restore(snapshot)]));
	function of(account: Account): Vault {
		const known = vaults.get(account.phone);
		if (known) return known;
		const store: KeyTable = new Map();
		const vault = { creds: initAuthCreds(), keys: keyStore(store), store };
		vaults.set(account.phone, vault);
		return vault;
	}
	return {
		of,
		identity(account) {
			const { signedIdentityKey } = of(account).creds;
			return {
				public: Buffer.from(signedIdentityKey.public),
				private: Buffer.from(signedIdentityKey.private),
			};
		},
		bundle(account) {
			const { creds, store } = of(account);
			const id = creds.nextPreKeyId++;
			const preKey = generateKeyPair();
			const preKeys = table(store, 'pre-key');
			preKeys.set(String(id), preKey);
			for (const unused of [...preKeys.keys()].slice(0, -MAX_PRE_KEYS)) preKeys.delete(unused);
			return {
				registrationId: creds.registrationId,
				identity: base64(creds.signedIdentityKey.public),
				signedPreKey: {
					id: creds.signedPreKey.keyId,
					value: base64(creds.signedPreKey.keyPair.public),
					signature: base64(creds.signedPreKey.signature),
				},
				preKey: { id, value: base64(preKey.public) },
			};
		},
		snapshot: () => [...vaults].map(([phone, vault]) => save(phone, vault)),
		restore(snapshots) {
			vaults.clear();
			for (const snapshot of snapshots) vaults.set(snapshot.phone, restore(snapshot));
		},
	};
}

function keyStore(store: KeyTable): SignalKeyStore {
	return {
		get(type, ids) {
			const rows = table(store, type);
			const found = ids.filter((id) => rows.has(id)).map((id) => [id, rows.get(id)]);
			return Object.fromEntries(found);
		},
		set(data) {
			for (const [type, rows] of Object.entries(data)) {
				for (const [id, value] of Object.entries(rows)) {
					if (value === null || value === undefined) table(store, type).delete(id);
					else table(store, type).set(id, value);
				}
			}
		},
	};
}

function table(store: KeyTable, type: string): Map<string, unknown> {
	const rows = store.get(type) ?? new Map<string, unknown>();
	store.set(type, rows);
	return rows;
}

function save(phone: string, { creds, store }: Vault): VaultSnapshot {
	const keys: VaultSnapshot['keys'] = [];
	for (const [type, rows] of store) {
		for (const [id, value] of rows) keys.push([type, id, JSON.stringify(value, BufferJSON.replacer)]);
	}
	return { phone, creds: JSON.stringify(creds, BufferJSON.replacer), keys };
}

function restore(snapshot: VaultSnapshot): Vault {
	const store: KeyTable = new Map();
	for (const [type, id, value] of snapshot.keys)
		table(store, type).set(id, JSON.parse(value, BufferJSON.reviver));
	return { creds: JSON.parse(snapshot.creds, BufferJSON.reviver), keys: keyStore(store), store };
}

function base64(value: Uint8Array): string {
	return Buffer.from(value).toString('base64');
}
