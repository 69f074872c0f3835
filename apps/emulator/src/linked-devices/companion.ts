import { type AuthenticationCreds, initAuthCreds, proto } from '@whiskeysockets/baileys';
import { generateKeyPair, type KeyPair } from '../crypto/x25519.ts';
import { sign } from '../crypto/xeddsa.ts';
import { type Endpoint, lidOf, pnOf } from '../network/accounts.ts';
import type { NewDevice } from '../network/devices.ts';
import type { PublicPreKey } from '../network/state.ts';
import { createAdvOffer, deviceSignatureMessage } from '../pairing/adv.ts';

/** The two halves of a linked device: what its client keeps, and what the network knows of it. */
export type Companion = {
	readonly creds: AuthenticationCreds;
	/** One-time keys by id, with their private halves. */
	readonly preKeys: Readonly<Record<string, KeyPair>>;
	readonly device: NewDevice;
	readonly publicPreKeys: readonly PublicPreKey[];
};

/**
 * Makes a device as it is some time after it was linked: its identity has been signed by the account's phone and the other way
 * round, its one-time keys are uploaded, its initial history has come (`accountSyncCounter`), so a client waits for nothing.
 */
export function createCompanion(endpoint: Endpoint, options: CompanionOptions): Companion {
	const { phoneIdentity, preKeyCount, nowMs } = options;
	const { account, deviceId } = endpoint;
	const fresh = initAuthCreds();
	const { noiseKey, signedIdentityKey: identity, signedPreKey } = fresh;
	const preKeys = Object.fromEntries(
		Array.from({ length: preKeyCount }, (_, index) => [String(index + 1), generateKeyPair()]),
	);
	return {
		preKeys,
		creds: {
			...fresh,
			me: { id: pnOf(endpoint), name: account.pushName, lid: lidOf(endpoint) },
			account: signedIdentity(deviceId, identity, phoneIdentity, nowMs),
			signalIdentities: [
				{
					identifier: { name: lidOf(endpoint), deviceId: 0 },
					identifierKey: Buffer.concat([Buffer.from([5]), phoneIdentity.public]),
				},
			],
			platform: 'android',
			accountSyncCounter: 1,
			nextPreKeyId: preKeyCount + 1,
			firstUnuploadedPreKeyId: preKeyCount + 1,
		},
		device: {
			noiseKey: base64(noiseKey.public),
			identity: base64(identity.public),
			registrationId: fresh.registrationId,
			signedPreKey: {
				id: signedPreKey.keyId,
				value: base64(signedPreKey.keyPair.public),
				signature: base64(signedPreKey.signature),
			},
			linkedAtMs: nowMs,
			client: 'Made for a load',
		},
		publicPreKeys: Object.entries(preKeys).map(([id, key]) => ({
			id: Number(id),
			value: base64(key.public),
		})),
	};
}

/** What the QR code, the phone's offer and the companion's answer lead to, without the two talking to each other. */
function signedIdentity(
	deviceId: number,
	identity: AuthenticationCreds['signedIdentityKey'],
	phoneIdentity: KeyPair,
	nowMs: number,
): proto.IADVSignedDeviceIdentity {
	const { details, signed } = createAdvOffer({
		phoneIdentity,
		companionIdentity: identity.public,
		advSecret: Buffer.alloc(32),
		keyIndex: deviceId,
		nowMs,
	});
	const message = deviceSignatureMessage(details, identity.public, phoneIdentity.public);
	const deviceSignature = sign(identity.private, identity.public, message);
	return { ...proto.ADVSignedDeviceIdentity.decode(signed), deviceSignature };
}

function base64(value: Uint8Array): string {
	return Buffer.from(value).toString('base64');
}

type CompanionOptions = {
	readonly phoneIdentity: KeyPair;
	readonly preKeyCount: number;
	readonly nowMs: number;
};
