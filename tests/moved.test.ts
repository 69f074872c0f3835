import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapDatabase, openConnection, serviceSchemas } from '@chat-manager/database';
import { startSystem } from '@chat-manager/dev-env';
import { startNats, startPostgres } from '@chat-manager/embedded';
import { isFull } from '@chat-manager/test-run';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup } from './support/network.ts';
import { connectAgent, signIn, signUp, waiting } from './support/person.ts';
import { previousVersion } from './support/previous-version.ts';
import { readAll, say } from './support/record.ts';
import { refused, restore, take } from './support/run-command.ts';

const ana = '15550000001';
const berta = '15550000002';
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let scratch: string;
beforeAll(async () => {
	scratch = await mkdtemp(join(tmpdir(), 'cm-moved-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

it("goes into servers of one's own, by a role that is no superuser", async () => {
	await using own = new AsyncDisposableStack();
	const folder = join(scratch, 'own');
	const dataDir = join(scratch, 'first');
	const system = own.use(await startSystem({ dataDir, log: silent, services: ['gateway', 'webhooks'] }));
	const person = await signUp({ ...system, dataDir }, 'ana');
	await person.api('webhooks/add', { url: 'https://example.com/hook' });
	const backup = join(scratch, 'of-first');
	expect(await take(backup, { CM_DATA_DIR: dataDir })).toMatchObject({ code: 0 });
	await system[Symbol.asyncDispose]();
	const server = { logger: silent, password: 'secret', durable: false };
	const postgres = own.use(await startPostgres({ ...server, dataDir: join(folder, 'postgres') }));
	const nats = own.use(await startNats({ dataDir: join(folder, 'nats'), logger: silent }));
	const admin = own.use(await openConnection({ url: postgres.adminUrl, applicationName: 'test' }));
	await admin.query("create role owner login createrole password 'secret'");
	await admin.query('create database chat_manager owner owner');
	const url = new URL(postgres.adminUrl);
	[url.username, url.password, url.pathname] = ['owner', 'secret', '/chat_manager'];
	const { services, auth } = Secrets.parse(JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')));
	const keyOf = (service: string) => `k1:${services[service]?.masterKey}`;
	const env = {
		DATABASE_URL: url.href,
		NATS_URL: nats.url,
		CM_MASTER_KEYS_CONNECTOR: keyOf('connector'),
		CM_MASTER_KEYS_STORAGE: keyOf('storage'),
		CM_AUTH_SECRET: auth,
	};
	expect(await restore([backup], env)).toEqual(refused('The master keys of webhooks are not given'));
	const all = { ...env, CM_MASTER_KEYS_WEBHOOKS: keyOf('webhooks') };
	expect(await restore([backup], all)).toEqual(refused('make roles and schemas first'));
	const roles = Object.entries(serviceSchemas).map(([service, schema]) => ({
		schema,
		role: `cm_${service}`,
		password: 'secret',
	}));
	await bootstrapDatabase({ adminUrl: url.href, services: roles });
	expect(await restore([backup], all)).toMatchObject({ code: 0 });
	const restored = own.use(await openConnection({ url: url.href, applicationName: 'test' }));
	expect(await restored.query('select name, email from identity.people')).toEqual([
		{ name: 'ana', email: 'ana@example.com' },
	]);
	expect(await restored.query('select url from webhooks.endpoints')).toEqual([
		{ url: 'https://example.com/hook' },
	]);
	const tables = await restored.query<{ owner: string; count: string }>(
		`select tableowner as owner, count(*) from pg_tables
		where schemaname = any($1) group by 1 order by 1`,
		[Object.values(serviceSchemas)],
	);
	expect(tables.map(({ owner }) => owner)).toEqual([
		'cm_connector',
		'cm_gateway',
		'cm_storage',
		'cm_webhooks',
	]);
}, 120_000);

/** A backup of the last version is migrated by this one; and devices of a system that stood still go on. Long form only. */
const moves = isFull ? ['stopped and moved with its devices to a new machine'] : [];

it.each(moves)(
	'the last version, %s, goes on as this version',
	async () => {
		const previous = await previousVersion();
		const folder = join(scratch, 'old');
		const system = await startSystem({ dataDir: folder, log: silent, services: ['emulator'] });
		const login = { NATS_USER: system.servers.natsUser, NATS_PASSWORD: system.servers.natsPassword };
		const own = previous.tag === 'v0.1.0' ? { settings: login } : {};
		for (const service of ['storage', 'webhooks', 'connector', 'gateway'] as const)
			await system.add(service, { sources: previous.folder, ...own });
		const net = { ...system, dataDir: folder };
		const old = await signUp(net, 'ana');
		const group = await makeGroup(net, ana, 'Support', [berta]);
		await old.link(ana);
		await old.api('groups/star', { jid: group });
		const pat = await old.token();
		const first = await say(net, { from: berta, to: group, text: 'before the move' });
		await vi.waitFor(async () => expect(await readAll(old, group)).toHaveLength(1), waiting);
		await system[Symbol.asyncDispose]();

		const moved = join(scratch, 'moved');
		expect(await take(moved, { CM_DATA_DIR: folder })).toMatchObject({ code: 0 });
		const target = join(scratch, 'new');
		await mkdir(target);
		for (const file of ['secrets.json', 'simulated-network.json'])
			await cp(join(folder, file), join(target, file));
		expect(await restore([moved, '--keep-devices'], { CM_DATA_DIR: target })).toMatchObject({ code: 0 });
		await using current = await startSystem({ dataDir: target, log: silent });
		const place = { ...current, dataDir: target };
		const person = await signIn(place, 'ana');
		await person.connected();
		const second = await say(place, { from: berta, to: group, text: 'after the move' });
		await vi.waitFor(async () => {
			const messages = await readAll(person, group);
			expect(messages.map(({ id, text }) => [id, text])).toEqual([
				[first, 'before the move'],
				[second, 'after the move'],
			]);
		}, waiting);
		await using agent = await connectAgent(place, pat);
		expect(await agent.call('list_starred_groups')).toMatchObject({ groups: [{ jid: group }] });
	},
	240_000,
);

const Secrets = z.object({
	services: z.record(z.string(), z.object({ masterKey: z.string() })),
	auth: z.string(),
});
