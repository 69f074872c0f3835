import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../src/index.ts';

const A = '15550000101';
const B = '15550000102';
const C = '15550000103';
const JPEG = Buffer.from('a picture').toString('base64');

describe('the admin API of the whole network', () => {
	let emulator: Emulator;
	let group: string;
	beforeAll(async () => {
		emulator = await createEmulator();
		for (const phone of [A, B, C]) emulator.accounts.create({ phone });
		group = emulator.groups.create({ by: A, subject: 'Wire', participants: [B] }).id;
	});
	afterAll(() => emulator.close());

	async function call(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await fetch(`${emulator.adminUrl}${path}`, {
			method,
			headers: { 'content-type': 'application/json', connection: 'close' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		return { status: response.status, json: await response.json() };
	}

	it('makes things go wrong, and right again', async () => {
		const made = await call('POST', '/faults', {
			kind: 'error',
			match: { tag: 'iq', xmlns: 'w:g2' },
			code: 429,
			forMs: 60_000,
			device: A,
		});
		expect(made).toMatchObject({ status: 200, json: { hits: 0, spent: false, fault: { kind: 'error' } } });
		const random = await call('POST', '/faults/random', { seed: 1, count: 3 });
		expect(random.json.faults).toHaveLength(3);
		expect((await call('GET', '/faults')).json.faults).toHaveLength(4);
		expect(await call('DELETE', `/faults/${made.json.id}`)).toMatchObject({ status: 200 });
		expect((await call('DELETE', `/faults/${made.json.id}`)).status).toBe(404);
		await call('DELETE', '/faults');
		expect((await call('GET', '/faults')).json.faults).toEqual([]);
	});

	it('restarts the server, which answers again', async () => {
		// An answer without an end, which only a server that stops breaks off.
		const live = await fetch(`${emulator.adminUrl}/screen/live`, { headers: { connection: 'close' } });
		expect((await call('POST', '/faults', { kind: 'restart', downMs: 300 })).status).toBe(200);
		await expect(live.text()).rejects.toThrow('terminated');
		const answers = () =>
			call('GET', `/groups/${group}`).then(
				({ status }) => status,
				() => 'away',
			);
		await expect.poll(answers).toBe(200);
		await call('DELETE', '/faults');
	});

	it('sends content of every kind', async () => {
		const send = async (content: unknown) => {
			const { status, json } = await call('POST', '/messages', { from: A, to: group, content });
			expect(status).toBe(200);
			return json.id;
		};
		const target = await send({ kind: 'text', text: 'hello', mentions: [B] });
		const poll = await send({ kind: 'poll', question: 'Pizza?', options: ['yes', 'no'] });
		const image = await send({ kind: 'image', data: JPEG, caption: 'look' });
		await send({ kind: 'reaction', target, emoji: '🍕' });
		await send({ kind: 'vote', target: poll, options: ['yes'] });
		await send({ kind: 'edit', target, text: 'hello, you' });
		await send({ kind: 'location', latitude: 1, longitude: 2 });
		await send({ kind: 'contact', name: 'Bob', phone: B });
		await send({ kind: 'delete', target });
		await emulator.phones.settled();
		const { messages } = (await call('GET', `/accounts/${B}/messages?chat=${group}`)).json;
		expect(messages).toHaveLength(9);
		expect(messages[3]).toMatchObject({ kind: 'reactionMessage', target, text: '🍕' });
		expect((await call('GET', `/accounts/${B}/messages/${image}/file`)).json.data).toBe(JPEG);
		expect((await call('POST', `/accounts/${B}/read`, { chat: group })).status).toBe(200);
		const { receipts } = (await call('GET', `/accounts/${A}/messages/${target}/receipts`)).json;
		expect(receipts).toContainEqual(expect.objectContaining({ phone: B, type: 'read' }));
	});

	it('changes groups', async () => {
		const settings = { announce: true, locked: true, memberAddMode: 'all_member_add', approval: true };
		const changed = await call('PUT', `/groups/${group}/settings`, {
			by: A,
			...settings,
			ephemeralSeconds: 60,
		});
		expect(changed).toMatchObject({ status: 200, json: { ...settings, ephemeralSeconds: 60 } });
		const described = await call('PUT', `/groups/${group}/description`, { by: A, description: 'what for' });
		expect(described.json.description).toBe('what for');
		const pictured = await call('PUT', `/groups/${group}/picture`, { by: A, jpeg: JPEG });
		expect(pictured.json.hasPicture).toBe(true);
		const { inviteCode: code } = (await call('POST', `/groups/${group}/invite/revoke`, { by: A })).json;
		expect((await call('POST', '/groups/join', { by: C, code })).json.requests).toEqual([C]);
		const decision = { by: A, decision: 'approve', phones: [C] };
		expect((await call('POST', `/groups/${group}/requests`, decision)).json.results).toEqual([
			{ phone: C, code: 200 },
		]);
		expect((await call('POST', `/groups/${group}/leave`, { by: C })).status).toBe(200);
		await call('PUT', `/accounts/${C}/profile`, { privacy: { groupadd: 'none' } });
		const add = { by: A, action: 'add', phones: [C] };
		const [refused] = (await call('POST', `/groups/${group}/participants`, add)).json.results;
		expect(refused.code).toBe(403);
		const accept = { by: C, code: refused.invite.code, from: A };
		expect((await call('POST', `/groups/${group}/accept`, accept)).status).toBe(200);
		expect((await call('PUT', `/groups/${group}/settings`, { by: C, locked: false })).status).toBe(403);
		const pn = await call('POST', '/groups', { by: A, subject: 'By number', addressing: 'pn' });
		expect(pn.json.addressing).toBe('pn');
		expect((await call('DELETE', `/groups/${group}`)).status).toBe(200);
		expect((await call('GET', `/groups/${group}`)).status).toBe(404);
	});

	it('changes accounts', async () => {
		const profile = { about: 'here', picture: JPEG, contacts: [B], reads: true, privacy: { last: 'none' } };
		expect((await call('PUT', `/accounts/${A}/profile`, profile)).json).toMatchObject({
			about: 'here',
			hasPicture: true,
			contacts: [B],
			reads: true,
			privacy: { last: 'none' },
		});
		expect((await call('PUT', `/accounts/${A}/blocked/${B}`)).json.blocked).toEqual([B]);
		expect((await call('DELETE', `/accounts/${A}/blocked/${B}`)).json.blocked).toEqual([]);
		const chat = `/accounts/${A}/chats/${B}@s.whatsapp.net`;
		expect((await call('PUT', chat, { mute: 1000 })).json.settings).toMatchObject([
			{ index: ['mute', `${B}@s.whatsapp.net`] },
		]);
		expect((await call('POST', `/accounts/${A}/settings/compact`)).status).toBe(200);
		expect((await call('GET', `/accounts/${A}/settings`)).json.settings).toHaveLength(1);
	});

	it('tells what a client has to trust', async () => {
		const { json } = await call('GET', '/server');
		expect(json).toEqual({
			url: emulator.url,
			secureUrl: emulator.secureUrl,
			certificate: emulator.certificate,
		});
	});

	it.each([
		['a fault of no kind', 'POST', '/faults', { kind: 'mischief' }, 400],
		['a fault with an unknown field', 'POST', '/faults', { kind: 'freeze', forms: 1 }, 400],
		['a fault without its code', 'POST', '/faults', { kind: 'error', match: {} }, 400],
		['a fault for no device', 'POST', '/faults', { kind: 'login-failure', code: 401, device: 'x' }, 400],
		['neither text nor content', 'POST', '/messages', { from: A, to: B }, 400],
		[
			'text and content',
			'POST',
			'/messages',
			{ from: A, to: B, text: 'x', content: { kind: 'text', text: 'x' } },
			400,
		],
		[
			'a reaction to nothing',
			'POST',
			'/messages',
			{ from: A, to: B, content: { kind: 'reaction', target: 'X', emoji: '' } },
			404,
		],
		[
			'a vote without a poll',
			'POST',
			'/messages',
			{ from: A, to: B, content: { kind: 'vote', target: 'X', options: [] } },
			404,
		],
		['a file of no message', 'GET', `/accounts/${A}/messages/X/file`, undefined, 404],
		['a code for nobody', 'POST', `/accounts/${A}/pairing-code`, { code: 'ABCD-1234' }, 404],
		['a code that is none', 'POST', `/accounts/${A}/pairing-code`, { code: 'ABC' }, 400],
		[
			'a privacy setting that is none',
			'PUT',
			`/accounts/${A}/profile`,
			{ privacy: { last: 'perhaps' } },
			400,
		],
		['an unknown invitation', 'POST', '/groups/join', { by: A, code: 'nothing' }, 404],
	])('refuses %s', async (_name, method, path, body, status) => {
		const answer = await call(method, path, body);
		expect(answer.status).toBe(status);
		expect(answer.json.error).toMatch(/[a-z]/);
	});
});

// biome-ignore lint/suspicious/noExplicitAny: the test asserts on whatever comes
type Answer = { status: number; json: any };
