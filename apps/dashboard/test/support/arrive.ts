import { randomInt } from 'node:crypto';
import { askSimulator } from '@chat-manager/dev-env';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Dashboard, Visit } from './dashboard.ts';
import { type Account, newAccount } from './person.ts';

const Device = z.object({ state: z.string(), qr: z.string().nullable() });
const Group = z.object({ id: z.string() });
const Session = z.object({ user: z.object({ id: z.string() }) });

const patience = { timeout: 30_000, interval: 50 };

/** Phones of people who know each other, and a group of theirs that the first of them made. */
export type Neighbours = { readonly jid: string; readonly you: string; readonly carlos: string };

/** Somebody who has an account, for what begins after that; by `/api`, with the cookies of the browser. */
export async function arrive(dashboard: Dashboard, visit: Visit): Promise<Account & { id: string }> {
	const account = newAccount('Berta');
	await ask(dashboard, visit, 'auth/sign-up/email', account);
	await ask(dashboard, visit, 'auth/sign-in/email', { email: account.email, password: account.password });
	const session = await visit.context.request.get(`${dashboard.system.url}/api/auth/get-session`);
	return { ...account, id: Session.parse(await session.json()).user.id };
}

/** Somebody with a linked simulated phone and a starred group, Neighbours, which is theirs. */
export async function settle(dashboard: Dashboard, visit: Visit): Promise<Neighbours> {
	const neighbours = await meetNeighbours(dashboard);
	await link(dashboard, visit, neighbours.you);
	await ask(dashboard, visit, 'groups/star', { jid: neighbours.jid });
	return neighbours;
}

/** People of their own for a test, with a group. */
export async function meetNeighbours({ system }: Dashboard, subject = 'Neighbours'): Promise<Neighbours> {
	const [you, carlos] = [await getPhone({ system }, 'Berta'), await getPhone({ system }, 'Carlos')];
	const group = await askSimulator(system, '/admin/groups', { by: you, subject, participants: [carlos] });
	return { jid: jidOf(Group.parse(group).id), you, carlos };
}

/** A phone that nobody else has. */
export async function getPhone({ system }: Pick<Dashboard, 'system'>, pushName: string): Promise<string> {
	const phone = `1555${randomInt(1_000_000, 9_999_999)}`;
	await askSimulator(system, '/admin/accounts', { phone, pushName });
	return phone;
}

/** Many phones at once, of people who have not given themselves a name. */
export async function getPhones({ system }: Pick<Dashboard, 'system'>, count: number): Promise<string[]> {
	const first = randomInt(10_000_000, 80_000_000);
	const phones = Array.from({ length: count }, (_, index) => `1666${first + index}`);
	for (let index = 0; index < count; index += 50)
		await Promise.all(
			phones.slice(index, index + 50).map((phone) => askSimulator(system, '/admin/accounts', { phone })),
		);
	return phones;
}

/** Links a phone by its QR code. */
export async function link(dashboard: Dashboard, visit: Visit, phone: string): Promise<void> {
	await ask(dashboard, visit, 'devices/link', { network: 'simulated' });
	const device = async () => Device.parse(await ask(dashboard, visit, 'devices/get'));
	const qr = await vi.waitFor(async () => {
		const { qr: shown } = await device();
		expect(shown).not.toBeNull();
		return shown;
	}, patience);
	const scanning = `/admin/mock-phone/scan-qr?phone=${phone}`;
	await askSimulator(dashboard.system, scanning, qr, { type: 'text/plain' });
	await vi.waitFor(async () => expect((await device()).state).toBe('connected'), patience);
}

/** Asks `/api` in the name of whoever is signed in in this browser. */
export async function ask(
	{ system }: Dashboard,
	{ context }: Visit,
	path: string,
	data: unknown = {},
): Promise<unknown> {
	const response = await context.request.post(`${system.url}/api/${path}`, { data });
	const answer: unknown = await response.json();
	if (!response.ok()) throw new Error(`${path}: ${response.status()} ${JSON.stringify(answer)}`);
	return answer;
}

function jidOf(id: string): string {
	return id.includes('@') ? id : `${id}@g.us`;
}
