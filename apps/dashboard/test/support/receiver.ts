import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A customer's endpoint, which answers with whatever status it is told. */
export async function startReceiver(statusNow: () => number): Promise<AsyncDisposable & { url: string }> {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(statusNow()).end('noted');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
