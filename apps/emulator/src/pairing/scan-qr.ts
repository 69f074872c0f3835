import type { Endpoint } from '../network/accounts.ts';
import { ensureAccount, phoneFor } from '../network/accounts.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account, Network } from '../network/state.ts';
import type { Pairing, Pairings } from './pairings.ts';

/** Who scans when neither the caller nor the client has said so. */
export const DEFAULT_PHONE = '15550000001';

/**
 * Types the code that a client shows into the phone of the account, which is made when it does not exist. Dashes, spaces and
 * small letters are forgiven.
 */
export async function enterCode(
	network: Network,
	pairings: Pairings,
	phone: string,
	code: string,
): Promise<Endpoint> {
	const pairing = pairings.byPhone(phone);
	if (!pairing) throw new Refusal(404, `No client has asked for a code for ${phone}.`);
	return pairing.code.enter(ensureAccount(network, phone), code.replace(/[\s-]/g, '').toUpperCase());
}

/**
 * Lets a simulated phone scan a QR code. The account is the given number, else the one that belongs to the client's push name,
 * else the default one, and is made when it does not exist.
 */
export async function scanQr(
	network: Network,
	pairings: Pairings,
	qr: string,
	phone?: string,
): Promise<Endpoint> {
	const { pairing, advSecret } = readQr(pairings, qr);
	return pairing.link(scanner(network, pairing, phone), advSecret);
}

/** Holds a QR code up to be scanned later: what it says stays with the client that shows it. */
export function showQr(pairings: Pairings, qr: string): Pairing {
	const { pairing, advSecret } = readQr(pairings, qr);
	pairing.shown = advSecret;
	return pairing;
}

/** Scans the QR code of a waiting client that was held up before. */
export async function scanShown(
	network: Network,
	pairings: Pairings,
	id: string,
	phone: string,
): Promise<Endpoint> {
	const pairing = pairings.list().find((one) => one.id === id);
	if (!pairing) throw new Refusal(404, 'The client does not wait any more.');
	if (!pairing.shown) {
		throw new Refusal(
			409,
			'Nobody has held up the QR code of this client: paste it, or choose a picture of it.',
		);
	}
	return pairing.link(scanner(network, pairing, phone), pairing.shown);
}

/**
 * The text of a QR code is `ref,noise key,identity,secret,platform`, since Baileys 7.0.0-rc14 after a URL and a `#`. It has to be
 * that of a client that waits.
 */
function readQr(pairings: Pairings, qr: string): { pairing: Pairing; advSecret: Buffer } {
	const [ref = '', noiseKey, identity, advSecret] = qr
		.trim()
		.slice(qr.trim().indexOf('#') + 1)
		.split(',');
	const pairing = pairings.byRef(ref);
	if (!advSecret || noiseKey !== pairing.noiseKey.toString('base64')) {
		throw new Refusal(400, 'The QR code does not carry the noise key of the client that shows it.');
	}
	if (identity !== pairing.identity.toString('base64')) {
		throw new Refusal(400, 'The QR code does not carry the identity of the client that shows it.');
	}
	return { pairing, advSecret: Buffer.from(advSecret, 'base64') };
}

function scanner(network: Network, { pushName }: Pairing, phone: string | undefined): Account {
	const number = phone ?? (pushName === undefined ? DEFAULT_PHONE : phoneFor(pushName));
	return ensureAccount(network, number, network.accounts.has(number) ? undefined : pushName);
}
