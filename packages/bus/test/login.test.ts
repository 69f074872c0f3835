import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@chat-manager/embedded';
import { createTlsIdentity } from '@chat-manager/emulator/certificate';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type BusSettings, busLogin, busShape, connectBus } from '../src/index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const user = { user: 'storage', password: 'a password' };

/** As a program connects with these settings. */
function connect(environment: Record<string, string>, warn: (fields: object) => void = () => {}) {
	const settings: BusSettings = z.object(busShape).parse(environment);
	return connectBus({ ...busLogin(settings), service: 'storage', log: { ...silent, warn } });
}

it('speaks TLS with a server whose authority it was given, and to nobody who has none', async () => {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-login-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const [certFile, keyFile, otherFile] = ['cert.pem', 'key.pem', 'other.pem'].map((name) =>
		join(folder, name),
	);
	const identity = createTlsIdentity(['127.0.0.1', 'localhost'], new Date());
	await writeFile(certFile ?? '', identity.certificate);
	await writeFile(keyFile ?? '', identity.key);
	await writeFile(otherFile ?? '', createTlsIdentity(['localhost'], new Date()).certificate);
	const start = (name: string, tls?: { certFile: string; keyFile: string }) =>
		startNats({
			dataDir: join(folder, name),
			auth: { users: [user] },
			logger: silent,
			...(tls === undefined ? {} : { tls }),
		});
	const nats = cleanup.use(await start('tls', { certFile: certFile ?? '', keyFile: keyFile ?? '' }));
	const login = {
		NATS_URL: `nats://localhost:${nats.port}`,
		NATS_USER: user.user,
		NATS_PASSWORD: user.password,
	};

	const bus = cleanup.use(await connect({ ...login, NATS_CA_FILE: certFile ?? '' }));
	expect(bus.nats.info).toMatchObject({ tls_required: true });
	await bus.nats.flush();

	expect(await refusal({ ...login, NATS_CA_FILE: otherFile ?? '' })).toMatch(/self-signed|signature/);
	await expect(connect({ ...login, NATS_CA_FILE: certFile ?? '', NATS_PASSWORD: 'wrong' })).rejects.toThrow(
		/Authorization/i,
	);
	const plain = cleanup.use(await start('plain'));
	const toPlain = { ...login, NATS_URL: `nats://localhost:${plain.port}` };
	expect(await refusal({ ...toPlain, NATS_CA_FILE: certFile ?? '' })).toMatch(/tls/i);
});

/** Why it does not connect; it goes on trying until its server is gone. */
async function refusal(environment: Record<string, string>): Promise<string> {
	const told = Promise.withResolvers<string>();
	void connect(environment, (fields) => told.resolve(String((fields as { error?: unknown }).error)))
		.then((bus) => bus[Symbol.asyncDispose]())
		.then(() => told.resolve('it connected'));
	return told.promise;
}
