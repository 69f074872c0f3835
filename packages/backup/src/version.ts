import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Package = z.object({ version: z.string() });

/** The version of Chat Manager that runs. */
export async function version(): Promise<string> {
	const text = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
	return Package.parse(JSON.parse(text)).version;
}
