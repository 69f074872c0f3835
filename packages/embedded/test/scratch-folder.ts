import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A folder of its own for a test; in a root shell it is closed to the user that Postgres runs as. */
export async function scratchFolder(): Promise<AsyncDisposable & { path: string }> {
	const path = await mkdtemp(join(tmpdir(), 'chat-manager-'));
	return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
