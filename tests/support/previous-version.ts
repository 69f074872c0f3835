import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import writtenReleases from '../../releases.json' with { type: 'json' };

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');

export type PreviousVersion = {
	readonly tag: string;
	/** Its sources, with dependencies. */
	readonly folder: string;
};

/**
 * The newest version that was tagged before what is checked out here, in a folder of its own, installed as its lock file
 * says. It stays below `.data` for the next run (Node strips no types below `node_modules`). Two tests may want it at the same
 * time: each makes it beside its place and puts it there when it is whole, and the second finds it there. Throws where there is
 * none: an update from nothing cannot be tested.
 */
export async function previousVersion(): Promise<PreviousVersion> {
	const { tag, commit } = await previousRelease();
	const folder = join(repository, '.data/versions', tag);
	const mark = 'node_modules/.installed';
	const isReady = async () => (await readFile(join(folder, mark), 'utf8').catch(() => '')) === commit;
	if (await isReady()) return { tag, folder };
	await rm(folder, { recursive: true, force: true });
	const making = `${folder}.${process.pid}`;
	try {
		await mkdir(making, { recursive: true });
		const archive = join(making, 'sources.tar');
		await git('archive', '--output', archive, commit);
		await run('tar', ['-xf', archive, '-C', making]);
		await rm(archive);
		// Nothing is run but its services, by the Node that runs this.
		const flags = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
		await run('npm', ['ci', ...flags], { cwd: making });
		await writeFile(join(making, mark), commit);
		await rename(making, folder).catch(async (error) => {
			if (!(await isReady())) throw error;
		});
	} finally {
		await rm(making, { recursive: true, force: true });
	}
	return { tag, folder };
}

export type Release = { readonly tag: string; readonly commit: string };

/**
 * Of the versions that came before what is checked out here, the newest. A clone without tags knows them by `releases.json`, as far
 * as it has their commits.
 */
export async function previousRelease(): Promise<Release> {
	const [newest] = [...(await tagged()), ...(await written())];
	if (newest === undefined)
		throw new Error(
			'There is no earlier version to update from: fetch the tags (git fetch --tags --unshallow), or tag the last release.',
		);
	return newest;
}

async function tagged(): Promise<Release[]> {
	const order = ['--sort=-version:refname', '--list', 'v*', '--format=%(refname:short)'];
	const tags = await git('tag', '--merged', 'HEAD', '--no-contains', 'HEAD', ...order);
	const names = tags.split('\n').filter((name) => name !== '');
	return Promise.all(names.map(async (tag) => ({ tag, commit: await git('rev-list', '-1', tag) })));
}

/** The newest stands last in the file. */
async function written(): Promise<Release[]> {
	const releases: Release[] = [];
	for (const [tag, commit] of Object.entries(writtenReleases)) {
		const head = await git('rev-parse', 'HEAD');
		const isEarlier = await git('merge-base', '--is-ancestor', commit, 'HEAD').then(
			() => true,
			() => false,
		);
		if (isEarlier && commit !== head) releases.unshift({ tag, commit });
	}
	return releases;
}

/** A file as it was at a release. */
export function fileAt({ commit }: Release, path: string): Promise<string> {
	return git('show', `${commit}:${path}`);
}

async function git(...args: string[]): Promise<string> {
	const { stdout } = await run('git', args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
	return stdout.trimEnd();
}
