import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '@chat-manager/database';
import { startSystem } from '@chat-manager/dev-env';
import { startReceiver } from '@chat-manager/webhooks/receiver';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { makeGroup, type Network, simulator } from './support/network.ts';
import { connectAgent, signIn, signUp, waiting } from './support/person.ts';
import { readAll, say } from './support/record.ts';
import { refused, restore, take } from './support/run-command.ts';

const ana = '15550000001';
const berta = '15550000002';
const settings = { webhooks: { CM_WEBHOOKS_ALLOW_HTTP_LOOPBACK: 'true' } };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** One installation for all of these: a person with all that one has, and a backup taken while things happen. */
let scratch: string;
let backup: string;
let dataDir: string;
let jid: string;
let token: string;
let cookie: string;
let webhook: unknown;
/** Ids of messages, in their order; the first `storedBefore` were in the record when the backup began. */
const written: string[] = [];
let storedBefore = 0;
let cleanup: AsyncDisposableStack;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
	await using starting = new AsyncDisposableStack();
	scratch = await mkdtemp(join(tmpdir(), 'cm-backup-'));
	starting.defer(() => rm(scratch, { recursive: true, force: true }));
	receiver = starting.use(await startReceiver());
	backup = join(scratch, 'backup');
	dataDir = join(scratch, 'first');
	const system = await startSystem({ dataDir, log: silent, settings });
	const net = { ...system, dataDir };
	try {
		await useIt(net);
	} finally {
		await system[Symbol.asyncDispose]();
	}
	cleanup = starting.move();
}, 240_000);
afterAll(() => cleanup?.disposeAsync());

/** What a person has; then messages come in, while storage is away and while the backup is taken. */
async function useIt(net: Network): Promise<void> {
	const person = await signUp(net, 'ana');
	({ cookie } = person);
	jid = await makeGroup(net, ana, 'Support', [berta]);
	await person.link(ana);
	await person.api('groups/star', { jid });
	token = await person.token();
	await person.api('webhooks/add', { url: `${receiver.url}/hook`, events: ['message.received'] });
	webhook = z.object({ webhooks: z.array(z.unknown()) }).parse(await person.api('webhooks/list')).webhooks[0];
	const write = async () =>
		void written.push(await say(net, { from: berta, to: jid, text: `message ${written.length}` }));
	/** What was posted is in the stream, whether storage is there or not. */
	const areCaptured = async () => {
		const posted = () => new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size;
		await vi.waitFor(() => expect(posted()).toBe(written.length), { ...waiting, interval: 10 });
	};
	for (let count = 0; count < 20; count++) await write();
	await vi.waitFor(async () => expect(await readAll(person, jid)).toHaveLength(20), waiting);
	storedBefore = written.length;
	await net.service('storage').stop();
	for (let count = 0; count < 20; count++) await write();
	await areCaptured();
	const login = await leastRights(net);
	let isTaken = false;
	const load = (async () => {
		while (!isTaken) {
			await write();
			await areCaptured(); // As many as the machine can take, however long the backup lasts.
		}
	})();
	const taken = await take(backup, login).finally(() => {
		isTaken = true;
	});
	await load;
	expect(taken).toMatchObject({
		code: 0,
		output: expect.stringMatching(/ [1-9]\d* events that were not handled/),
	});
	expect(await take(backup, login)).toMatchObject({
		code: 1,
		fault: expect.stringContaining('is there already'),
	});
	const stranger = login.DATABASE_URL?.replace('only-reads', 'wrong') ?? '';
	expect(await take(`${backup}-2`, { ...login, DATABASE_URL: stranger })).toMatchObject({
		code: 1,
		fault: expect.stringMatching(/^Postgres cannot be used by this DATABASE_URL: password [^\n]*\n$/),
	});
	expect(await take(`${backup}-2`, { ...login, NATS_PASSWORD: 'wrong' })).toMatchObject({
		code: 1,
		fault: expect.stringMatching(/^NATS refuses this user: [^\n]*\n$/),
	});
}

