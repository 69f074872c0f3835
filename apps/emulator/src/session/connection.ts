import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { decodeStanza } from '../binary/decode.ts';
import { encodeStanza } from '../binary/encode.ts';
import type { Gate } from '../faults/gate.ts';
import type { ServerIdentity } from '../noise/certificate.ts';
import { createFrameReader, frame } from '../noise/frames.ts';
import { createHandshake, type Finished } from '../noise/handshake.ts';
import type { Channel, Reception, Stage } from './channel.ts';
import type { Deadlines } from './deadlines.ts';

/** Time a client has to read the last stanza before its socket goes away. */
const FAREWELL_MS = 20;
/** Who has not said who they are cannot make the server keep much for them. */
const MAX_HANDSHAKE_BYTES = 64 * 1024;
/** A message to a group of 1,024 with four devices each has about two megabytes. */
const MAX_STANZA_BYTES = 4 * 1024 * 1024;

/**
 * Serves one WebSocket from its first byte to its last: frames, handshake, then stanzas. Modes, in this order: `hello` (wants
 * clientHello), `finish` (wants clientFinish), `open` (stanzas, for a stage), `closed`.
 * Anything malformed ends this connection with a line in the log; no other connection notices.
 */
export function serveConnection(
	socket: WebSocket,
	options: {
		identity: ServerIdentity;
		receive: Reception;
		gate: Gate;
		deadlines: Deadlines;
		log: Logger;
	},
): void {
	const { log, gate } = options;
	const reader = createFrameReader(MAX_HANDSHAKE_BYTES);
	const handshake = createHandshake(options.identity);
	let mode: 'hello' | 'finish' | 'open' | 'closed' = 'hello';
	const outgoing: Buffer[] = [];
	let client: Finished | undefined;
	let stage: Stage | undefined;

	/** What is sent in one go, an answer and a full queue for example, leaves in one message of the WebSocket. */
	function write(bytes: Buffer): void {
		if (outgoing.push(bytes) === 1) queueMicrotask(flush);
	}
	function flush(): void {
		const [first, ...more] = outgoing.splice(0);
		if (first) socket.send(more.length === 0 ? first : Buffer.concat([first, ...more]));
	}

	const channel: Channel = {
		send(stanza) {
			gate.pass(() => {
				if (mode === 'open' && client) write(frame(client.toClient.encrypt(encodeStanza(stanza))));
			});
		},
		close() {
			gate.pass(() => {
				mode = 'closed';
				setTimeout(() => socket.close(), FAREWELL_MS);
			});
		},
		drop() {
			mode = 'closed';
			flush();
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
			deadline.opened();
			reader.allow(MAX_STANZA_BYTES);
			stage = options.receive(channel, client);
		} else if (mode === 'open' && client && stage) {
			stage.receive(decodeStanza(client.fromClient.decrypt(payload)));
		}
	}

	function onData(data: Buffer): void {
		if (mode === 'closed') return;
		try {
			for (const payload of reader.push(data)) onFrame(payload);
		} catch (error) {
			log.warn({ err: error, mode }, 'connection cut: what the client sent could not be handled');
			channel.drop();
		}
	}
	const deadline = options.deadlines.watch((reason) =>
		gate.pass(() => {
			log.warn({ reason, mode }, 'connection cut: the client did not go on');
			channel.drop();
		}),
	);
	socket.on('message', (data: Buffer) => {
		deadline.heard();
		gate.pass(() => onData(data));
	});
	socket.on('error', (error) => log.warn({ err: error, mode }, 'connection cut: the WebSocket is broken'));
	socket.on('close', () => {
		mode = 'closed';
		deadline.ended();
		stage?.closed();
	});
}
