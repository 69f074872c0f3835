import { createHmac } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { MalformedStanza } from '../binary/node.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { sign, verify } from '../crypto/xeddsa.ts';

const ACCOUNT_SIGNATURE = Buffer.from([6, 0]);
const DEVICE_SIGNATURE = Buffer.from([6, 1]);

/**
 * The device identity of WhatsApp ("ADV"): phone and companion vouch for each other.
 *
 *     account signature = XEdDSA(phone's identity,     06 00 ‖ details ‖ companion's identity)
 *     device signature  = XEdDSA(companion's identity, 06 01 ‖ details ‖ companion's identity ‖ phone's identity)
 *
 * The phone's half travels to the companion under an HMAC with the secret of the QR code, which proves that this phone saw
 * the code on this companion's screen. The companion's half comes back with its answer.
 */
export type AdvOffer = {
	readonly details: Uint8Array;
	/** The details with the phone's signature. */
	readonly signed: Uint8Array;
	/** The same under the HMAC, as it travels. */
	readonly blob: Uint8Array;
};

export function createAdvOffer(options: {
	phoneIdentity: KeyPair;
	companionIdentity: Uint8Array;
	advSecret: Uint8Array;
	keyIndex: number;
	nowMs: number;
}): AdvOffer {
	const details = proto.ADVDeviceIdentity.encode({
		rawId: 1,
		timestamp: Math.floor(options.nowMs / 1000),
		keyIndex: options.keyIndex,
		accountType: proto.ADVEncryptionType.E2EE,
		deviceType: proto.ADVEncryptionType.E2EE,
	}).finish();
	const message = Buffer.concat([ACCOUNT_SIGNATURE, details, options.companionIdentity]);
	const signed = proto.ADVSignedDeviceIdentity.encode({
		details,
		accountSignatureKey: options.phoneIdentity.public,
		accountSignature: sign(options.phoneIdentity.private, options.phoneIdentity.public, message),
	}).finish();
	const hmac = createHmac('sha256', options.advSecret).update(signed).digest();
	const blob = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish();
	return { details, signed, blob };
}

/** Checks the companion's answer; Baileys' own check lets every signature pass, this one does not. */
export function verifyDeviceSignature(options: {
	answer: Uint8Array;
	details: Uint8Array;
	companionIdentity: Uint8Array;
	phoneIdentity: Uint8Array;
}): void {
	const { deviceSignature, details } = proto.ADVSignedDeviceIdentity.decode(options.answer);
	const message = deviceSignatureMessage(options.details, options.companionIdentity, options.phoneIdentity);
	const same = details && Buffer.from(options.details).equals(details);
	if (!same || !deviceSignature || !verify(options.companionIdentity, message, deviceSignature)) {
		throw new MalformedStanza('The companion has signed its device identity wrongly.');
	}
}

/** What a companion signs. */
export function deviceSignatureMessage(
	details: Uint8Array,
	companionIdentity: Uint8Array,
	phoneIdentity: Uint8Array,
): Buffer {
	return Buffer.concat([DEVICE_SIGNATURE, details, companionIdentity, phoneIdentity]);
}
