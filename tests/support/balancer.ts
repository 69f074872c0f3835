import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Balancer = AsyncDisposable & {
	readonly url: string;
	/** Where requests go, each to the next one. */
	targets: readonly string[];
};

/**
 * The proxy in front of several gateways, with the habits of nginx: each request on a connection of its own, and tried at the
 * next gateway only where none came about. What breaks later is the client's to see (502).
 */
export async function startBalancer(): Promise<Balancer> {
	let turn = 0;
	const server = createServer((incoming, outgoing) => {
		void pass(incoming, outgoing).catch(() => {
			if (outgoing.headersSent) outgoing.destroy();
			else outgoing.writeHead(502).end('The gateway broke the connection off.');
		});
	});

	async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const body = await buffer(incoming);
		const first = turn++;
		// As they are now: one that is taken off the list meanwhile is found closed.
		const { targets } = balancer;
		for (let tried = 0; tried < targets.length; tried++) {
			const target = targets[(first + tried) % targets.length];
			const answer = await forward(new URL(incoming.url ?? '/', target), incoming, body);
			if (answer === undefined) continue;
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			for await (const chunk of answer) outgoing.write(chunk);
			outgoing.end();
			return;
		}
		outgoing.writeHead(502).end('No gateway takes connections.');
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const balancer: Balancer = {
		url: `http://localhost:${port}`,
		targets: [],
		[Symbol.asyncDispose]: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	return balancer;
}

/** The answer; undefined where nobody listens. */
function forward(url: URL, incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage | undefined> {
	return new Promise((resolve, reject) => {
		const headers = { ...incoming.headers, connection: 'close' };
		const outgoing = request(url, { method: incoming.method, headers, agent: false }, resolve);
		outgoing.on('error', (error) => {
			if ((error as { code?: unknown }).code === 'ECONNREFUSED') resolve(undefined);
			else reject(error);
		});
		outgoing.end(body);
	});
}
