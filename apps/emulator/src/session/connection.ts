import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { decodeStanza } from '../binary/decode.ts';
import { encodeStanza } from '../binary/encode.ts';
import type { ServerIdentity } from '../noise/certificate.ts';
import { createFrameReader, frame } from '../noise/frames.ts';
import { createHandshake, type Finished } from '../noise/handshake.ts';
import type { Channel, Reception, Stage } from './channel.ts';

/** Time a client has to read the last stanza before its socket goes away. */
const FAREWELL_MS = 20;

/**
 * Serves one WebSocket from its first byte to its last: frames, handshake, then stanzas. Modes, in this order: `hello` (wants
 * clientHello), `finish` (wants clientFinish), `open` (stanzas, for a stage), `closed`.
 * Anything malformed ends this connection with a line in the log; no other connection notices.
 */
export function serveConnection(
	socket: WebSocket,
	options: { identity: ServerIdentity; receive: Reception; log: Logger },
): void {
	const { log } = options;
	const reader = createFrameReader();
	const handshake = createHandshake(options.identity);
	let mode: 'hello' | 'finish' | 'open' | 'closed' = 'hello';
	let client: Finished | undefined;
	let stage: Stage | undefined;

	const channel: Channel = {
		send(stanza) {
			if (mode === 'open' && client) socket.send(frame(client.toClient.encrypt(encodeStanza(stanza))));
		},
		close() {
			mode = 'closed';
			setTimeout(() => socket.close(), FAREWELL_MS);
		},
		drop() {
			mode = 'closed';
			socket.terminate();
		},
	};

	function onFrame(payload: Buffer): void {
		if (mode === 'hello') {
			socket.send(frame(handshake.hello(payload)));
			mode = 'finish';
		} else if (mode === 'finish') {
			client = handshake.finish(payload);
			mode = 'open';
			stage = options.receive(channel, client);
		} else if (mode === 'open' && client && stage) {
			stage.receive(decodeStanza(client.fromClient.decrypt(payload)));
		}
	}

	socket.on('message', (data: Buffer) => {
		try {
			for (const payload of reader.push(data)) onFrame(payload);
		} catch (error) {
			log.warn({ err: error, mode }, 'connection cut: what the client sent could not be handled');
			channel.drop();
		}
	});
	socket.on('error', (error) => log.debug({ err: error }, 'socket error'));
	socket.on('close', () => {
		mode = 'closed';
		stage?.closed();
	});
}
