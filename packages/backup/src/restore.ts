import { parseArgs } from 'node:util';
import { BackupError } from './backup-error.ts';
import { runCommand } from './command.ts';
import { checkBackup, restoreBackup } from './restore-backup.ts';

const usage = 'Name the folder of the backup: npm run restore -- FOLDER [--replace] [--keep-devices]';

/** `npm run restore -- FOLDER`: puts a backup into servers on which nothing works. What it does: docs/operate/backup.md. */
await runCommand({ name: 'restore', mayRun: false }, async ({ keys, open }) => {
	const { positionals, values } = readArguments();
	const [folder, ...more] = positionals;
	if (folder === undefined || more.length > 0) throw new BackupError(usage);
	const { replace, 'keep-devices': keepDevices } = values;
	const options = { folder, keys, replace, keepDevices };
	const manifest = await checkBackup(options);
	await restoreBackup(await open(), manifest, options);
	process.stdout.write(`Restored: everything is as it was at ${manifest.takenAt}. Start the services.\n`);
	if (!keepDevices)
		process.stdout.write('People have to link their devices again; their dashboard tells them so.\n');
});

function readArguments() {
	try {
		return parseArgs({
			allowPositionals: true,
			options: {
				replace: { type: 'boolean', default: false },
				'keep-devices': { type: 'boolean', default: false },
			},
		});
	} catch (cause) {
		throw new BackupError(usage, { cause });
	}
}
