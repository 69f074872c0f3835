import { randomBytes } from 'node:crypto';
import { parseJid, SERVER } from '../binary/jid.ts';
import { attr, bytes, child, node, type Stanza } from '../binary/node.ts';
import { generateKeyPair, type KeyPair } from '../crypto/x25519.ts';
import type { Endpoint } from '../network/accounts.ts';
import { newStanzaId } from '../network/context.ts';
import { Refusal } from '../network/refusal.ts';
import type { Account } from '../network/state.ts';
import type { Channel } from '../session/channel.ts';
import { openBundle, unwrapEphemeral, wrapEphemeral } from './link-code.ts';

/**
 * Linking by a code that the client shows and the person types into the phone.
 *
 *     client → server   companion_hello    its number, its ephemeral key under the code
 *     phone  → server   the code           typed by the person
 *     server → client   primary_hello      the phone's ephemeral key under the code, the phone's identity
 *     client → server   companion_finish   the key bundle; wrong code: it cannot be opened, and the connection ends
 *     from here on as with a QR code, with the secret that both sides now have
 */
export type CodePairing = {
	/** The number for which the client wants a code; nothing before it has asked. */
	readonly phone: string | undefined;
	/** Handles `<link_code_companion_reg>`, and answers the query. */
	receive(iq: Stanza, request: Stanza): void;
	/** Types the code into the phone. Resolves when the device is linked. */
	enter(account: Account, code: string): Promise<Endpoint>;
	closed(): void;
};

type Options = {
	readonly channel: Channel;
	/** The identity that the client registered with. */
	readonly companionIdentity: Buffer;
	identityOf(account: Account): KeyPair;
	nowSeconds(): string;
	/** The client has asked for a code. */
	asked(): void;
	link(account: Account, advSecret: Uint8Array): Promise<Endpoint>;
};

const WRAPPED_BYTES = 80;

export function createCodePairing(options: Options): CodePairing {
	const { channel } = options;
	let hello: { phone: string; wrapped: Buffer; ref: Buffer } | undefined;
	let typed: Typed | undefined;

	function finish(request: Stanza, attempt: Typed): void {
		const { account, ephemeral, companionEphemeral, resolve, reject } = attempt;
		const advSecret = openBundle({
			bundle: bytes(child(request, 'link_code_pairing_wrapped_key_bundle')),
			ephemeral,
			identity: options.identityOf(account),
			companionEphemeral,
			companionIdentity: options.companionIdentity,
		});
		if (!advSecret) {
			reject(new Refusal(403, 'The code is not the one that the client shows.'));
			channel.close();
			return;
		}
		options.link(account, advSecret).then(resolve, reject);
	}

	return {
		get phone() {
			return hello?.phone;
		},
		receive(iq, request) {
			const result = (content?: Stanza[]) =>
				channel.send(node('iq', { from: SERVER, type: 'result', id: attr(iq, 'id') }, content));
			if (request.attrs.stage === 'companion_hello') {
				const wrapped = bytes(
					child(request, 'link_code_pairing_wrapped_companion_ephemeral_pub'),
					WRAPPED_BYTES,
				);
				hello = {
					phone: parseJid(attr(request, 'jid'))?.user ?? '',
					wrapped,
					ref: Buffer.from(`3@${randomBytes(24).toString('base64')}`),
				};
				result([
					node('link_code_companion_reg', { stage: 'companion_hello' }, [
						node('link_code_pairing_ref', {}, hello.ref),
					]),
				]);
				options.asked();
				return;
			}
			result();
			if (request.attrs.stage === 'companion_finish' && typed) finish(request, typed);
		},
		async enter(account, code) {
			const offer = hello;
			if (!offer) throw new Refusal(404, 'The client has not asked for a code.');
			if (typed) throw new Refusal(409, 'A code was typed in already.');
			const ephemeral = generateKeyPair();
			const companionEphemeral = await unwrapEphemeral(code, offer.wrapped);
			const wrapped = await wrapEphemeral(code, ephemeral.public);
			const linked = new Promise<Endpoint>((resolve, reject) => {
				typed = { account, ephemeral, companionEphemeral, resolve, reject };
			});
			const attrs = {
				from: SERVER,
				type: 'link_code_companion_reg',
				id: newStanzaId(),
				t: options.nowSeconds(),
			};
			const content = node('link_code_companion_reg', { stage: 'primary_hello' }, [
				node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
				node('primary_identity_pub', {}, options.identityOf(account).public),
				node('link_code_pairing_ref', {}, offer.ref),
			]);
			channel.send(node('notification', attrs, [content]));
			return linked;
		},
		closed: () => typed?.reject(new Refusal(410, 'The client went away before it was linked.')),
	};
}

type Typed = {
	readonly account: Account;
	readonly ephemeral: KeyPair;
	readonly companionEphemeral: Buffer;
	resolve(endpoint: Endpoint): void;
	reject(reason: Error): void;
};
