import { askSimulator, type System } from '@chat-manager/dev-env';
import { z } from 'zod';

const own = '15550000001';
const author = '15550000003';
const messageCount = 200;
/** More than one: what is measured is the work of a call, not the limit of a token. */
const tokenCount = 100;

/** Somebody with a linked device, a starred group full of stored messages, and access tokens. */
export async function createGatewayPerson(system: System) {
	const { url } = system;
	const post = (path: string, body: unknown, cookie = '') =>
		fetch(`${url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: url, ...(cookie === '' ? {} : { cookie }) },
			body: JSON.stringify(body),
		});
	const account = { name: 'Bench', email: 'bench@example.com', password: 'correct horse battery staple' };
	await post('/api/auth/sign-up/email', account);
	const { email, password } = account;
	const signedIn = await post('/api/auth/sign-in/email', { email, password });
	const cookie = signedIn.headers
		.getSetCookie()
		.map((line) => line.split(';', 1).join())
		.join('; ');
	const api = async (path: string, input: unknown = {}): Promise<unknown> => {
		const response = await post(`/api/${path}`, input, cookie);
		if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
		return response.json();
	};
	const device = async () => Device.parse(await api('devices/get'));

	await api('devices/link', { network: 'simulated' });
	const qr = await until(async () => (await device()).qr);
	await askSimulator(system, `/admin/mock-phone/scan-qr?phone=${own}`, qr, { type: 'text/plain' });
	await until(async () => (await device()).state === 'connected');
	await askSimulator(system, '/admin/accounts', { phone: author });
	const made = await askSimulator(system, '/admin/groups', {
		by: own,
		subject: 'Bench',
		participants: [author],
	});
	const { id: jid } = z.object({ id: z.string() }).parse(made);
	await until(() => api('groups/star', { jid }).catch(() => false));
	for (let index = 0; index < messageCount; index++) {
		const text = `Message ${index} of the benchmark: is the shop open today, and until when?`;
		await askSimulator(system, '/admin/messages', { from: author, to: jid, text });
	}
	const newest = async () => Page.parse(await api('messages/list', { jid, limit: 1 })).messages[0]?.text;
	await until(async () => (await newest())?.startsWith(`Message ${messageCount - 1} `));
	const tokens: string[] = [];
	for (let index = 0; index < tokenCount; index++) {
		const created = await api('tokens/create', { name: `Bench ${index}` });
		tokens.push(z.object({ token: z.string() }).parse(created).token);
	}
	return { jid, tokens, api };
}

const Device = z.object({ state: z.string(), qr: z.string().nullable() });
const Page = z.object({ messages: z.array(z.object({ text: z.string().nullable() })) });

async function until<T>(condition: () => Promise<T>): Promise<NonNullable<T>> {
	for (;;) {
		const answer = await condition();
		if (answer !== null && answer !== undefined && answer !== false) return answer;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
