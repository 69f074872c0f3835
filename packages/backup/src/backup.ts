import { parseArgs } from 'node:util';
import { BackupError } from './backup-error.ts';
import { runCommand } from './command.ts';
import { services } from './services.ts';
import { takeBackup } from './take-backup.ts';

/** `npm run backup -- FOLDER`: one moment of everything, while it runs. What it does and needs: docs/operate/backup.md. */
await runCommand({ name: 'backup', mayRun: true }, async ({ keys, open }) => {
	const [folder, ...more] = parseArgs({ allowPositionals: true }).positionals;
	if (folder === undefined || more.length > 0)
		throw new BackupError('Name the folder that the backup is to be: npm run backup -- FOLDER');
	const { databaseUrl, bus } = await open();
	const manifest = await takeBackup({ databaseUrl, bus, folder, authSecret: keys.authSecret });
	const tables = services.flatMap((service) => manifest.services[service].tables);
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	process.stdout.write(
		`Backup of ${manifest.takenAt} in ${folder}: ${rows} rows, ${manifest.events.count} events that were not handled yet.\n`,
	);
	process.stdout.write(
		'The master keys are not in it. Keep them elsewhere: without them it cannot be read.\n',
	);
});
