import {
	addTransactionCapability,
	Curve,
	DEFAULT_CONNECTION_CONFIG,
	initAuthCreds,
	type SignalDataSet,
	type SignalDataTypeMap,
	type SignalKeyStore,
} from '@whiskeysockets/baileys';

const { logger, makeSignalRepository } = DEFAULT_CONNECTION_CONFIG;

/** A device of Baileys with one pre-key, its keys in memory; `written` are the kinds of keys that the store was given. */
export function createSignalDevice() {
	const creds = initAuthCreds();
	const preKey = Curve.generateKeyPair();
	const data = new Map<string, unknown>([['pre-key 1', preKey]]);
	const written: string[] = [];
	const store: SignalKeyStore = {
		async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
			const found: Record<string, SignalDataTypeMap[T]> = {};
			for (const id of ids) {
				const value = data.get(`${type} ${id}`);
				if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
			}
			return found;
		},
		async set(changes: SignalDataSet) {
			for (const [kind, values] of Object.entries(changes)) {
				written.push(kind);
				for (const [id, value] of Object.entries(values)) data.set(`${kind} ${id}`, value);
			}
		},
	};
	const keys = addTransactionCapability(store, logger, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
	const repository = makeSignalRepository({ creds, keys }, logger);
	const signed = creds.signedPreKey;
	const publicKeys = {
		registrationId: creds.registrationId,
		identityKey: typed(creds.signedIdentityKey.public),
		signedPreKey: {
			keyId: signed.keyId,
			publicKey: typed(signed.keyPair.public),
			signature: signed.signature,
		},
		preKey: { keyId: 1, publicKey: typed(preKey.public) },
	};
	return { keys, repository, written, publicKeys };
}

function typed(key: Uint8Array): Uint8Array {
	return Buffer.concat([Buffer.of(5), key]);
}
