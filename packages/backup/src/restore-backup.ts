/**
 * Puts a backup into a Postgres and a NATS on which nothing works:
 *
 *   1. everything is looked at first: manifest, every file, the version, the keys, the target. What does not fit is said, and
 *      nothing has changed
 *   2. the tables are made as they were then; this version migrates them to its own when its services start
 *   3. one transaction fills them all; before it is committed, the events are put into the stream. What fails until then
 *      leaves empty tables, and can be tried again
 */

import { type Bus, countEvents, EventCopy, restoreEvents } from '@chat-manager/bus';
import { endLinks, freeLeases } from '@chat-manager/connector/restored';
import { type Connection, openConnection, quoteName, serviceSchemas } from '@chat-manager/database';
import { BackupError } from './backup-error.ts';
import { checkKeys, type OperatorKeys } from './check-keys.ts';
import { copyIn } from './database/copy-in.ts';
import { assertKnown, makeTables } from './database/make-tables.ts';
import { assertNobodyWorks, dropTables, findData, findOwners } from './database/target.ts';
import { type Manifest, readManifest, type StoredFile } from './files/manifest.ts';
import { readLines, verifyStored } from './files/stored-files.ts';
import { services } from './services.ts';

export type Restoring = {
	folder: string;
	keys: OperatorKeys;
	/** Take away what is there. */
	replace: boolean;
	/** The backup is of the very last state, and nothing has run since: devices go on as they were. */
	keepDevices: boolean;
};

/** What can be known without any server: that the backup is whole, and that this version and these keys can read it. */
export async function checkBackup({ folder, keys, keepDevices }: Restoring): Promise<Manifest> {
	const manifest = await readManifest(folder);
	assertKnown(manifest);
	checkKeys(manifest, keys);
	if (keepDevices && manifest.heldDevices > 0)
		throw new BackupError(
			`The backup was made while devices were connected (${manifest.heldDevices}), so their keys moved on after it: they must be linked again. Restore without --keep-devices. Nothing was restored.`,
		);
	const files: StoredFile[] = [
		manifest.events,
		...services.flatMap((name) => manifest.services[name].tables),
	];
	for (const file of files) await verifyStored(folder, file);
	return manifest;
}

/** Restores what `checkBackup` found good. */
export async function restoreBackup(
	{ databaseUrl, bus }: { databaseUrl: string; bus: Bus },
	manifest: Manifest,
	options: Restoring,
): Promise<void> {
	const { folder, replace, keepDevices } = options;
	await using connection = await openConnection({ url: databaseUrl, applicationName: 'restore' });
	await assertNobodyWorks(connection);
	const owners = await findOwners(connection);
	await assertEmpty(connection, bus, replace);
	await dropTables(connection);
	for (const service of services) {
		const owner = owners.get(service) ?? '';
		await makeTables({ databaseUrl, service, owner, names: manifest.services[service].migrations });
	}
	await connection.query('begin');
	for (const service of services) await copyIn(connection, folder, manifest.services[service]);
	if (manifest.services.connector.tables.length > 0)
		await settleDevices(connection, { keepDevices, takenAt: manifest.takenAt });
	await restoreEvents(bus, { last: manifest.events.last, copies: eventsIn(folder, manifest.events) });
	await connection.query('commit');
}

async function assertEmpty(connection: Connection, bus: Bus, replace: boolean): Promise<void> {
	if (replace) return;
	const schema = await findData(connection);
	if (schema !== undefined)
		throw new BackupError(
			`The database is not empty (schema ${schema}): choose an empty one, or give --replace to delete all that is in it. Nothing was restored.`,
		);
	const count = await countEvents(bus);
	if (count > 0)
		throw new BackupError(
			`The stream of events is not empty (${count}): choose a NATS without one, or give --replace to delete all that is in it. Nothing was restored.`,
		);
}

async function settleDevices(
	connection: Connection,
	{ keepDevices, takenAt }: { keepDevices: boolean; takenAt: string },
): Promise<void> {
	await connection.query(`set local search_path = ${quoteName(serviceSchemas.connector)}`);
	if (keepDevices) return void (await connection.query(freeLeases));
	for (const { text, takesMoment } of endLinks) await connection.query(text, takesMoment ? [takenAt] : []);
}

async function* eventsIn(folder: string, file: StoredFile): AsyncGenerator<EventCopy> {
	for await (const line of readLines(folder, file)) yield EventCopy.parse(JSON.parse(line));
}
