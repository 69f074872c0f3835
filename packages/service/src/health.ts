import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';
import { scrub } from './redact.ts';

/** What a process depends on, each with its state: `ok`, or a word for what is wrong. */
export type Readiness = Readonly<Record<string, string>>;

export type Health = AsyncDisposable & {
	/** The port it listens on; undefined when it is off. */
	readonly port: number | undefined;
};

/**
 * Answers GET /healthz (the process lives), /readyz (200 when everything that `ready` names is `ok`, else 503) and /metrics
 * (what Prometheus reads). Off when the port is unset. A `ready` that rejects or takes longer than 5 s is not ready; its reason is not shown.
 */
export async function startHealth(options: {
	port: number | undefined;
	host?: string | undefined;
	ready: () => Promise<Readiness>;
	metrics?: Pick<Metrics, 'render' | 'contentType'>;
}): Promise<Health> {
	const { port, host = '127.0.0.1', ready, metrics } = options;
	if (port === undefined) return { port, [Symbol.asyncDispose]: async () => {} };
	const server = createServer((request, response) => {
		if (request.url === '/healthz') answer(response, 200, { status: 'ok' });
		else if (request.url === '/readyz') void answerReadiness(response, ready);
		else if (request.url === '/metrics' && metrics !== undefined) void answerMetrics(response, metrics);
		else answer(response, 404, { status: 'not found' });
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return {
		port: (server.address() as AddressInfo).port,
		[Symbol.asyncDispose]: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function answerReadiness(response: ServerResponse, ready: () => Promise<Readiness>): Promise<void> {
	const checks = await readReadiness(ready);
	const isReady = Object.values(checks).every((state) => state === 'ok');
	answer(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks });
}

/** What `ready` says, or why it does not. */
export function readReadiness(ready: () => Promise<Readiness>): Promise<Readiness> {
	return Promise.race([ready(), late()]).catch(() => ({ check: 'failed' }));
}

async function answerMetrics(
	response: ServerResponse,
	{ render, contentType }: Pick<Metrics, 'render' | 'contentType'>,
): Promise<void> {
	try {
		const text = await render();
		response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
		response.end(text);
	} catch (error) {
		// What is read from outside is caught where it is read: this is a mistake of ours, and its text our own.
		answer(response, 500, { status: 'metrics could not be read', reason: scrub(String(error)) });
	}
}

function late(): Promise<Readiness> {
	return new Promise((resolve) => {
		setTimeout(() => resolve({ check: 'timed out' }), 5_000).unref();
	});
}

function answer(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
	response.end(JSON.stringify(body));
}
