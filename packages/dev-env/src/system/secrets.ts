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
	try {
		await mkdir(dataDir, { recursive: true });
	} catch (error) {
		throw folderFault(error, dataDir) ?? error;
	}
	return (await findSecrets(dataDir)) ?? createSecrets(fileIn(dataDir), services);
}

/** The secrets of a data directory that must be there. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
	const secrets = await findSecrets(dataDir);
	if (secrets !== undefined) return secrets;
	throw new StartError(
		`There is no ${fileIn(dataDir)}: name the data directory in CM_DATA_DIR, or put that file there as it was kept.`,
	);
}

async function findSecrets(dataDir: string): Promise<Secrets | undefined> {
	const file = fileIn(dataDir);
	try {
		return Secrets.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch (error) {
		if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
		const damaged = new StartError(
			`The file ${file} cannot be understood: restore it from a backup, without it the data cannot be decrypted.`,
			{ cause: error },
		);
		throw folderFault(error, dataDir) ?? damaged;
	}
}

const fileIn = (dataDir: string) => join(dataDir, 'secrets.json');

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
