import type { SignalDataSet, SignalDataTypeMap, SignalKeyStore } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { keepJobsInTheirContext } from '../src/whatsapp/signal-jobs.ts';

keepJobsInTheirContext();
const { addTransactionCapability, Curve, DEFAULT_CONNECTION_CONFIG, initAuthCreds } = await import(
	'@whiskeysockets/baileys'
);

const { logger, makeSignalRepository } = DEFAULT_CONNECTION_CONFIG;
const author = '100000000000001@lid';

it('keeps the keys of two users who hear from the same person each in a transaction of their own', async () => {
	const sender = createDevice();
	const receivers = [createDevice(), createDevice()];
	const ciphertexts = await Promise.all(
		receivers.map(async ({ publicKeys }, index) => {
			const jid = `20000000000000${index}@lid`;
			await sender.repository.injectE2ESession({ jid, session: publicKeys });
			return sender.repository.encryptMessage({ jid, data: Buffer.from('hello') });
		}),
	);
	const decrypted: string[] = [];
	await Promise.allSettled(
		receivers.map(({ repository, keys }, index) =>
			keys.transaction(async () => {
				const { type, ciphertext } = ciphertexts[index] ?? expect.fail();
				decrypted.push(
					Buffer.from(await repository.decryptMessage({ jid: author, type, ciphertext })).toString(),
				);
				throw new Error('the message could not be stored');
			}, author),
		),
	);
	expect(decrypted).toEqual(['hello', 'hello']);
	// Rolled back both: at the next delivery both can be read again.
	expect(receivers.map(({ written }) => written)).toEqual([[], []]);
});

it('says so when libsignal is loaded already', () => {
	expect(keepJobsInTheirContext).toThrow('loaded already');
});

/** A device with one pre-key; `written` are the kinds of keys that its store was given by itself. */
function createDevice() {
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
		set: async (changes: SignalDataSet) => {
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
