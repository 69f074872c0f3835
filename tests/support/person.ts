import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { type Network, simulator } from './network.ts';

export const waiting = { timeout: 30_000, interval: 50 };

export type Person = Awaited<ReturnType<typeof signUp>>;

const password = 'correct horse battery staple';

/** Somebody who signed up and signed in, with a browser's cookies. */
export async function signUp(net: Network, name: string) {
	const response = await fetch(`${net.url}/api/auth/sign-up/email`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name, email: emailOf(name), password }),
	});
	expect(response.status).toBe(200);
	return signIn(net, name);
}

/** The same for somebody who has an account. */
export async function signIn(net: Network, name: string) {
	const email = emailOf(name);
	const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
		fetch(`${net.url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
	const signedIn = await post('/api/auth/sign-in/email', { email, password });
	expect(signedIn.status).toBe(200);
	const cookie = signedIn.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');

	/** Calls a route of `/api` as the signed-in person; a refusal is thrown with its status and body. */
	async function api(path: string, input: unknown = {}): Promise<unknown> {
		const response = await post(`/api/${path}`, input, { cookie, origin: net.url });
		const body: unknown = await response.json();
		if (!response.ok)
			throw Object.assign(new Error(`${path}: ${JSON.stringify(body)}`), { status: response.status, body });
		return body;
	}
	const device = async () => Device.parse(await api('devices/get'));
	const connected = () => vi.waitFor(async () => expect((await device()).state).toBe('connected'), waiting);

	return {
		name,
		email,
		password,
		cookie,
		api,
		device,
		connected,
		/** Links a device on the simulated network by scanning its QR code with that phone. */
		async link(phone: string): Promise<void> {
			await api('devices/link', { network: 'simulated' });
			const qr = await vi.waitFor(async () => z.string().parse((await device()).qr), waiting);
			await simulator(net, `/admin/mock-phone/scan-qr?phone=${phone}`, qr);
			await connected();
		},
		async token(options: Record<string, unknown> = {}): Promise<string> {
			return z.object({ token: z.string() }).parse(await api('tokens/create', { name: 'Test', ...options }))
				.token;
		},
	};
}

function emailOf(name: string): string {
	return `${name}@example.com`;
}

const Device = z.object({ state: z.string(), qr: z.string().nullable(), advice: z.string() });

/** A real MCP client with the token, over HTTP or another transport. */
export async function connectAgent(net: Network, token: string, transport?: Transport) {
	const client = new Client({ name: 'story', version: '1.0.0' });
	const http = new StreamableHTTPClientTransport(new URL(`${net.url}/mcp`), {
		requestInit: { headers: { authorization: `Bearer ${token}` } },
	});
	await client.connect(transport ?? (http as Transport));
	return {
		client,
		/** The structured result of a tool; a tool error is thrown with its text. */
		async call(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
			const result = await client.callTool({ name, arguments: args });
			if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
			return z.record(z.string(), z.unknown()).parse(result.structuredContent);
		},
		[Symbol.asyncDispose]: () => client.close(),
	};
}
