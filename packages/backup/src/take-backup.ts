/**
 * One moment of everything, while it runs:
 *
 *   1. how far every consumer has handled the stream of events
 *   2. a transaction that sees all schemas as they are at one moment; no migration begins until it ends
 *   3. where the stream ends now
 *   4. the events from 1 to 3: some are in the databases already, all others are only here (see the bus' event-copies.ts)
 *   5. the tables, in that transaction
 *   6. the manifest, last. The folder gets its name when all of it is on disk
 */
import { chmod, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bus, copyEvents, type EventCopy, findHandledUpTo, findLastEvent } from '@chat-manager/bus';
import { type Connection, migrationLockName, openConnection, serviceSchemas } from '@chat-manager/database';
import { digestSecret } from './auth-secret.ts';
import { BackupError } from './backup-error.ts';
import { isThere, qualified } from './database/catalogue.ts';
import { copyOut } from './database/copy-out.ts';
import { type Manifest, manifestFile, writeManifest } from './files/manifest.ts';
import { writeStored } from './files/stored-files.ts';
import { services } from './services.ts';
import { version } from './version.ts';

const applicationName = 'backup';

/** Resolves when all of it is in `folder`, which must not be there yet. Bounded memory; one connection to Postgres. */
export async function takeBackup(options: {
	databaseUrl: string;
	bus: Bus;
	folder: string;
	authSecret: string | undefined;
}): Promise<Manifest> {
	const { databaseUrl, bus, authSecret } = options;
	const folder = resolve(options.folder);
	const partial = await makePartial(folder);
	try {
		const handledUpTo = await findHandledUpTo(bus);
		await using connection = await openConnection({ url: databaseUrl, applicationName });
		await holdMigrations(connection);
		await connection.query('begin isolation level repeatable read, read only');
		const [moment] = await connection.query<{ at: Date }>('select now() as at');
		const last = await findLastEvent(bus);
		const copies = eventLines(copyEvents(bus, { after: handledUpTo, last }));
		const { lines: count, ...events } = await writeStored(partial, 'events.jsonl.gz', copies);
		const copied: [string, unknown][] = [];
		for (const service of services)
			copied.push([service, await copyOut(connection, { service, folder: partial })]);
		const manifest: Manifest = {
			format: 1,
			version: await version(),
			takenAt: (moment?.at ?? new Date()).toISOString(),
			services: Object.fromEntries(copied) as Manifest['services'],
			heldDevices: await countHeld(connection),
			events: { ...events, count, last },
			authSecret: authSecret === undefined ? null : digestSecret(authSecret),
		};
		await connection.query('commit');
		await writeFile(join(partial, manifestFile), writeManifest(manifest), { mode: 0o600, flush: true });
		await rename(partial, folder);
		await syncFolder(dirname(folder));
		return manifest;
	} catch (error) {
		await rm(partial, { recursive: true, force: true });
		throw error;
	}
}

async function makePartial(folder: string): Promise<string> {
	const there = await readdir(folder).catch((error: { code?: unknown }) => {
		if (error.code === 'ENOENT') return undefined;
		throw new BackupError(`${folder} cannot be used as a folder.`, { cause: error });
	});
	if (there !== undefined)
		throw new BackupError(`${folder} is there already: name a new folder for each backup.`);
	const partial = `${folder}.partial`;
	await rm(partial, { recursive: true, force: true });
	await mkdir(partial, { recursive: true });
	await chmod(partial, 0o700);
	return partial;
}

/** Shared: other backups may run, but no migration, whose change of a table would wait for us and hold up everybody else. */
async function holdMigrations(connection: Connection): Promise<void> {
	for (const service of services) {
		for (;;) {
			const [row] = await connection.query<{ locked: boolean }>(
				'select pg_try_advisory_lock_shared(hashtextextended($1, 0)) as locked',
				[migrationLockName(serviceSchemas[service])],
			);
			if (row?.locked === true) break;
			await delay(200);
		}
	}
}

async function countHeld(connection: Connection): Promise<number> {
	const devices = qualified(serviceSchemas.connector, 'devices');
	if (!(await isThere(connection, devices))) return 0;
	const [row] = await connection.query<{ count: string }>(
		`select count(*) from ${devices} where owner is not null`,
	);
	return Number(row?.count ?? 0);
}

async function* eventLines(copies: AsyncIterable<EventCopy>): AsyncGenerator<string> {
	for await (const copy of copies) yield `${JSON.stringify(copy)}\n`;
}

/** The new name is on disk too. */
async function syncFolder(folder: string): Promise<void> {
	await using handle = await open(folder);
	await handle.sync();
}
