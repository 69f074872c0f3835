import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request with headers that fetch does not let one set (Host). */
export async function rawRequest(
	url: string,
	{
		method = 'GET',
		headers = {},
		body,
	}: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
	return await new Promise((resolve, reject) => {
		const { hostname, port, pathname, search } = new URL(url);
		const sent = request({ hostname, port, path: `${pathname}${search}`, method, headers }, (response) => {
			text(response).then(
				(content) => resolve({ status: response.statusCode ?? 0, text: content, headers: response.headers }),
				reject,
			);
		});
		sent.once('error', reject);
		sent.end(body);
	});
}
