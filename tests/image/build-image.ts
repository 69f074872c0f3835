import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ignore from '@balena/dockerignore';
import { readDockerfile, type Stage } from './dockerfile.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');

/** The last stage, carried out: where its files are, and with what it starts. */
export type Image = {
	root: string;
	workdir: string;
	environment: Record<string, string>;
	/** What it starts, its health check, and what it is stopped by. */
	start: { entrypoint: string[]; command: string[]; health: string[]; signal: string; user: string };
};

export type Account = { uid: number; gid: number } | undefined;

/**
 * Carries out infra/Dockerfile step by step, without an engine: a stage is a folder, `COPY` copies, `RUN` runs in a shell. What
 * an engine would do beyond that (the base image's system, layers, limits) is not here.
 */
export async function buildImage(options: {
	app: string;
	folder: string;
	/** As whom commands run; not as root. */
	account: Account;
	environment: Record<string, string | undefined>;
}): Promise<Image> {
	const { folder, account } = options;
	const stages = readDockerfile(await readFile(join(repository, 'infra/Dockerfile'), 'utf8'));
	let image: Image | undefined;
	for (const stage of stages)
		image = await carryOut(stage, { ...options, rootOf: (name) => join(folder, name) });
	if (image === undefined) throw new Error('infra/Dockerfile has no stage');
	if (account !== undefined) await chown(folder, account.uid, account.gid);
	return image;
}

async function carryOut(
	{ name, steps }: Stage,
	options: Parameters<typeof buildImage>[0] & { rootOf: (stage: string) => string },
): Promise<Image> {
	const { app, account, rootOf } = options;
	const root = rootOf(name === '' ? 'image' : name);
	const image: Image = {
		root,
		workdir: root,
		environment: {},
		start: { entrypoint: [], command: [], health: [], signal: '', user: 'root' },
	};
	await makeFolder(root, account);
	for (const step of steps) {
		if (step.kind === 'workdir') {
			image.workdir = join(root, step.path);
			await makeFolder(image.workdir, account);
		}
		if (step.kind === 'env') Object.assign(image.environment, step.values);
		if (step.kind === 'user') image.start.user = step.name;
		if (step.kind === 'signal') image.start.signal = step.name;
		if (step.kind === 'entrypoint' || step.kind === 'command' || step.kind === 'health')
			image.start[step.kind] = step.words;
		if (step.kind === 'copy') {
			const to = join(image.workdir, step.to);
			if (step.stage === undefined) await copyContext(to, account);
			else await copyTree(join(rootOf(step.stage), step.from), to, account);
		}
		if (step.kind === 'run')
			await run('/bin/sh', ['-c', step.command], {
				cwd: image.workdir,
				env: { ...options.environment, ...image.environment, APP: app },
				maxBuffer: 64 * 1024 * 1024,
				...account,
			});
	}
	return image;
}

/** What `docker build .` sends of a clean clone with the changes that are not committed yet. */
async function copyContext(to: string, account: Account): Promise<void> {
	const rules = ignore.default().add(await readFile(join(repository, '.dockerignore'), 'utf8'));
	const listed = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
		cwd: repository,
		maxBuffer: 64 * 1024 * 1024,
	});
	const files = listed.stdout.split('\0').filter((file) => file !== '' && !rules.ignores(file));
	for (const file of files) {
		await mkdir(dirname(join(to, file)), { recursive: true });
		// A file that is deleted and not committed yet is still listed.
		await cp(join(repository, file), join(to, file)).catch(ignoreMissing);
	}
	await own(to, account);
}

async function copyTree(from: string, to: string, account: Account): Promise<void> {
	await cp(from, to, { recursive: true, verbatimSymlinks: true });
	await own(to, account);
}

async function makeFolder(folder: string, account: Account): Promise<void> {
	await mkdir(folder, { recursive: true });
	await chmod(folder, 0o755);
	await own(folder, account);
}

async function own(path: string, account: Account): Promise<void> {
	if (account !== undefined) await run('chown', ['-R', `${account.uid}:${account.gid}`, path]);
}

function ignoreMissing(error: unknown): void {
	if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
}
