import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callTool, rpc } from './support/mcp.ts';
import { startPeer } from './support/peers.ts';
import { bearer, createToken, type Person, post, readAnswer, signUp } from './support/person.ts';
import { rawRequest } from './support/raw-request.ts';
import { type Gateway, startWorld, untilReady, type World } from './support/world.ts';

let world: World;
let gateway: Gateway;
let person: Person;
let token: string;
let url: string;

beforeAll(async () => {
	world = await startWorld();
	gateway = await world.startGateway();
	url = `${gateway.url}/mcp`;
	await untilReady(gateway);
	await startPeer(world, 'storage');
	person = await signUp(world, gateway);
	({ token } = await createToken(world, gateway, person));
});
afterAll(async () => await world[Symbol.asyncDispose]());

const list = { jsonrpc: '2.0', id: 'abc', method: 'tools/list' };

describe('methods', () => {
	it.each(['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'])('%s is answered with 405', async (method) => {
		const answer = await readAnswer(await fetch(url, { method, headers: bearer(token) }));
		expect(answer.status).toBe(405);
		expect(answer.headers.get('allow')).toBe('POST');
		expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32000 } });
	});
});

describe('tokens', () => {
	const unknown = `cm_pat_${'x'.repeat(43)}`;

	it.each([
		['none', {}],
		['unknown', bearer(unknown)],
		['no token of ours', bearer('something')],
		['another scheme', { authorization: `Basic ${unknown}` }],
	])('%s: 401 with the id of the request and what to do', async (_name, headers: Record<string, string>) => {
		const { status, body, headers: answered } = await post(url, list, headers);
		expect(status).toBe(401);
		expect(answered.get('www-authenticate')).toMatch(/^Bearer /);
		expect(answered.get('www-authenticate')).not.toContain('resource_metadata');
		expect(body).toMatchObject({
			jsonrpc: '2.0',
			id: 'abc',
			error: { code: -32000, data: { code: 'unauthenticated' } },
		});
		expect(JSON.stringify(body)).toContain(`${gateway.url}/app/settings/mcp`);
	});

	it('in the URL are not looked at', async () => {
		expect((await post(`${url}?token=${token}&access_token=${token}`, list)).status).toBe(401);
	});

	it('come before the body: without one nothing is learned about it', async () => {
		expect((await post(url, '{broken')).status).toBe(401);
		expect((await post(url, list, { 'content-type': 'text/plain' })).status).toBe(401);
	});
});

describe('bodies', () => {
	it.each([
		['broken JSON', '{"jsonrpc":', 400, -32700],
		['nothing', '', 400, -32700],
		['a string', '"tools/list"', 400, -32600],
		['null', 'null', 400, -32600],
		['a batch', JSON.stringify([list, list]), 400, -32600],
		['an empty batch', '[]', 400, -32600],
		['a depth bomb of arrays', '['.repeat(500_000), 400, -32700],
		['a depth bomb in the arguments', deepCall(), 400, -32700],
		['no message at all', '{"hello":1}', 400, -32600],
		['too much', JSON.stringify({ ...list, params: { pad: 'x'.repeat(1_048_576) } }), 413, -32000],
	])('%s is refused', async (_name, body, status, code) => {
		const answer = await post(url, body, bearer(token));
		expect(answer).toMatchObject({ status, body: { jsonrpc: '2.0', error: { code } } });
		expect(answer.text).not.toMatch(/ at .*:\d+|node_modules|<html/i);
	});

	it('in parts without a length count as much', async () => {
		const parts = new Blob([JSON.stringify({ ...list, params: { pad: 'x'.repeat(1_048_576) } })]).stream();
		const answer = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...bearer(token) },
			body: parts,
			duplex: 'half',
		});
		expect(answer.status).toBe(413);
	});

	it('of another type are refused', async () => {
		const answer = await post(url, list, { ...bearer(token), 'content-type': 'text/plain' });
		expect(answer).toMatchObject({
			status: 415,
			body: { error: { data: { code: 'unsupported_media_type' } } },
		});
	});

	it('may hold a key that is special to JavaScript', async () => {
		const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_starred_groups","arguments":{"__proto__":{"cursor":"x"}}}}`;
		const { status, body } = await post(url, text, bearer(token));
		expect(status).toBe(200);
		expect(body).toMatchObject({ id: 1 });
	});
});

describe('Accept', () => {
	it.each([
		'*/*',
		'application/json',
		'text/event-stream',
		'application/*',
		'application/json;q=0.1, text/html',
	])('%s is good', async (accept) =>
		expect((await post(url, list, { ...bearer(token), accept })).status).toBe(200),
	);

	it.each(['text/html', 'image/png, text/*;q=0', 'application/json;q=0, text/event-stream;q=0'])(
		'%s is refused, with the id of the request',
		async (accept) => {
			const answer = await post(url, list, { ...bearer(token), accept });
			expect(answer).toMatchObject({
				status: 406,
				body: { jsonrpc: '2.0', id: 'abc', error: { code: -32000, data: { code: 'not_acceptable' } } },
			});
		},
	);
});

