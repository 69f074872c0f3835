import { createVault } from '@chat-manager/backend';
import { createKeyring, openDatabase } from '@chat-manager/database';
import { createEnvelope, type MasterKey } from '@chat-manager/service';
import type { Tables } from '../database/tables.ts';
import { importDevice, type LinkedDevice } from './import-device.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const atOnce = 8;

/** Imports devices into the connectors' schema from outside of a connector, with the role and the master keys of one. */
export async function importDevices(
	options: { databaseUrl: string; schema?: string; masterKeys: readonly MasterKey[] },
	devices: AsyncIterable<LinkedDevice> | Iterable<LinkedDevice>,
): Promise<void> {
	const { databaseUrl: url, schema = 'devices', masterKeys } = options;
	await using database = openDatabase<Tables>({ url, schema, logger: silent, applicationName: 'import' });
	const { db } = database;
	const envelope = createEnvelope({ masterKeys });
	const keyring = createKeyring({ db, envelope, service: 'connector' });
	const vault = createVault({ service: 'connector', envelope, keyring });
	const running = new Set<Promise<void>>();
	for await (const device of devices) {
		const work = importDevice({ db, vault }, device).finally(() => running.delete(work));
		running.add(work);
		if (running.size >= atOnce) await Promise.race(running);
	}
	await Promise.all(running);
}
