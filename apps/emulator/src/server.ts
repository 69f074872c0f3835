import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const MAX_FRAME_BYTES = 17 * 1024 * 1024;

export type Listening = { readonly host: string; readonly port: number; close(): Promise<void> };

/** One port for both: the WebSocket at `/ws/chat`, everything else to the admin API. */
export async function listen(options: {
	host: string;
	port: number;
	http: RequestListener;
	connection(socket: WebSocket): void;
}): Promise<Listening> {
	const server = createServer(options.http);
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_FRAME_BYTES,
		perMessageDeflate: false,
	});
	server.on('upgrade', (request, socket, head) => {
		if (new URL(request.url ?? '/', 'http://emulator').pathname !== '/ws/chat') {
			socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
			return;
		}
		sockets.handleUpgrade(request, socket, head, (client) => options.connection(client));
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, options.host, resolve);
	});
	return {
		host: options.host,
		port: portOf(server),
		async close() {
			for (const client of sockets.clients) client.terminate();
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

function portOf(server: Server): number {
	const address: AddressInfo | string | null = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return address.port;
}
