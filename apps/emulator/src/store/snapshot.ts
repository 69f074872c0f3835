import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { networkSchema } from '../network/state.ts';
import { notebookSchema } from '../phone/notebook.ts';
import { vaultSchema } from '../phone/vault.ts';
import { tlsIdentitySchema } from '../tls/certificate.ts';

export const snapshotSchema = z.object({
	version: z.literal(1),
	network: networkSchema,
	vaults: z.array(vaultSchema),
	notebooks: z.array(notebookSchema),
	tls: tlsIdentitySchema.optional(),
});

/** Everything that survives a restart. */
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Reads a state file; nothing when it does not exist yet. A damaged one is an error, never a fresh start. */
export async function readSnapshot(path: string): Promise<Snapshot | undefined> {
	const content = await readFile(path, 'utf8').catch((error: unknown) => {
		if (isMissing(error)) return undefined;
		throw error;
	});
	if (content === undefined) return undefined;
	try {
		return snapshotSchema.parse(JSON.parse(content));
	} catch (cause) {
		throw new Error(`${path} is not a state file of the emulator. Move it away to start afresh.`, { cause });
	}
}

/** Replaces the file in one step, so that a crash leaves the old or the new one. It holds private keys: owner only. */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}.tmp`;
	await writeFile(temporary, JSON.stringify(snapshot), { mode: 0o600 });
	await rename(temporary, path);
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
