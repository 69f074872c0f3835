import { createServer, type RequestListener, type Server } from 'node:http';

export type HttpServer = AsyncDisposable & {
	readonly port: number;
	/** From now on requests are answered. */
	handle(listener: RequestListener): void;
};

/** How long a client may take to send a request. */
const requestTimeoutMs = 60_000;
/**
 * How long a connection may be idle. Longer than proxies keep theirs (nginx and load balancers a minute): who closes first must
 * be the one that sends, or a request meets a connection that was just closed, and is lost.
 */
const idleTimeoutMs = 75_000;
/** How long requests may still run when the process stops. */
const drainMs = 5_000;

/** Listens at once, so that the port is known to what is built on it; `port` 0 takes a free one. */
export async function listen({ port, host }: { port: number; host: string }): Promise<HttpServer> {
	const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: idleTimeoutMs });
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	const address = server.address();
	return {
		port: typeof address === 'object' && address !== null ? address.port : port,
		handle: (listener) => server.on('request', listener),
		[Symbol.asyncDispose]: () => close(server),
	};
}

/** Takes no new request, lets those that run finish, and then ends what is left. */
async function close(server: Server): Promise<void> {
	const timer = setTimeout(() => server.closeAllConnections(), drainMs);
	await new Promise((resolve) => {
		server.close(resolve);
		server.closeIdleConnections();
	});
	clearTimeout(timer);
}
