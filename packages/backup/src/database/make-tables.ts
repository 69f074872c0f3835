import { type DatabaseService, migrate, openDatabase, serviceSchemas } from '@chat-manager/database';
import { BackupError } from '../backup-error.ts';
import type { Manifest } from '../files/manifest.ts';
import { migrationsOf, services } from '../services.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Throws where the tables of the backup are not known to this version: a newer one made it. */
export function assertKnown(manifest: Manifest): void {
	for (const service of services) {
		const unknown = manifest.services[service].migrations.find((name) => !(name in migrationsOf[service]));
		if (unknown !== undefined)
			throw new BackupError(
				`The backup was made by a newer version (${manifest.version}; ${service} does not know "${unknown}" here): restore it with that version or a later one. Nothing was restored.`,
			);
	}
}

/** Makes the tables of a service as they were when the backup was made, in the name of their owner. */
export async function makeTables(options: {
	databaseUrl: string;
	service: DatabaseService;
	owner: string;
	/** Those that had run then; all others when it is restored come after it. */
	names: readonly string[];
}): Promise<void> {
	const { databaseUrl, service, owner, names } = options;
	const schema = serviceSchemas[service];
	const url = new URL(databaseUrl);
	url.searchParams.set('options', `-c role=${owner}`);
	await using database = openDatabase({
		url: url.href,
		schema,
		logger: silent,
		applicationName: 'restore',
		poolSize: 1,
	});
	const migrations = Object.fromEntries(
		Object.entries(migrationsOf[service]).filter(([name]) => names.includes(name)),
	);
	await migrate(database.db, { schema, migrations, logger: silent });
}
