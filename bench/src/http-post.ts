import { Agent, request } from 'node:http';

/** Posts JSON over one connection that is kept; how long it took until the last byte, and what came. */
export type Post = (body: unknown, headers?: Record<string, string>) => Promise<{ ms: number; text: string }>;

export function createPost(url: string): Post & Disposable {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const post = (body: unknown, headers: Record<string, string> = {}) =>
		new Promise<{ ms: number; text: string }>((resolve, reject) => {
			const payload = Buffer.from(JSON.stringify(body));
			const startedAt = performance.now();
			const sent = request(
				url,
				{
					agent,
					method: 'POST',
					headers: { 'content-type': 'application/json', 'content-length': payload.length, ...headers },
				},
				(response) => {
					const chunks: Buffer[] = [];
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.once('error', reject);
					response.once('end', () => {
						const ms = performance.now() - startedAt;
						const text = Buffer.concat(chunks).toString();
						if (response.statusCode === 200) resolve({ ms, text });
						else reject(new Error(`${url}: ${response.statusCode} ${text}`));
					});
				},
			);
			sent.once('error', reject);
			sent.end(payload);
		});
	return Object.assign(post, { [Symbol.dispose]: () => agent.destroy() });
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
