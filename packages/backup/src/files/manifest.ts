import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseService } from '@chat-manager/database';
import { z } from 'zod';
import { BackupError } from '../backup-error.ts';
import { services } from '../services.ts';

/** What a backup holds: one file beside the others, written when they are complete. */
const format = 1;
const manifestFile = 'manifest.json';

const Count = z.number().int().nonnegative();

export const StoredFile = z.object({
	file: z.string().regex(/^[a-z0-9_.-]+$/),
	bytes: Count,
	sha256: z.hex(),
});
export type StoredFile = z.infer<typeof StoredFile>;

const Table = StoredFile.extend({ name: z.string(), columns: z.array(z.string()), rows: Count });

const ServiceData = z.object({
	schema: z.string(),
	/** What made its tables as they are, the newest last. */
	migrations: z.array(z.string()),
	/** In the order in which they can be filled: a table comes after those that it refers to. */
	tables: z.array(Table),
	sequences: z.array(
		z.object({ table: z.string(), column: z.string(), value: z.string(), isCalled: z.boolean() }),
	),
	/** One data key for each master key that wrapped any: whether a master key is the right one is seen by opening it. */
	wrappedKeys: z.array(z.object({ userId: z.string(), wrapped: z.base64() })),
});

const Manifest = z.object({
	format: z.literal(format),
	/** The version of Chat Manager that made it. */
	version: z.string(),
	/** The moment of the snapshot. */
	takenAt: z.iso.datetime(),
	services: z.record(z.enum(services as [DatabaseService, ...DatabaseService[]]), ServiceData),
	/** Devices that a connector held at that moment: their keys moved on after it. */
	heldDevices: Count,
	events: StoredFile.extend({ count: Count, last: Count }),
	/** By which `CM_AUTH_SECRET` is recognised; null: it was not given. */
	authSecret: z.object({ salt: z.base64(), digest: z.base64() }).nullable(),
});
export type Manifest = z.infer<typeof Manifest>;
export type ServiceData = z.infer<typeof ServiceData>;
export type TableData = z.infer<typeof Table>;

/** The manifest as text, with a digest of itself. */
export function writeManifest(manifest: Manifest): string {
	return `${JSON.stringify({ ...manifest, digest: digestOf(manifest) }, null, '\t')}\n`;
}

/** Throws a sentence where there is none, or it is damaged, or of a format that this version does not read. */
export async function readManifest(folder: string): Promise<Manifest> {
	const json = await readJson(folder);
	const found = z.looseObject({ format: z.number() }).safeParse(json);
	if (found.success && found.data.format !== format)
		throw new BackupError(
			`The backup in ${folder} is of format ${found.data.format}, and this version reads ${format}: use the version that made it, or a later one.`,
		);
	const { digest, ...rest } = z.looseObject({ digest: z.unknown() }).catch({ digest: null }).parse(json);
	const parsed = Manifest.safeParse(rest);
	if (!parsed.success || digest !== digestOf(parsed.data))
		throw new BackupError(`The ${manifestFile} in ${folder} was changed or damaged: take another backup.`, {
			cause: parsed.error,
		});
	return parsed.data;
}

async function readJson(folder: string): Promise<unknown> {
	let text: string;
	try {
		text = await readFile(join(folder, manifestFile), 'utf8');
	} catch (cause) {
		throw new BackupError(
			`There is no ${manifestFile} in ${folder}: this is no backup, or one that was not finished.`,
			{ cause },
		);
	}
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function digestOf(manifest: Manifest): string {
	return createHash('sha256')
		.update(JSON.stringify(Manifest.parse(manifest)))
		.digest('hex');
}

export { manifestFile };