/** A role that may read and nothing else, as the documentation makes it, and the bus' own user for backups. */
async function leastRights(net: Network): Promise<Record<string, string>> {
	await using admin = await openConnection({ url: net.servers.adminUrl, applicationName: 'test' });
	await admin.query("create role cm_backup login password 'only-reads'");
	await admin.query('grant pg_read_all_data to cm_backup');
	const url = new URL(net.servers.adminUrl);
	[url.username, url.password] = ['cm_backup', 'only-reads'];
	const { user = '', password = '' } = net.servers.natsLogin('backup');
	return {
		DATABASE_URL: url.href,
		NATS_URL: net.servers.natsUrl,
		NATS_USER: user,
		NATS_PASSWORD: password,
		CM_AUTH_SECRET: net.secrets.auth,
	};
}

/** A new machine: nothing on it but the secrets, which the operator kept. The simulated network is the world outside. */
async function newMachine(name: string, { secrets = (text: string) => text } = {}): Promise<string> {
	const folder = join(scratch, name);
	await mkdir(folder);
	const kept = await readFile(join(dataDir, 'secrets.json'), 'utf8');
	await writeFile(join(folder, 'secrets.json'), secrets(kept), { mode: 0o600 });
	await cp(join(dataDir, 'simulated-network.json'), join(folder, 'simulated-network.json'));
	return folder;
}

it('restored on a new machine everything is as it was, people link their devices again, and it goes on', async () => {
	const folder = await newMachine('second');
	const restored = await restore([backup], { CM_DATA_DIR: folder });
	expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('link their devices again') });
	await using system = await startSystem({ dataDir: folder, log: silent, settings });
	const net = { ...system, dataDir: folder };
	const person = await signIn(net, 'ana');
	expect((await fetch(`${net.url}/api/auth/get-session`, { headers: { cookie } })).status).toBe(200);
	await using agent = await connectAgent(net, token);
	expect(await agent.call('list_starred_groups')).toMatchObject({ groups: [{ jid, name: 'Support' }] });
	expect(await agent.call('list_webhooks')).toMatchObject({ webhooks: [{ url: `${receiver.url}/hook` }] });
	expect(webhook).toMatchObject({ url: `${receiver.url}/hook` });
	expect(await person.device()).toMatchObject({
		state: 'logged_out',
		advice: expect.stringContaining('restored'),
	});

	// All that had been captured by the moment of the backup, storage's backlog included; after that it is unknown.
	const stored = await vi.waitFor(async () => {
		const messages = await readAll(person, jid);
		expect(messages.length).toBeGreaterThanOrEqual(storedBefore + 20);
		return messages;
	}, waiting);
	expect(stored.map(({ id }) => id)).toEqual(written.slice(0, stored.length));
	expect(stored.map(({ text }) => text)).toEqual(stored.map((_, index) => `message ${index}`));
	const { coverage } = z
		.object({ coverage: z.object({ gaps: z.array(z.object({ reason: z.string(), to: z.unknown() })) }) })
		.parse(await agent.call('get_group_messages', { jid }));
	expect(coverage.gaps).toMatchObject([{ reason: 'device_unlinked', to: null }]);

	await person.link(ana);
	const id = await say(net, { from: berta, to: jid, text: 'are you back?' });
	await vi.waitFor(async () => expect((await readAll(person, jid)).at(-1)).toMatchObject({ id }), waiting);
	await person.api('messages/send', { jid, text: 'I am', idempotencyKey: 'back' });
	const seen = await vi.waitFor(async () => {
		const shown = Shown.parse(await simulator(net, `/admin/accounts/${berta}/messages?chat=${jid}`));
		expect(shown.messages.map(({ text }) => text)).toContain('I am');
		return shown.messages;
	}, waiting);
	expect(seen).toHaveLength(written.length + 2);
	const all = await readAll(person, jid);
	expect(all.filter(({ text }) => text === null)).toEqual([]);
	// Posted before, or after the restore: each event once and again at most, under the same id.
	await vi.waitFor(() => {
		const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
		expect(ids.size).toBeGreaterThanOrEqual(stored.length + 1);
	}, waiting);
}, 240_000);

