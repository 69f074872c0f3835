import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { StartError } from '@chat-manager/embedded';

const root = join(import.meta.dirname, '../../..');

/** Where the built dashboard lies. */
export const dashboardDir = join(root, 'apps/dashboard/dist');

/**
 * Builds the dashboard, into `dashboardDir`. Turbo knows by the content of the sources and of the lock whether
 * that was done before, so that only the first start after a change takes seconds. `signal` ends it: it rejects once the build
 * is gone.
 */
export async function buildDashboard(signal?: AbortSignal): Promise<void> {
	const turbo = createRequire(import.meta.url).resolve('turbo/bin/turbo');
	const args = [turbo, 'run', 'build', '--filter=@chat-manager/dashboard', '--output-logs=errors-only'];
	const child = spawn(process.execPath, args, {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
		...(signal === undefined ? {} : { signal }),
	});
	const output = Promise.all([text(child.stdout), text(child.stderr)]);
	child.on('error', () => undefined); // It is closed too, and then nothing of it runs any more.
	const closed = Promise.withResolvers<number | null>();
	child.once('close', closed.resolve);
	const code = await closed.promise;
	signal?.throwIfAborted();
	if (code !== 0)
		throw new StartError(
			`The dashboard could not be built. Run npm ci, then start again.\n${(await output).join('')}`,
		);
}
