import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { NatsUser } from './nats-config.ts';

const permissionsFolder = join(import.meta.dirname, '../../../../infra/nats/permissions');

/** The users of our programs with the permissions that operators are given, so that what they lack is found out here. */
export async function programUsers(passwordOf: (program: string) => string): Promise<NatsUser[]> {
	const files = await readdir(permissionsFolder);
	return Promise.all(
		files.map(async (file): Promise<NatsUser> => {
			const user = parse(file).name;
			const permissions: object = JSON.parse(await readFile(join(permissionsFolder, file), 'utf8'));
			return { user, password: passwordOf(user), permissions };
		}),
	);
}
