import { askSimulator } from '@chat-manager/dev-env';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Dashboard, Visit } from './dashboard.ts';
import { type Account, newAccount } from './person.ts';

const Device = z.object({ state: z.string(), qr: z.string().nullable() });
const Groups = z.object({ groups: z.array(z.object({ jid: z.string(), name: z.string() })) });

/** Berta of the seeded network: she made the group, so that she may change it. */
export const berta = '15550100001';
export const carlos = '15550100002';

const patience = { timeout: 30_000, interval: 50 };

/** Somebody who has an account, for what begins after that; by `/api`, with the cookies of the browser. */
export async function arrive(dashboard: Dashboard, visit: Visit): Promise<Account> {
	const account = newAccount('Berta');
	await ask(dashboard, visit, 'auth/sign-up/email', account);
	await ask(dashboard, visit, 'auth/sign-in/email', { email: account.email, password: account.password });
	return account;
}

/** Somebody with a linked simulated phone and a starred group; its JID. */
export async function settle(dashboard: Dashboard, visit: Visit, phone = berta): Promise<string> {
	const call = (path: string, body: unknown = {}) => ask(dashboard, visit, path, body);
	await call('devices/link', { network: 'simulated' });
	const device = async () => Device.parse(await call('devices/get'));
	const qr = await vi.waitFor(async () => {
		const { qr: shown } = await device();
		expect(shown).not.toBeNull();
		return shown;
	}, patience);
	await askSimulator(dashboard.system, `/admin/mock-phone/scan-qr?phone=${phone}`, qr, {
		type: 'text/plain',
	});
	await vi.waitFor(async () => expect((await device()).state).toBe('connected'), patience);
	const { groups } = Groups.parse(await call('groups/list'));
	const jid = groups.find(({ name }) => name === 'Neighbours')?.jid ?? '';
	await call('groups/star', { jid });
	return jid;
}

async function ask({ system }: Dashboard, { context }: Visit, path: string, data: unknown): Promise<unknown> {
	const response = await context.request.post(`${system.url}/api/${path}`, { data });
	const answer: unknown = await response.json();
	if (!response.ok()) throw new Error(`${path}: ${response.status()} ${JSON.stringify(answer)}`);
	return answer;
}