it('what does not fit is refused in a sentence before anything is changed', async () => {
	const folder = await newMachine('third');
	const damagedCopy = async (name: string, damage: (folder: string) => Promise<void>) => {
		const copy = join(scratch, name);
		await cp(backup, copy, { recursive: true });
		await damage(copy);
		return copy;
	};
	const file = 'storage.messages.copy.gz';
	const env = { CM_DATA_DIR: folder };
	const cut = await damagedCopy('cut', (copy) => truncate(join(copy, file), 100));
	expect(await restore([cut], env)).toEqual(refused(`${file} of the backup is cut off`));
	const changed = await damagedCopy('changed', async (copy) => {
		const bytes = await readFile(join(copy, file));
		bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
		await writeFile(join(copy, file), bytes);
	});
	expect(await restore([changed], env)).toEqual(refused(`${file} of the backup is not what was written`));
	const edited = await damagedCopy('edited', async (copy) => {
		const text = await readFile(join(copy, 'manifest.json'), 'utf8');
		await writeFile(join(copy, 'manifest.json'), text.replace(/"rows": \d+/g, '"rows": 7'));
	});
	expect(await restore([edited], env)).toEqual(refused('was changed or damaged'));
	const missing = await damagedCopy('missing', (copy) => rm(join(copy, file)));
	expect(await restore([missing], env)).toEqual(refused(`${file} of the backup is missing`));
	const unfinished = await damagedCopy('unfinished', (copy) => rm(join(copy, 'manifest.json')));
	expect(await restore([unfinished], env)).toEqual(refused('one that was not finished'));
	expect(await restore([backup, '--keep-devices'], env)).toEqual(refused('were connected'));
	expect(await restore([], env)).toEqual(refused('Name the folder'));
	expect(await restore([backup, '--force'], env)).toEqual(refused('Name the folder'));

	const others = await newMachine('others', {
		secrets: (text) => text.replace(/("storage": \{[^}]*"masterKey": ")..../, '$1AAAA'),
	});
	expect(await restore([backup], { CM_DATA_DIR: others })).toEqual(
		refused('The master keys of storage are not those'),
	);
	const other = await newMachine('other', { secrets: (text) => text.replace(/("auth": ")..../, '$1AAAA') });
	expect(await restore([backup], { CM_DATA_DIR: other })).toEqual(refused('CM_AUTH_SECRET is not the one'));

	expect(await restore([backup], env)).toMatchObject({ code: 0 });
	expect(await restore([backup], env)).toEqual(refused('The database is not empty'));
	await restoreByName(folder);
	await using _running = await startSystem({ dataDir: folder, log: silent, services: ['webhooks'] });
	expect(await restore([backup, '--replace'], env)).toEqual(refused('is in use by process'));
}, 240_000);

/** Into servers that are named, as the operator's own are, by the bus' user for it. */
async function restoreByName(folder: string): Promise<void> {
	await using system = await startSystem({ dataDir: folder, log: silent, services: [] });
	const { servers, secrets } = system;
	const { user = '', password = '' } = servers.natsLogin('restore');
	const keyOf = (service: string) => `k1:${secrets.services[service]?.masterKey}`;
	const named = {
		DATABASE_URL: servers.adminUrl,
		NATS_URL: servers.natsUrl,
		NATS_USER: user,
		NATS_PASSWORD: password,
		CM_MASTER_KEYS_CONNECTOR: keyOf('connector'),
		CM_MASTER_KEYS_STORAGE: keyOf('storage'),
		CM_MASTER_KEYS_WEBHOOKS: keyOf('webhooks'),
		CM_AUTH_SECRET: secrets.auth,
	};
	expect(await restore([backup, '--replace'], named)).toMatchObject({ code: 0, fault: '' });
}

const Shown = z.object({ messages: z.array(z.object({ text: z.string().nullish() })) });
