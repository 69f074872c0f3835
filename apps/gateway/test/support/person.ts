import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Gateway, World } from './world.ts';

export type Person = { id: string; email: string; password: string; cookie: string };
export type Answer = { status: number; headers: Headers; body: Record<string, unknown>; text: string };

/** Posts JSON, and reads the answer, which must be JSON whatever happens. */
export async function post(
	url: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return await readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
	const text = await response.text();
	if (text !== '') expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
	const body = text === '' ? {} : JSON.parse(text);
	return { status: response.status, headers: response.headers, body, text };
}

export async function signUp(world: World, { url }: Gateway): Promise<Person> {
	const email = `${randomUUID()}@example.com`;
	const password = `pass-${randomUUID()}`;
	world.secrets.add(password);
	const made = await post(`${url}/api/auth/sign-up/email`, { email, password, name: 'Ana' });
	expect(made.status, made.text).toBe(200);
	const cookie = await signIn(world, { url }, { email, password });
	const session = await readAnswer(await fetch(`${url}/api/auth/get-session`, { headers: { cookie } }));
	return { id: (session.body.user as { id: string }).id, email, password, cookie };
}

export async function signIn(
	world: World,
	{ url }: Pick<Gateway, 'url'>,
	{ email, password }: { email: string; password: string },
): Promise<string> {
	const answer = await post(`${url}/api/auth/sign-in/email`, { email, password });
	expect(answer.status, answer.text).toBe(200);
	const cookie = answer.headers
		.getSetCookie()
		.map((header) => header.split(';', 1).join())
		.join('; ');
	world.secrets.add(cookie.split('=')[1]?.split('.')[0] ?? cookie);
	return cookie;
}

export async function createToken(
	world: World,
	{ url }: Gateway,
	{ cookie }: Person,
	input: Record<string, unknown> = {},
): Promise<{ id: string; token: string }> {
	const answer = await post(`${url}/api/tokens/create`, { name: 'Test', ...input }, { cookie });
	expect(answer.status, answer.text).toBe(200);
	const { id, token } = answer.body as { id: string; token: string };
	world.secrets.add(token);
	return { id, token };
}

export function bearer(token: string): Record<string, string> {
	return { authorization: `Bearer ${token}` };
}
