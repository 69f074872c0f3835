import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusSettings, busLogin, busShape, connectBus } from '@chat-manager/bus';
import { findServer, freePort } from '@chat-manager/embedded';
import { createAccount, createOperator, createUser, type KeyPair } from 'nkeys.js';
import { expect, it } from 'vitest';
import { z } from 'zod';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it('a program logs in to a NATS with accounts by a file of credentials, and with no other', async () => {
	await using cleanup = new AsyncDisposableStack();
	const folder = await mkdtemp(join(tmpdir(), 'cm-credentials-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	const [operator, account, stranger] = [createOperator(), createAccount(), createAccount()];
	const port = await freePort();
	const config = {
		listen: `127.0.0.1:${port}`,
		operator: token(operator, operator, { type: 'operator', version: 2 }),
		resolver: 'MEMORY',
		resolver_preload: {
			[account.getPublicKey()]: token(operator, account, { type: 'account', version: 2, limits: boundless }),
		},
	};
	await writeFile(join(folder, 'nats.conf'), JSON.stringify(config));
	const server = spawn(await findServer({ logger: log }), ['-c', join(folder, 'nats.conf')], {
		stdio: 'ignore',
	});
	const exited = once(server, 'exit');
	cleanup.defer(async () => {
		server.kill();
		await exited;
	});
	const connect = (NATS_CREDS_FILE: string) => {
		const settings: BusSettings = z
			.object(busShape)
			.parse({ NATS_URL: `nats://127.0.0.1:${port}`, NATS_CREDS_FILE });
		return connectBus({ ...busLogin(settings), service: 'storage', log });
	};
	await using bus = await connect(await credentialsOf(account, join(folder, 'storage.creds')));
	await bus.nats.flush();
	await expect(connect(await credentialsOf(stranger, join(folder, 'other.creds')))).rejects.toThrow(
		/^NATS refuses this user/,
	);
});

const boundless = {
	subs: -1,
	data: -1,
	payload: -1,
	conn: -1,
	leaf: -1,
	imports: -1,
	exports: -1,
	wildcards: true,
};

/** A JWT as NATS knows them: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt */
function token(issuer: KeyPair, subject: KeyPair, nats: object): string {
	const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const claims = {
		jti: subject.getPublicKey(),
		iat: Math.floor(Date.now() / 1_000),
		iss: issuer.getPublicKey(),
		sub: subject.getPublicKey(),
		name: 'test',
		nats,
	};
	const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(claims)}`;
	return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

async function credentialsOf(account: KeyPair, file: string): Promise<string> {
	const user = createUser();
	const jwt = token(account, user, {
		type: 'user',
		version: 2,
		pub: {},
		sub: {},
		subs: -1,
		data: -1,
		payload: -1,
	});
	const seed = Buffer.from(user.getSeed()).toString();
	await writeFile(
		file,
		`-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
		{ mode: 0o600 },
	);
	return file;
}
