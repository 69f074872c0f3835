import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGrantKeys } from '@chat-manager/bus';
import { folderFault, StartError } from '@chat-manager/embedded';
import { z } from 'zod';

const Password = z.string().min(32);

/** Everything secret of an installation on one machine, in one file that only its owner can read. */
const Secrets = z.object({
	postgres: Password,
	nats: Password,
	auth: Password,
	emulatorAdmin: Password,
	grantPrivateKey: z.base64(),
	grantPublicKey: z.base64(),
	/** Service → its database password and its master key. */
	services: z.record(z.string(), z.object({ database: Password, masterKey: z.base64() })),
});
export type Secrets = z.infer<typeof Secrets>;

/** Reads the secrets of the data directory; makes them at the first start. */
export async function openSecrets(dataDir: string, services: readonly string[]): Promise<Secrets> {
	const file = join(dataDir, 'secrets.json');
	try {
		await mkdir(dataDir, { recursive: true });
		return Secrets.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch (error) {
		if ((error as { code?: unknown }).code === 'ENOENT') return createSecrets(file, services);
		const damaged = new StartError(
			`The file ${file} cannot be understood: restore it from a backup, without it the data cannot be decrypted.`,
			{ cause: error },
		);
		throw folderFault(error, dataDir) ?? damaged;
	}
}

/** Of a program's NATS user: made from the one that is kept, so that older installations have it too. */
export function natsPassword(secrets: Pick<Secrets, 'nats'>, program: string): string {
	return createHmac('sha256', secrets.nats).update(`nats user ${program}`).digest('base64url');
}

async function createSecrets(file: string, services: readonly string[]): Promise<Secrets> {
	const { privateKey, publicKey } = createGrantKeys();
	const secrets: Secrets = {
		postgres: password(),
		nats: password(),
		auth: password(),
		emulatorAdmin: password(),
		grantPrivateKey: privateKey,
		grantPublicKey: publicKey,
		services: Object.fromEntries(
			services.map((name) => [name, { database: password(), masterKey: randomBytes(32).toString('base64') }]),
		),
	};
	// Renamed into place: a start that is killed here must not leave half a file.
	await writeFile(`${file}.new`, JSON.stringify(secrets, null, '\t'), { mode: 0o600 });
	await rename(`${file}.new`, file);
	return secrets;
}

function password(): string {
	return randomBytes(32).toString('base64url');
}
