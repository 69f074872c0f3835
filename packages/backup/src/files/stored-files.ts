import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BackupError } from '../backup-error.ts';
import type { StoredFile } from './manifest.ts';

/** Most of it is sealed, and does not become smaller than the half that its hexadecimal form wastes. */
const compression = { level: 1 };
const lineEnd = 10;

/** Writes lines, compressed, and knows what was written. Memory stays small, however much it is. */
export async function writeStored(
	folder: string,
	file: string,
	source: Readable | AsyncIterable<string>,
): Promise<StoredFile & { lines: number }> {
	const hash = createHash('sha256');
	const seen = { bytes: 0, lines: 0 };
	const count = observing((chunk) => {
		for (const byte of chunk) if (byte === lineEnd) seen.lines++;
	});
	const measure = observing((chunk) => {
		hash.update(chunk);
		seen.bytes += chunk.length;
	});
	const target = createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true });
	await pipeline(source, count, createGzip(compression), measure, target);
	return { file, ...seen, sha256: hash.digest('hex') };
}

/** Throws a sentence where a file is not what was written. */
export async function verifyStored(folder: string, { file, bytes, sha256 }: StoredFile): Promise<void> {
	const path = join(folder, file);
	const size = await stat(path).then(
		(found) => found.size,
		() => undefined,
	);
	if (size === undefined)
		throw new BackupError(`The file ${file} of the backup is missing. Nothing was restored.`);
	const damaged = `The file ${file} of the backup is ${size < bytes ? 'cut off' : 'not what was written'}: use another backup. Nothing was restored.`;
	if (size !== bytes) throw new BackupError(damaged);
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	if (hash.digest('hex') !== sha256) throw new BackupError(damaged);
}

/** The content of a file, decompressed. */
export function readStored(folder: string, { file }: StoredFile): Readable {
	const source = createReadStream(join(folder, file));
	const content = createGunzip();
	source.on('error', (error) => content.destroy(error));
	return source.pipe(content);
}

/** The same line by line. */
export function readLines(folder: string, file: StoredFile): AsyncIterable<string> {
	return createInterface({ input: readStored(folder, file), crlfDelay: Number.POSITIVE_INFINITY });
}

function observing(look: (chunk: Buffer) => void): Transform {
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			look(chunk);
			done(null, chunk);
		},
	});
}
