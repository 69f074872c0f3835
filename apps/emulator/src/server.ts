import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { TlsIdentity } from './tls/certificate.ts';

const MAX_FRAME_BYTES = 17 * 1024 * 1024;

export type Listening = {
	readonly port: number;
	readonly tlsPort: number;
	/** Cuts every connection and listens no more, until `listen`. */
	stop(): Promise<void>;
	/** Listens again, on the same ports. */
	listen(): Promise<void>;
};

/**
 * Two ports with the same behind them, one plain and one with TLS: the WebSocket at `/ws/chat`, everything else over HTTP.
 *
 * The plain port also is a proxy for exactly one purpose: what a client sends to the media hosts of WhatsApp ends at the TLS
 * port here. Some downloads of Baileys, those of app-state snapshots, always go there, whatever the server says.
 */
export async function listen(options: {
	host: string;
	port: number;
	tlsPort: number;
	tls: TlsIdentity;
	http: RequestListener;
	connection(socket: WebSocket): void;
}): Promise<Listening> {
	const { host, tls } = options;
	const sockets = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_FRAME_BYTES,
		perMessageDeflate: false,
	});
	const plain = createServer(options.http);
	const secure = createTlsServer({ key: tls.key, cert: tls.certificate }, options.http);
	const tunnels = new Set<Duplex>();
	for (const server of [plain, secure]) {
		server.on('upgrade', (request, socket, head) => {
			if (request.url?.split('?')[0] !== '/ws/chat') {
				socket.on('error', () => socket.destroy());
				socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
				return;
			}
			sockets.handleUpgrade(request, socket, head, (client) => options.connection(client));
		});
	}
	await start(plain, options.port, host);
	await start(secure, options.tlsPort, host);
	const [port, tlsPort] = [portOf(plain), portOf(secure)];
	plain.on('connect', (request, socket) => {
		if (!/^[a-z0-9.-]+\.whatsapp\.net:443$/.test(request.url ?? '')) {
			socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
			return;
		}
		const inner = connect(tlsPort, host, () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			inner.pipe(socket).pipe(inner);
		});
		for (const end of [inner, socket]) {
			tunnels.add(end);
			end.on('error', () => [inner, socket].map((one) => one.destroy()));
			end.on('close', () => {
				tunnels.delete(end);
				for (const one of [inner, socket]) one.destroy();
			});
		}
	});
	return {
		port,
		tlsPort,
		async stop() {
			for (const client of sockets.clients) client.terminate();
			for (const tunnel of tunnels) tunnel.destroy();
			await Promise.all([stop(plain), stop(secure)]);
		},
		async listen() {
			await start(plain, port, host);
			await start(secure, tlsPort, host);
		},
	};
}

async function start(server: Server, port: number, host: string): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
}

async function stop(server: Server): Promise<void> {
	if (!server.listening) return;
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeAllConnections();
	await closed;
}

function portOf(server: Server): number {
	const address: AddressInfo | string | null = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port.');
	return address.port;
}
