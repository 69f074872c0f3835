import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** A customer's endpoint: a real HTTP server on this machine. */
export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	const server = createServer((request, response) => void take(request, response));
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
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const receiver: Receiver = {
		url: `http://127.0.0.1:${port}`,
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
