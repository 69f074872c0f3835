import { randomBytes } from 'node:crypto';
import { SERVER } from '../binary/jid.ts';
import { bytes, child, firstChild, node, type Stanza } from '../binary/node.ts';
import type { KeyPair } from '../crypto/x25519.ts';
import { type Endpoint, lidOf, pnOf } from '../network/accounts.ts';
import { newStanzaId, seconds } from '../network/context.ts';
import { addDevice, reserveDeviceId } from '../network/devices.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import type { Finished } from '../noise/handshake.ts';
import type { Channel, Stage } from '../session/channel.ts';
import { type AdvOffer, createAdvOffer, verifyDeviceSignature } from './adv.ts';
import { type CodePairing, createCodePairing } from './code-pairing.ts';
import { registration } from './registration.ts';

/**
 * Linking a new device by QR code; how it goes by a code to type is told in code-pairing.ts.
 *
 *     server → client   <pair-device> with six refs          the client shows one after the other as a QR code
 *     phone  → server   the QR code's text                   ref, noise key, identity, secret, platform
 *     server → client   <pair-success> with the ADV offer    see adv.ts
 *     client → server   <pair-device-sign>                   the device exists from here on
 *     server → client   <stream:error code="515">            the client comes back and logs in
 *
 * A pairing lives exactly as long as its socket. Its refs are shown one after the other, the first for a minute and the others
 * for 20 seconds, or for what the client has been told. The first one expires after a minute, each of the others a minute
 * after the one before it.
 */
export type Pairing = {
	/** For those who choose among the clients that wait; means nothing on the wire. */
	readonly id: string;
	/** What the client calls itself. */
	readonly client: string;
	/** The secret of its QR code, once somebody has held that up to be scanned; no server could know it otherwise. */
	shown: Uint8Array | undefined;
	readonly noiseKey: Buffer;
	readonly identity: Buffer;
	/** The name the client sent with its registration, when it did. */
	readonly pushName: string | undefined;
	readonly code: CodePairing;
	/** Links the device to the account, with the account's phone as the one that scanned. */
	link(account: Account, advSecret: Uint8Array): Promise<Endpoint>;
};

export type Pairings = {
	/** Takes a client that registers. */
	open(channel: Channel, client: Finished): Stage;
	/** The client that shows this QR code. Throws `Refusal`: 404 for one that nobody shows, 410 for one that has expired. */
	byRef(ref: string): Pairing;
	/** Every client that waits to be linked, the oldest first. */
	list(): Pairing[];
	/** The client that has last asked for a code for this number. */
	byPhone(phone: string): Pairing | undefined;
	/** Cuts the connection of every client that waits. */
	drop(): void;
};

export type PairingOptions = {
	identityOf(account: Account): KeyPair;
	nowMs(): number;
	linked(endpoint: Endpoint): void;
	/** Whether WhatsApp asks this account for a passkey before it links a device. */
	needsPasskey(account: Account): boolean;
	changed(): void;
};

const REFS = 6;
const REF_LIFETIME_MS = 60_000;

export function createPairings(options: PairingOptions): Pairings {
	const live = new Map<string, { pairing: Pairing; expiresAtMs: number }>();
	const open = new Map<Pairing, Channel>();
	return {
		list: () => [...open.keys()],
		drop() {
			for (const channel of open.values()) channel.drop();
		},
		byRef(ref) {
			const found = live.get(ref);
			if (!found) throw new Refusal(404, 'No client that is waiting to be linked shows this QR code.');
			if (options.nowMs() >= found.expiresAtMs) {
				throw new Refusal(410, 'The QR code has expired. Scan the one that the client shows now.');
			}
			return found.pairing;
		},
		byPhone(phone) {
			return [...open.keys()].findLast(({ code }) => code.phone === phone);
		},
		open(channel, client) {
			const refs = Array.from({ length: REFS }, () => `2@${randomBytes(48).toString('base64')}`);
			const { stage, pairing } = createPairing(channel, client, options);
			for (const [index, ref] of refs.entries()) {
				live.set(ref, { pairing, expiresAtMs: options.nowMs() + (index + 1) * REF_LIFETIME_MS });
			}
			const content = refs.map((ref) => node('ref', {}, Buffer.from(ref)));
			channel.send(serverIq('pair-device-1', node('pair-device', {}, content)));
			open.set(pairing, channel);
			options.changed();
			return {
				receive: stage.receive,
				closed() {
					for (const ref of refs) live.delete(ref);
					open.delete(pairing);
					stage.closed();
					options.changed();
				},
			};
		},
	};
}