describe('an address that gives some of it away', () => {
	const jid = '120363025246125486@g.us';
	const listed = async (query: string, own = token) => {
		const { body, text } = await post(`${url}${query}`, list, bearer(own));
		expect(body.result, text).toBeDefined();
		return (body.result as { tools: { name: string; annotations: { readOnlyHint: boolean } }[] }).tools;
	};

	it('can only read, and says so to whoever tries', async () => {
		const all = await listed('?read_only=true');
		expect(all.length).toBeGreaterThan(3);
		expect(all.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
		const refused = await callTool(gateway, token, 'mark_group_visited', { jid }, 1, '?read_only=true');
		expect(refused.content[0]?.text).toMatch(/^forbidden: .*read-only/);
		expect((await callTool(gateway, token, 'mark_group_visited', { jid })).isError).toBeUndefined();
	});

	it('reaches only the groups that it names, of those that the token may use', async () => {
		const other = '120363025246125487@g.us';
		const get = async (group: string, query: string, own = token) =>
			(await callTool(gateway, own, 'get_starred_group', { jid: group }, 1, query)).isError;
		expect(await get(jid, `?groups=${jid}`)).toBeUndefined();
		expect(await get(other, `?groups=${jid}`)).toBe(true);
		const limited = await createToken(world, gateway, person, { groups: [other] });
		expect(await get(other, `?groups=${jid},${other}`, limited.token)).toBeUndefined();
		expect(await get(jid, `?groups=${jid},${other}`, limited.token)).toBe(true);
		expect(await get(other, `?groups=${jid}`, limited.token)).toBe(true);
	});

	it('takes nothing back from a token', async () => {
		const narrow = await createToken(world, gateway, person, { readOnly: true });
		expect(await listed('?read_only=false', narrow.token)).toEqual(await listed('', narrow.token));
		expect((await listed('', narrow.token)).every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
	});

	it.each(['?read_only=maybe', '?groups=nobody', '?groups=', '?read_only=true&read_only=false'])(
		'%s is not understood, instead of being taken for nothing',
		async (query) => {
			const answer = await post(`${url}${query}`, list, bearer(token));
			expect(answer).toMatchObject({
				status: 400,
				body: { id: 'abc', error: { data: { code: 'invalid_input' } } },
			});
		},
	);

	it('may carry what others add to addresses', async () => {
		expect((await post(`${url}?utm_source=x`, list, bearer(token))).status).toBe(200);
	});
});

describe('pages of other sites', () => {
	it.each(['https://evil.example', 'null', 'http://localhost:1'])('%s is refused', async (origin) => {
		const answer = await post(url, list, { ...bearer(token), origin });
		expect(answer).toMatchObject({
			status: 403,
			body: { jsonrpc: '2.0', error: { data: { code: 'forbidden' } } },
		});
	});

	it('our own is not', async () => {
		expect((await post(url, list, { ...bearer(token), origin: gateway.url })).status).toBe(200);
	});

	it('cannot reach us under a name of their own', async () => {
		const headers = { host: 'evil.example', 'content-type': 'application/json', ...bearer(token) };
		const answer = await rawRequest(url, { method: 'POST', headers, body: JSON.stringify(list) });
		expect(answer.status).toBe(403);
		expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'forbidden' } });
	});
});

describe('the rate limit', () => {
	it('charges tool calls and nothing else, for each token by itself', async () => {
		await using tight = await world.startGateway({ CM_RATE_LIMIT_BURST: '2', CM_RATE_LIMIT_PER_MINUTE: '1' });
		await untilReady(tight);
		const person = await signUp(world, tight);
		const [one, two] = [await createToken(world, tight, person), await createToken(world, tight, person)];
		for (let round = 0; round < 5; round++)
			expect((await rpc(tight, one.token, 'tools/list')).status).toBe(200);
		await callTool(tight, one.token, 'list_starred_groups');
		await callTool(tight, one.token, 'list_starred_groups');
		const refused = await rpc(tight, one.token, 'tools/call', { name: 'list_starred_groups' }, 'seventh');
		expect(refused.status).toBe(429);
		const seconds = Number(refused.headers.get('retry-after'));
		expect(seconds).toBeGreaterThan(0);
		expect(refused.body).toMatchObject({
			id: 'seventh',
			error: {
				message: expect.stringContaining(`Retry after ${seconds} second`),
				data: { code: 'rate_limited' },
			},
		});
		expect((await rpc(tight, one.token, 'tools/list')).status).toBe(200);
		await callTool(tight, two.token, 'list_starred_groups');
	});
});

describe('OAuth, which does not exist', () => {
	it.each([
		'/.well-known/oauth-protected-resource',
		'/.well-known/oauth-protected-resource/mcp',
		'/.well-known/oauth-authorization-server',
		'/.well-known/openid-configuration',
		'/mcp/.well-known/openid-configuration',
	])('%s is a 404 in JSON', async (path) => {
		const answer = await readAnswer(await fetch(`${gateway.url}${path}`));
		expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } });
	});

	it('a registration is told to make a token', async () => {
		const answer = await post(`${gateway.url}/register`, { redirect_uris: [] });
		expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
		expect(answer.body.error_description).toContain(
			`create a personal access token at ${gateway.url}/app/settings/mcp`,
		);
	});
});

function deepCall(): string {
	const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_starred_groups","arguments":${deep}}}`;
}
