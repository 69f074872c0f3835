import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startReceiver } from '@chat-manager/webhooks/receiver';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, simulator, startNetwork } from './support/network.ts';
import { signUp, waiting } from './support/person.ts';

const command = join(import.meta.dirname, '../scripts/rotate-keys.ts');

it('after the master keys of every service were rotated, the new ones alone open what was sealed before', async () => {
	const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
	await using net = await startNetwork({ settings });
	await using receiver = await startReceiver();
	const person = await signUp(net, 'rotating');
	const [phone, other] = ['15550000001', '15550000002'];
	const jid = await makeGroup(net, phone, 'Kept', [other]);
	await person.link(phone);
	await person.api('groups/star', { jid });
	const { id } = z.object({ id: z.string() }).parse(await person.api('webhooks/add', { url: receiver.url }));
	const say = (text: string) => simulator(net, '/admin/messages', { from: other, to: jid, text });
	const read = async () => JSON.stringify(await person.api('messages/list', { jid }));
	await say('Sealed with the old key');
	await vi.waitFor(async () => expect(await read()).toContain('Sealed with the old key'), waiting);

	for (const service of ['connector', 'storage', 'webhooks'] as const) {
		const fresh = `k2:${randomBytes(32).toString('base64')}`;
		const both = `${fresh},k1:${net.secrets.services[service]?.masterKey}`;
		const running = net.service(service);
		await running.stop();
		await running.start({ CM_MASTER_KEYS: both });
		const env = { PATH: '/usr/bin:/bin', DATABASE_URL: net.databaseUrl(service), CM_MASTER_KEYS: both };
		const { stdout } = await promisify(execFile)(process.execPath, [command, service], { env });
		expect(stdout).toMatch(/"keys":[1-9]/);
		await running.stop();
		await running.start({ CM_MASTER_KEYS: fresh });
	}
	await person.connected();
	await say('Sealed with the new key');
	await vi.waitFor(async () => expect(await read()).toContain('Sealed with the new key'), waiting);
	expect(await read()).toContain('Sealed with the old key');
	await person.api('webhooks/test', { id });
	const posted = () => receiver.received.map(({ body }) => Posted.parse(JSON.parse(String(body))).type);
	await vi.waitFor(() => expect(posted()).toContain('webhook.test'), waiting);
	await expect(promisify(execFile)(process.execPath, [command])).rejects.toThrow(/Say whose keys/);
}, 180_000);

const Posted = z.object({ type: z.string() });
