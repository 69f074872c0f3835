import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { createAuthority } from '@chat-manager/embedded/authority';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startReceiver } from './support/receiver.ts';
import { until } from './support/wait.ts';
import { type Ledger, startWorld, type World } from './support/world.ts';

/** A customer's certificate: one that is right is accepted, anything else ends the attempt before a byte of the event left. */
let world: World;
let folder: string;
let known: Awaited<ReturnType<typeof createAuthority>>;
let unknown: Awaited<ReturnType<typeof createAuthority>>;
const before = tls.getCACertificates('default');

beforeAll(async () => {
	world = await startWorld();
	folder = await mkdtemp(join(tmpdir(), 'cm-tls-'));
	[known, unknown] = await Promise.all([
		createAuthority(folder, 'known'),
		createAuthority(folder, 'unknown'),
	]);
	// As if a public authority had signed it.
	tls.setDefaultCACertificates([...before, await readFile(known.caFile, 'utf8')]);
});
afterAll(async () => {
	tls.setDefaultCACertificates(before);
	await world[Symbol.asyncDispose]();
	await rm(folder, { recursive: true, force: true });
});

const hour = 3_600_000;
const lately = { notBefore: new Date(Date.now() - 2 * hour), notAfter: new Date(Date.now() - hour) };

const certificates = {
	'of a known authority, for this name': [() => known.sign('right', 'serverAuth', ['localhost']), null],
	'of an unknown authority': [() => unknown.sign('unknown', 'serverAuth', ['localhost']), 'tls_failed'],
	'that it signed itself': [() => unknown.itself(), 'tls_failed'],
	'for another name': [() => known.sign('other', 'serverAuth', ['hooks.example.com']), 'tls_failed'],
	'that has run out': [() => known.sign('late', 'serverAuth', ['localhost'], lately), 'tls_failed'],
} as const;

const firstAttempt = (ledger: Ledger) =>
	until(() => ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow());

it.each(Object.entries(certificates))('a certificate %s', async (_, [make, fault]) => {
	const { certFile, keyFile } = await make();
	const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
	await using receiver = await startReceiver({ cert, key });
	const ledger = await world.ledger();
	await using _service = await ledger.start();
	const person = world.person();
	await person.add({ url: `https://localhost:${receiver.port}/` });
	await person.happens(person.message());
	expect(await firstAttempt(ledger)).toMatchObject({ status: fault === null ? 200 : null, fault });
	expect(receiver.received).toHaveLength(fault === null ? 1 : 0);
});
