import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Received = { path: string; headers: IncomingHttpHeaders; body: Buffer; respond: Respond };
/** Answers the request: a status, with headers and a body if wanted. Only the first answer counts. */
export type Respond = (status: number, headers?: Record<string, string>, body?: string | Buffer) => void;

export type Receiver = AsyncDisposable & {
	readonly url: string;
	readonly port: number;
	/** Everything that was posted, in order of arrival. */
	readonly received: Received[];
	/** The same of one path. */
	at(path: string): Received[];
	/** What is done with a request; at first all are answered 200. */
	answer: (request: Received, response: ServerResponse) => void;
};

/** A customer's endpoint: a real HTTP server on this machine; over TLS with a certificate. */
export async function startReceiver(identity?: { cert: Buffer; key: Buffer }): Promise<Receiver> {
	const received: Received[] = [];
	const listener = (request: IncomingMessage, response: ServerResponse) => void take(request, response);
	const server = identity === undefined ? createServer(listener) : createTlsServer(identity, listener);
	async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const one: Received = {
			path: request.url ?? '',
			headers: request.headers,
			body: Buffer.concat(chunks),
			respond(status, headers = {}, body = '') {
				if (!response.headersSent) response.writeHead(status, headers).end(body);
			},
		};
		received.push(one);
		receiver.answer(one, response);
	}
	server.keepAliveTimeout = 60_000; // However slow the test is, a connection that is not used any more is the service's doing.
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const receiver: Receiver = {
		url: identity === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
		port,
		received,
		at: (path) => received.filter((one) => one.path === path),
		answer: ({ respond }) => respond(200),
		[Symbol.asyncDispose]: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return receiver;
}
