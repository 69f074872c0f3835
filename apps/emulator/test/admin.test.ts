import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../src/index.ts';
import { type Clients, startClients } from './support/clients.ts';
import { opened } from './support/link.ts';

const TOKEN = 'secret-token';
const A = '15550000041';
const B = '15550000042';

describe('the admin API', () => {
	let emulator: Emulator;
	let clients: Clients;
	beforeAll(async () => {
		emulator = await createEmulator({ adminToken: TOKEN });
		clients = startClients();
	});
	afterAll(async () => {
		await clients.kill();
		await emulator.close();
	});

	function call(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Answer> {
		const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
		return send(`${emulator.adminUrl}${path}`, method, text, {
			authorization: `Bearer ${TOKEN}`,
			'content-type': 'application/json',
			...headers,
		});
	}

	it('serves accounts, groups and messages', async () => {
		expect(await call('POST', '/accounts', { phone: A, pushName: 'Ada' })).toMatchObject({
			status: 200,
			json: { phone: A },
		});
		await call('POST', '/accounts', { phone: B });
		const created = await call('POST', '/groups', {
			by: A,
			subject: 'Lunch',
			participants: [B, '15559999999'],
		});
		expect(created).toMatchObject({ status: 200, json: { failed: [{ phone: '15559999999', code: 404 }] } });
		const group: string = created.json.id;
		expect(await call('POST', '/messages', { from: A, to: group, text: 'hi' })).toMatchObject({
			status: 200,
		});
		await emulator.phones.settled();
		expect((await call('GET', `/accounts/${B}/messages?chat=${group}`)).json.messages).toMatchObject([
			{ text: 'hi', author: A, chat: group },
		]);
		const action = { by: A, action: 'promote', phones: [B] };
		expect((await call('POST', `/groups/${group}/participants`, action)).json).toEqual({
			results: [{ phone: B, code: 200 }],
		});
		expect((await call('PUT', `/groups/${group}/subject`, { by: B, subject: 'Tea' })).json.subject).toBe(
			'Tea',
		);
		expect((await call('GET', '/groups')).json.groups).toHaveLength(1);
		expect((await call('GET', '/accounts')).json.accounts).toHaveLength(2);
	});

	it('links by QR code without the token, and lists and disconnects devices', async () => {
		const client = await clients.open('admin', { url: emulator.url });
		const { qr = '' } = await client.until(
			({ connections }) => connections().find((update) => update.qr),
			'a QR code',
		);
		const path = `/mock-phone/scan-qr?phone=${A}`;
		const scanned = await call('POST', path, qr, { 'content-type': 'text/plain', authorization: '' });
		expect(scanned).toMatchObject({ status: 200, json: { phone: A, jid: `${A}:1@s.whatsapp.net` } });
		await opened(client);
		await emulator.waitFor(() => emulator.devices.list(A)[0]?.online);
		expect((await call('GET', '/devices')).json.devices).toMatchObject([{ phone: A, online: true }]);
		expect((await call('GET', `/devices/${A}:1@s.whatsapp.net/queue`)).status).toBe(200);
		expect((await call('POST', `/devices/${A}:1@s.whatsapp.net/disconnect`)).json).toEqual({
			disconnected: true,
		});
		await client.until(({ connections }) => connections().some(({ code }) => code === 428), 'the cut');
	});

	it('keeps strangers out', async () => {
		expect((await call('GET', '/accounts', undefined, { authorization: '' })).status).toBe(401);
		expect((await call('GET', '/accounts', undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
		expect((await call('GET', '/accounts', undefined, { host: 'evil.example' })).status).toBe(403);
		expect((await call('GET', '/accounts', undefined, { origin: 'https://evil.example' })).status).toBe(403);
		expect((await call('GET', '/accounts', undefined, { origin: 'null' })).status).toBe(403);
		const own = new URL(emulator.adminUrl).origin;
		expect((await call('GET', '/accounts', undefined, { origin: own })).status).toBe(200);
	});

	it.each([
		['broken JSON', 'POST', '/accounts', '{', 400],
		['a body of the wrong kind', 'POST', '/accounts', '[]', 400],
		['no body', 'POST', '/groups', undefined, 400],
		['an unknown field', 'POST', '/accounts', { phnoe: A }, 400],
		['a wrong number', 'POST', '/accounts', { phone: '+1 555' }, 400],
		['a wrong group id', 'GET', '/groups/..%2f', undefined, 400],
		['a malformed path', 'GET', '/groups/%E0%A4%A', undefined, 400],
		['an unknown group', 'GET', '/groups/1', undefined, 404],
		['an unknown account', 'POST', '/messages', { from: '15557777777', to: A, text: 'x' }, 404],
		['an empty text', 'POST', '/messages', { from: A, to: B, text: '' }, 400],
		['an empty QR code', 'POST', '/mock-phone/scan-qr', '', 400],
		['an unknown QR code', 'POST', '/mock-phone/scan-qr', 'x', 404],
		['a body that is too large', 'POST', '/accounts', `"${'x'.repeat(1024 * 1024)}"`, 413],
		['an unknown device', 'DELETE', `/devices/${B}:9@s.whatsapp.net`, undefined, 404],
		['an unknown route', 'GET', '/nothing', undefined, 404],
	])('answers %s with a sentence', async (_name, method, path, body, status) => {
		const answer = await call(method, path, body);
		expect(answer.status).toBe(status);
		expect(answer.json.error).toMatch(/[a-z]/);
		expect(answer.json.error).not.toMatch(/node_modules|\.ts:/);
	});
});

// biome-ignore lint/suspicious/noExplicitAny: the test asserts on whatever comes
type Answer = { status: number; json: any };

function send(
	url: string,
	method: string,
	body: string | undefined,
	headers: Record<string, string>,
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const outgoing = request(url, { method, headers: { connection: 'close', ...headers } }, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('end', () =>
				resolve({ status: response.statusCode ?? 0, json: JSON.parse(Buffer.concat(parts).toString()) }),
			);
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
