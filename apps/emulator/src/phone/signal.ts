import { randomInt } from 'node:crypto';
import { addTransactionCapability, DEFAULT_CONNECTION_CONFIG, proto } from '@whiskeysockets/baileys';
import pino from 'pino';
import type { KeyBundle } from '../network/state.ts';
import { createSenderKeys, type SenderKeys } from './sender-keys.ts';
import type { Vault } from './vault.ts';

/**
 * The cryptography of one simulated phone: Baileys' own Signal repository over the phone's vault. Peers are always addressed
 * by hidden id, whichever address a message came under.
 */
export type Signal = {
	decrypt(peer: string, type: 'pkmsg' | 'msg', ciphertext: Uint8Array): Promise<proto.Message>;
	decryptGroup(group: string, author: string, ciphertext: Uint8Array): Promise<proto.Message>;
	learnSenderKey(author: string, item: proto.Message.ISenderKeyDistributionMessage): Promise<void>;
	/** Encrypts for one device. `bundle` is asked for when there is no session yet. */
	encrypt(peer: string, message: proto.IMessage, bundle: () => KeyBundle): Promise<Encrypted>;
	/** Starts the session with the device anew. */
	renewSession(peer: string, bundle: KeyBundle): Promise<void>;
	/** This phone's own sender keys, with which it writes to groups. */
	readonly senderKeys: SenderKeys;
	encryptGroup(group: string, message: proto.IMessage): Uint8Array;
	close(): void;
};

type Encrypted = { readonly type: 'pkmsg' | 'msg'; readonly ciphertext: Uint8Array };

const MAX_PADDING = 16;
const TRANSACTION = { maxCommitRetries: 1, delayBetweenTriesMs: 1 };
const silent = pino({ level: 'silent' });

export function createSignal(vault: Vault): Signal {
	const keys = addTransactionCapability(vault.keys, silent, TRANSACTION);
	const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: vault.creds, keys }, silent);

	const senderKeys = createSenderKeys(vault);

	async function renewSession(peer: string, bundle: KeyBundle): Promise<void> {
		await repository.injectE2ESession({ jid: peer, session: sessionOf(bundle) });
	}
	return {
		renewSession,
		async decrypt(peer, type, ciphertext) {
			return open(await repository.decryptMessage({ jid: peer, type, ciphertext }));
		},
		async decryptGroup(group, author, ciphertext) {
			return open(await repository.decryptGroupMessage({ group, authorJid: author, msg: ciphertext }));
		},
		async learnSenderKey(author, item) {
			await repository.processSenderKeyDistributionMessage({ authorJid: author, item });
		},
		async encrypt(peer, message, bundle) {
			const { exists } = await repository.validateSession(peer);
			if (!exists) await renewSession(peer, bundle());
			return repository.encryptMessage({ jid: peer, data: pad(message) });
		},
		senderKeys,
		encryptGroup: (group, message) => senderKeys.encrypt(group, pad(message)),
		close: () => repository.close?.(),
	};
}

/** WhatsApp pads with n bytes of value n, 1 to 16 of them. */
function pad(message: proto.IMessage): Buffer {
	const size = randomInt(1, MAX_PADDING + 1);
	return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(size, size)]);
}

function open(padded: Uint8Array): proto.Message {
	const size = padded.at(-1) ?? 0;
	if (size > padded.length) throw new Error('The padding of the message is broken.');
	return proto.Message.decode(padded.subarray(0, padded.length - size));
}

function sessionOf(bundle: KeyBundle) {
	return {
		registrationId: bundle.registrationId,
		identityKey: signalKey(bundle.identity),
		signedPreKey: {
			keyId: bundle.signedPreKey.id,
			publicKey: signalKey(bundle.signedPreKey.value),
			signature: Buffer.from(bundle.signedPreKey.signature, 'base64'),
		},
		...(bundle.preKey
			? { preKey: { keyId: bundle.preKey.id, publicKey: signalKey(bundle.preKey.value) } }
			: {}),
	};
}

/** Signal puts a 5 before a public key. */
function signalKey(value: string): Buffer {
	return Buffer.concat([Buffer.from([5]), Buffer.from(value, 'base64')]);
}