function createPairing(
	channel: Channel,
	client: Finished,
	options: PairingOptions,
): { stage: Stage; pairing: Pairing } {
	const details = registration(client, options.nowMs());
	const identity = Buffer.from(details.identity, 'base64');
	let waiting: Waiting | undefined;

	function finish(answer: Stanza, { account, deviceId, offer, resolve }: Waiting): void {
		verifyDeviceSignature({
			answer: bytes(child(child(answer, 'pair-device-sign'), 'device-identity')),
			details: offer.details,
			companionIdentity: identity,
			phoneIdentity: options.identityOf(account).public,
		});
		addDevice(account, deviceId, details);
		channel.send(node('stream:error', { code: '515' }));
		channel.close();
		options.linked({ account, deviceId });
		resolve({ account, deviceId });
	}

	const code = createCodePairing({
		channel,
		companionIdentity: identity,
		identityOf: options.identityOf,
		nowSeconds: () => seconds(options.nowMs()),
		asked: options.changed,
		link: (account, advSecret) => pairing.link(account, advSecret),
	});
	const pairing: Pairing = {
		id: randomBytes(9).toString('base64url'),
		client: details.client,
		shown: undefined,
		code,
		noiseKey: client.clientStatic,
		identity,
		pushName: client.payload.pushName || undefined,
		link(account, advSecret) {
			if (waiting) return Promise.reject(new Refusal(409, 'The client is being linked already.'));
			if (options.needsPasskey(account)) {
				channel.send(passkeyRequest(seconds(options.nowMs())));
				return Promise.reject(new Refusal(403, 'The account needs a passkey for linking devices.'));
			}
			const deviceId = reserveDeviceId(account);
			const offer = createAdvOffer({
				phoneIdentity: options.identityOf(account),
				companionIdentity: identity,
				advSecret,
				keyIndex: deviceId,
				nowMs: options.nowMs(),
			});
			const linked = new Promise<Endpoint>((resolve, reject) => {
				waiting = { account, deviceId, offer, resolve, reject };
			});
			channel.send(serverIq('pair-success-1', pairSuccess({ account, deviceId }, offer)));
			return linked;
		},
	};
	return {
		pairing,
		stage: {
			receive(stanza) {
				if (stanza.tag !== 'iq') return;
				const request = firstChild(stanza);
				if (request?.tag === 'link_code_companion_reg') code.receive(stanza, request);
				else if (stanza.attrs.type === 'result') {
					if (waiting && stanza.attrs.id === 'pair-success-1') finish(stanza, waiting);
				} else {
					channel.send(node('iq', { from: SERVER, type: 'result', id: stanza.attrs.id }));
				}
			},
			closed() {
				waiting?.reject(new Refusal(410, 'The client went away before it was linked.'));
				code.closed();
			},
		},
	};
}

function pairSuccess(endpoint: Endpoint, offer: AdvOffer): Stanza {
	return node('pair-success', {}, [
		node('device-identity', {}, offer.blob),
		// The name of a business is the one way to tell the client its own name here, and without a name it keeps quiet
		// about its presence and sends only `inactive` receipts.
		node('biz', { name: endpoint.account.pushName }),
		node('device', { jid: pnOf(endpoint), lid: lidOf(endpoint) }),
		node('platform', { name: 'android' }),
	]);
}

/** As several clients report it; what follows takes a WebAuthn assertion, which nobody here can make. */
function passkeyRequest(t: string): Stanza {
	const options = {
		challenge: randomBytes(32).toString('base64url'),
		rpId: 'whatsapp.com',
		timeout: 600_000,
	};
	const attrs = { from: SERVER, type: 'passkey_prologue_request', id: newStanzaId(), t };
	return node('notification', attrs, [
		node('passkey_request_options', {}, Buffer.from(JSON.stringify(options))),
	]);
}

function serverIq(id: string, content: Stanza): Stanza {
	return node('iq', { from: SERVER, type: 'set', id }, [content]);
}

type Waiting = {
	readonly account: Account;
	readonly deviceId: number;
	readonly offer: AdvOffer;
	resolve(endpoint: Endpoint): void;
	reject(reason: Error): void;
};
