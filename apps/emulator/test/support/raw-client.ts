import { once } from 'node:events';
import { proto } from '@whiskeysockets/baileys';
import { WebSocket } from 'ws';
import { decodeStanza } from '../../src/binary/decode.ts';
import { encodeStanza } from '../../src/binary/encode.ts';
import { node, type Stanza } from '../../src/binary/node.ts';
import { generateKeyPair, type KeyPair, sharedSecret } from '../../src/crypto/x25519.ts';
import { createFrameReader, frame } from '../../src/noise/frames.ts';
import { type Cipher, createSymmetricState } from '../../src/noise/symmetric-state.ts';

const WA_HEADER = Buffer.from([0x57, 0x41, 6, 3]);

/** Who logs in: what `auth.creds` of a linked device say. */
export type RawIdentity = {
	readonly noiseKey: KeyPair;
	readonly phone: string;
	readonly deviceId: number;
	/** Instead of an encoded ClientPayload that logs in. */
	readonly payload?: Uint8Array;
};

/**
 * A client that speaks nothing but the transport: handshake, frames, stanzas. It costs a fraction of a Baileys client, which
 * makes thousands of idle ones possible, and it says whatever it is told to, however wrong.
 */
export type RawClient = {
	send(stanza: Stanza): void;
	/** Encrypts these bytes as if they were a stanza. */
	sendPlain(plain: Uint8Array): void;
	/** Writes to the socket as it is. */
	sendBytes(bytes: Uint8Array): void;
	readonly socket: WebSocket;
	readonly closed: Promise<void>;
	/** Hands out stanzas from here on, those that came before first. */
	onStanza(listener: (stanza: Stanza) => void): void;
	close(): void;
};

/** Connects and goes through the handshake; resolves when the server's first stanza is there, `<success>` as a rule. */
export async function openRawClient(url: string, identity: RawIdentity): Promise<RawClient> {
	const socket = new WebSocket(url, { perMessageDeflate: false });
	const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
	const reader = createFrameReader();
	reader.push(WA_HEADER);
	const waiting: Stanza[] = [];
	let listener: ((stanza: Stanza) => void) | undefined;
	let ciphers: Ciphers | undefined;
	const handshake = startHandshake(identity);
	const first = new Promise<void>((resolve, reject) => {
		socket.on('close', () => reject(new Error('The connection was closed before it was open.')));
		socket.on('error', reject);
		socket.on('message', (data: Buffer) => {
			for (const payload of reader.push(data)) {
				if (!ciphers) {
					const finish = handshake.finish(payload);
					({ ciphers } = finish);
					socket.send(frame(finish.message));
					continue;
				}
				const stanza = decodeStanza(ciphers.toClient.decrypt(payload));
				if (listener) listener(stanza);
				else waiting.push(stanza);
				resolve();
			}
		});
	});
	first.catch(() => undefined);
	await Promise.race([once(socket, 'open'), first]);
	socket.send(Buffer.concat([WA_HEADER, frame(handshake.hello)]));
	await first;
	function sendPlain(plain: Uint8Array): void {
		if (ciphers && socket.readyState === WebSocket.OPEN)
			socket.send(frame(ciphers.fromClient.encrypt(plain)));
	}
	return {
		socket,
		closed,
		sendPlain,
		send: (stanza) => sendPlain(encodeStanza(stanza)),
		sendBytes: (bytes) => socket.send(bytes),
		onStanza(next) {
			listener = next;
			for (const stanza of waiting.splice(0)) next(stanza);
		},
		close: () => socket.terminate(),
	};
}

/** What a client asks for when it is ready to get what it missed. */
export function activeQuery(id: string): Stanza {
	return node('iq', { id, to: '@s.whatsapp.net', xmlns: 'passive', type: 'set' }, [node('active')]);
}

function loginPayload({ phone, deviceId }: Pick<RawIdentity, 'phone' | 'deviceId'>): Uint8Array {
	const login = { username: Number(phone), device: deviceId, passive: true, pull: true };
	return proto.ClientPayload.encode(login).finish();
}

function startHandshake(identity: RawIdentity) {
	const { noiseKey } = identity;
	const ephemeral = generateKeyPair();
	const state = createSymmetricState();
	state.mixHash(WA_HEADER);
	state.mixHash(ephemeral.public);
	return {
		hello: encode({ clientHello: { ephemeral: ephemeral.public } }),
		finish(answer: Buffer): { message: Buffer; ciphers: Ciphers } {
			const hello = proto.HandshakeMessage.decode(answer).serverHello;
			if (!hello?.ephemeral || !hello.static || !hello.payload) throw new Error('This is no serverHello.');
			state.mixHash(hello.ephemeral);
			state.mixKey(sharedSecret(ephemeral.private, hello.ephemeral));
			const serverStatic = state.decrypt(hello.static);
			state.mixKey(sharedSecret(ephemeral.private, serverStatic));
			state.decrypt(hello.payload);
			const sealedStatic = state.encrypt(noiseKey.public);
			state.mixKey(sharedSecret(noiseKey.private, hello.ephemeral));
			const payload = state.encrypt(identity.payload ?? loginPayload(identity));
			return { message: encode({ clientFinish: { static: sealedStatic, payload } }), ciphers: state.split() };
		},
	};
}

function encode(message: proto.IHandshakeMessage): Buffer {
	return Buffer.from(proto.HandshakeMessage.encode(message).finish());
}

type Ciphers = { readonly fromClient: Cipher; readonly toClient: Cipher };
