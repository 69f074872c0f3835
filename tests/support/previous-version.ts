import { execFile } from 'node:child_process';
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');

export type PreviousVersion = {
	readonly tag: string;
	/** Its sources, with dependencies. */
	readonly folder: string;
};

/**
 * The newest version that was tagged before what is checked out here, in a git worktree of its own, installed as its lock file
 * says. It stays below `.data` for the next run (Node strips no types below `node_modules`). Throws where there is none: an update from nothing cannot be tested.
 */
export async function previousVersion(): Promise<PreviousVersion> {
	const tag = await previousTag();
	const folder = join(repository, '.data/versions', tag);
	const mark = join(folder, 'node_modules/.installed');
	const commit = await git('rev-list', '-1', tag);
	if ((await isThere(mark)) && (await git('-C', folder, 'rev-parse', 'HEAD')) === commit)
		return { tag, folder };
	await rm(folder, { recursive: true, force: true });
	await git('worktree', 'prune');
	await git('worktree', 'add', '--force', '--detach', folder, tag);
	// Nothing is run but its services, by the Node that runs this.
	const flags = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
	await run('npm', ['ci', ...flags], { cwd: folder });
	await writeFile(mark, tag);
	return { tag, folder };
}

/** Of the versions that came before what is checked out here, the newest. */
export async function previousTag(): Promise<string> {
	const tags = await git(
		'tag',
		'--merged',
		'HEAD',
		'--no-contains',
		'HEAD',
		'--sort=-version:refname',
		'--list',
		'v*',
	);
	const [newest = ''] = tags.split('\n');
	if (newest === '')
		throw new Error(
			'There is no earlier version to update from: fetch the tags (git fetch --tags --unshallow), or tag the last release.',
		);
	return newest;
}

/** A file as it was at a tag. */
export function fileAt(tag: string, path: string): Promise<string> {
	return git('show', `${tag}:${path}`);
}

async function git(...args: string[]): Promise<string> {
	const { stdout } = await run('git', args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
	return stdout.trimEnd();
}

async function isThere(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		() => false,
	);
}
