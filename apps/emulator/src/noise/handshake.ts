import { proto } from '@whiskeysockets/baileys';
import { MalformedStanza } from '../binary/node.ts';
import { generateKeyPair, sharedSecret } from '../crypto/x25519.ts';
import type { ServerIdentity } from './certificate.ts';
import { type Cipher, createSymmetricState } from './symmetric-state.ts';

/**
 * The server's side of `Noise_XX_25519_AESGCM_SHA256`, as WhatsApp speaks it:
 *
 *     client → server   clientHello   ephemeral key
 *     server → client   serverHello   ephemeral key, sealed static key, sealed certificate chain
 *     client → server   clientFinish  sealed static key, sealed ClientPayload (who wants what)
 *
 * The hash starts with the header `WA 06 03`, though not with the routing information before it. Both messages of the
 * client are frames with a `HandshakeMessage`; after the second one every frame is sealed with the transport ciphers.
 */
export type Handshake = {
	/** Answers clientHello with the bytes of serverHello. */
	hello(message: Buffer): Buffer;
	/** Opens clientFinish. */
	finish(message: Buffer): Finished;
};

export type Finished = {
	/** The client's long-term Noise key, 32 bytes. For a linked device it is what identifies it. */
	readonly clientStatic: Buffer;
	readonly payload: proto.ClientPayload;
	readonly fromClient: Cipher;
	readonly toClient: Cipher;
};

const WA_HEADER = Buffer.from([0x57, 0x41, 6, 3]);

export function createHandshake(server: ServerIdentity): Handshake {
	const ephemeral = generateKeyPair();
	const state = createSymmetricState();
	state.mixHash(WA_HEADER);
	return {
		hello(message) {
			const client = required(decode(message).clientHello?.ephemeral, 32);
			state.mixHash(client);
			state.mixHash(ephemeral.public);
			state.mixKey(agreement(ephemeral.private, client));
			const sealedStatic = state.encrypt(server.staticKey.public);
			state.mixKey(agreement(server.staticKey.private, client));
			const payload = state.encrypt(server.certificate);
			const serverHello = { ephemeral: ephemeral.public, static: sealedStatic, payload };
			return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish());
		},
		finish(message) {
			const { clientFinish } = decode(message);
			const clientStatic = state.decrypt(required(clientFinish?.static));
			state.mixKey(agreement(ephemeral.private, clientStatic));
			const payload = state.decrypt(required(clientFinish?.payload));
			return { clientStatic, payload: decodePayload(payload), ...state.split() };
		},
	};
}

function decode(message: Buffer): proto.HandshakeMessage {
	try {
		return proto.HandshakeMessage.decode(message);
	} catch (cause) {
		throw new MalformedStanza('The frame is no handshake message.', { cause });
	}
}

function decodePayload(payload: Buffer): proto.ClientPayload {
	try {
		return proto.ClientPayload.decode(payload);
	} catch (cause) {
		throw new MalformedStanza('The client does not say who it is.', { cause });
	}
}

/** OpenSSL refuses keys of the wrong length and points of low order. */
function agreement(own: Uint8Array, ofClient: Uint8Array): Buffer {
	try {
		return sharedSecret(own, ofClient);
	} catch (cause) {
		throw new MalformedStanza('The key of the client is no key.', { cause });
	}
}

function required(value: Uint8Array | null | undefined, length?: number): Uint8Array {
	if (!value || value.length === 0 || (length !== undefined && value.length !== length)) {
		throw new MalformedStanza('A field of the handshake is missing.');
	}
	return value;
}
