import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGrantKeys } from '@chat-manager/bus';
import { expect, it } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { withDashboard } from './support/dashboard.ts';
import { forgetSession, newAccount, signUp } from './support/person.ts';

const dashboard = withDashboard({ gateway: { CM_SIGNUP: 'invite' } });
const command = join(import.meta.dirname, '../../gateway/src/invite.ts');

/** What the operator's command prints: the link. */
async function invite(args: string[], more: Record<string, string> = {}): Promise<string> {
	const { system } = dashboard;
	const env = {
		PATH: '/usr/bin:/bin',
		DATABASE_URL: system.gatewayDatabaseUrl,
		CM_PUBLIC_URL: system.url,
		CM_SIGNUP: 'invite',
		CM_AUTH_SECRET: randomBytes(32).toString('base64'),
		CM_GRANT_PRIVATE_KEY: createGrantKeys().privateKey,
		...more,
	};
	const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], { env });
	return stdout.trim();
}

it('lets somebody in by the link that the operator made, once, and says what to do without one', async () => {
	const { page, forgive } = await dashboard.visit('/sign-in');
	await page.getByText('New accounts are made by invitation here.').waitFor();
	await expectAccessible(page);
	await page.goto(`${dashboard.system.url}/app/sign-up`);
	await page.getByText('If you have one, open its link; if not, ask the operator').waitFor();
	expect(await page.getByRole('button', { name: 'Create account' }).count()).toBe(0);
	await expectAccessible(page);

	const account = newAccount();
	const link = await invite([account.email, '--days', '2']);
	await page.goto(link);
	const email = page.getByLabel('E-mail');
	await email.waitFor();
	expect(await email.inputValue()).toBe(account.email);
	expect(await email.isEditable()).toBe(false);
	await expect.poll(() => page.url()).not.toContain('invitation');
	await expectAccessible(page);
	await page.getByLabel('Your name').fill(account.name);
	await page.getByLabel('Password', { exact: true }).fill(account.password);
	await page.getByRole('button', { name: 'Create account' }).click();
	await page.getByRole('heading', { name: `Hello, ${account.name}` }).waitFor();

	await forgetSession(page);
	await page.goto(link);
	await page.getByText('This invitation was used before').waitFor();
	expect(await page.getByRole('button', { name: 'Create account' }).count()).toBe(0);
	await expectAccessible(page);
	await page.goto(await invite([]));
	await signUp(page, newAccount('Olu'));
	forgive(/status of 403/);
});

it('is listed and taken back by the command', async () => {
	const { email } = newAccount();
	const link = await invite([email]);
	const listed = await invite(['--list']);
	expect(listed.split('\n').find((line) => line.endsWith(`  ${email}`))).toMatch(/^[\w-]{36} {2}20\d\d-/);
	await invite(['--revoke', email]);
	expect(await invite(['--list'])).not.toContain(email);
	const { page, forgive } = await dashboard.visit('/sign-in');
	await page.goto(link);
	await page.getByText('This invitation was used before or taken back').waitFor();
	forgive(/status of 403/);
	await expect(invite(['--revoke', email])).rejects.toThrow(/--list/);
	await expect(invite([email, '--list'])).rejects.toThrow(/Either invite/);
});

it('is told what is wrong by the command', async () => {
	await expect(invite(['nobody'])).rejects.toThrow(/e-mail address[\s\S]*npm run invite/);
	await expect(invite(['--days', '0'])).rejects.toThrow(/days[\s\S]*npm run invite/);
	await expect(invite([], { CM_SIGNUP: 'open' })).rejects.toThrow(/Set CM_SIGNUP=invite/);
	await expect(invite([], { DATABASE_URL: '' })).rejects.toThrow(/settings of the gateway/);
});
