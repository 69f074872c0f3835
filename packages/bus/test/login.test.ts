import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@chat-manager/embedded';
import { createAuthority } from '@chat-manager/embedded/authority';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type BusSettings, busLogin, busShape, connectBus } from '../src/index.ts';
import { unwatched } from '../src/watch.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const user = { user: 'storage', password: 'a password' };
const cleanup = new AsyncDisposableStack();
afterAll(() => cleanup.disposeAsync());

let folder: string;
let ours: Awaited<ReturnType<typeof createAuthority>>;
let theirs: typeof ours;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cm-login-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	[ours, theirs] = [await createAuthority(folder, 'ours'), await createAuthority(folder, 'theirs')];
});

/** As a program connects with these settings. */
async function connect(environment: Record<string, string>, warn: (fields: object) => void = () => {}) {
	const settings: BusSettings = z.object(busShape).parse(environment);
	const bus = await connectBus({ ...busLogin(settings), service: 'storage', log: { ...silent, warn } });
	return cleanup.use(bus);
}

/** A server that asks for TLS, and, if told so, for a certificate that our authority signed. */
async function startServer(
	name: string,
	asks: 'nothing' | 'tls' | 'certificate',
	names: readonly string[] = ['localhost'],
) {
	const identity = await ours.sign(name, 'serverAuth', names);
	const tls = asks === 'certificate' ? { ...identity, clientCaFile: ours.caFile } : identity;
	const nats = cleanup.use(
		await startNats({
			dataDir: join(folder, name),
			auth: { users: [user] },
			logger: silent,
			...(asks === 'nothing' ? {} : { tls }),
		}),
	);
	return {
		NATS_URL: `nats://localhost:${nats.port}`,
		NATS_USER: user.user,
		NATS_PASSWORD: user.password,
	};
}

it('speaks TLS with a server whose authority it was given, and to nobody who has none', async () => {
	const server = { ...(await startServer('tls', 'tls')), NATS_CA_FILE: ours.caFile };
	const bus = await connect(server);
	expect(bus.nats.info).toMatchObject({ tls_required: true });
	await bus.nats.flush();
	await expect(connect({ ...server, NATS_PASSWORD: 'wrong' })).rejects.toThrow(
		/^NATS refuses this user: give NATS_USER and NATS_PASSWORD/,
	);
	await expect(connect({ ...server, NATS_CA_FILE: theirs.caFile })).rejects.toThrow(
		/^The certificate of NATS was not signed by the authority in NATS_CA_FILE/,
	);
	const elsewhere = await startServer('elsewhere', 'tls', ['nats.example.com']);
	await expect(connect({ ...elsewhere, NATS_CA_FILE: ours.caFile })).rejects.toThrow(
		/^The certificate of NATS is not made out to the name in NATS_URL/,
	);
	const plain = await startServer('plain', 'nothing');
	await expect(connect({ ...plain, NATS_CA_FILE: ours.caFile })).rejects.toThrow(
		/^NATS does not speak TLS, and NATS_CA_FILE asks for it/,
	);
});

it('shows a certificate of its own where the server asks for one', async () => {
	const server = { ...(await startServer('mutual', 'certificate')), NATS_CA_FILE: ours.caFile };
	const own = await ours.sign('storage', 'clientAuth');
	const bus = await connect({ ...server, NATS_CERT_FILE: own.certFile, NATS_KEY_FILE: own.keyFile });
	await bus.nats.flush();
	const foreign = await theirs.sign('storage', 'clientAuth');
	const strange = { NATS_CERT_FILE: foreign.certFile, NATS_KEY_FILE: foreign.keyFile };
	// The server hangs up without a word, so all that can be told is what may be missing; it is tried on.
	const hintFor = (shown: Record<string, string>) =>
		new Promise((resolve) => void connect({ ...server, ...shown }, resolve).then(resolve, resolve));
	for (const told of await Promise.all([{}, strange].map(hintFor)))
		expect(told).toMatchObject({ hint: expect.stringContaining('NATS_CERT_FILE') });
});

it('goes on trying when it is refused later, says so once, and is back by itself', async () => {
	const dataDir = join(folder, 'later');
	const start = (password: string, port?: number) =>
		startNats({ dataDir, port, auth: { users: [{ ...user, password }] }, logger: silent });
	const first = await start(user.password);
	const { port } = first;
	const said: string[] = [];
	const changes: string[] = [];
	const tell = (_fields: object, message: string) => void said.push(message);
	const bus = cleanup.use(
		await connectBus({
			url: `nats://127.0.0.1:${port}`,
			...user,
			service: 'storage',
			log: { ...silent, warn: tell, error: tell },
			watch: { ...unwatched, connectionChanged: (change) => void changes.push(change) },
		}),
	);
	let refusals = 0;
	void (async () => {
		for await (const { data } of bus.nats.status()) if (data === 'AUTHORIZATION_VIOLATION') refusals++;
	})();
	await first[Symbol.asyncDispose]();
	const other = await start('another password', port);
	await expect.poll(() => refusals, { timeout: 30_000 }).toBeGreaterThan(3);
	expect(bus.isConnected()).toBe(false);
	await other[Symbol.asyncDispose]();
	cleanup.use(await start(user.password, port));
	await expect.poll(() => bus.isConnected(), { timeout: 30_000 }).toBe(true);
	await bus.nats.flush();
	expect(changes).toEqual(['lost', 'back']);
	expect(said.filter((message) => message.startsWith('NATS refuses this user'))).toHaveLength(1);
}, 90_000);

it('says which file cannot be read', async () => {
	const server = await startServer('files', 'tls');
	const missing = join(folder, 'nowhere.pem');
	await expect(connect({ ...server, NATS_CA_FILE: missing })).rejects.toThrow(/^NATS_CA_FILE cannot be read/);
	await expect(connect({ ...server, NATS_CREDS_FILE: missing })).rejects.toThrow(
		/^NATS_CREDS_FILE cannot be read/,
	);
	await writeFile(missing, 'not a certificate');
	await expect(connect({ ...server, NATS_CERT_FILE: missing, NATS_KEY_FILE: missing })).rejects.toThrow(
		/^The files of NATS_CA_FILE, NATS_CERT_FILE and NATS_KEY_FILE are not/,
	);
});
