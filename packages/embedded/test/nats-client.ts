import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** As much of https://docs.nats.io/reference/reference-protocols/nats-protocol as the tests need. */
export type NatsClient = Disposable & {
	/** The payload of the answer, as JSON. */
	request(subject: string, payload?: unknown): Promise<Record<string, unknown>>;
};

export async function connectNats(port: number, auth: object = {}): Promise<NatsClient> {
	const socket = connect({ port, host: '127.0.0.1' });
	// Who reads a line is told that it broke; nobody else needs to be.
	socket.on('error', () => {});
	const read = reader(socket);
	let inbox = 0;
	await read.line();
	socket.write(`CONNECT ${JSON.stringify({ verbose: false, pedantic: false, ...auth })}\r\nPING\r\n`);
	const answer = await read.line();
	if (answer !== 'PONG') throw new Error(answer);
	return {
		async request(subject, payload) {
			const reply = `_INBOX.${process.pid}.${++inbox}`;
			const body = payload === undefined ? '' : JSON.stringify(payload);
			socket.write(
				`SUB ${reply} ${inbox}\r\nPUB ${subject} ${reply} ${Buffer.byteLength(body)}\r\n${body}\r\n`,
			);
			for (;;) {
				const line = await read.line();
				if (line === 'PING') socket.write('PONG\r\n');
				if (line.startsWith('-ERR')) throw new Error(line);
				if (line.startsWith(`MSG ${reply} `)) return JSON.parse(await read.line()) as Record<string, unknown>;
			}
		},
		[Symbol.dispose]: () => void socket.destroy(),
	};
}

/** Everything the server sends here is text without line breaks of its own. */
function reader(socket: Socket): { line(): Promise<string> } {
	let pending = '';
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		pending += chunk;
	});
	return {
		async line() {
			while (!pending.includes('\r\n')) await once(socket, 'data');
			const end = pending.indexOf('\r\n');
			const line = pending.slice(0, end);
			pending = pending.slice(end + 2);
			return line;
		},
	};
}
