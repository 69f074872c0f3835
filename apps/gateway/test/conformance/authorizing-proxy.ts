import { createServer, request } from 'node:http';

/** Its URL is known before what it forwards to: the gateway is told that this is where people reach it. */
export type AuthorizingProxy = AsyncDisposable & {
	readonly url: string;
	forwardTo(url: string, token: string): void;
};

/**
 * The suite has no way to send a token. This stands in front of the gateway and adds one, and passes everything else through
 * as it came, Host and Origin included, for the suite tests those.
 */
export async function startAuthorizingProxy(): Promise<AuthorizingProxy> {
	let target: { url: string; token: string } | undefined;
	const server = createServer((incoming, outgoing) => {
		const headers = { ...incoming.headers, authorization: `Bearer ${target?.token}` };
		const { method, url = '/' } = incoming;
		const passed = request(new URL(url, target?.url), { method, headers }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		passed.once('error', () => outgoing.destroy());
		outgoing.once('close', () => passed.destroy());
		incoming.pipe(passed);
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const own = typeof address === 'object' && address !== null ? address.port : 0;
	return {
		url: `http://127.0.0.1:${own}`,
		forwardTo(url, token) {
			target = { url, token };
		},
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => {
				server.close(resolve);
			});
		},
	};
}
