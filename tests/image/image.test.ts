import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGrantKeys } from '@chat-manager/bus';
import { type DatabaseService, roleOf, serviceSchemas } from '@chat-manager/database';
import { freePort, programUsers, startNats, startPostgres } from '@chat-manager/embedded';
import { isFull } from '@chat-manager/test-run';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Account, buildImage, type Image } from './build-image.ts';
import { readDockerfile } from './dockerfile.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../..');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const isRoot = process.getuid?.() === 0;
/** One builds and another runs it, so that the running one can change nothing of it. */
const builder: Account = isRoot ? { uid: 65_533, gid: 65_533 } : undefined;
const runner: Account = isRoot ? { uid: 65_532, gid: 65_532 } : undefined;
const passwordOf = (name: string) => `password-of-${name}`;

/** Megabytes of files that an image adds to its base; the largest share is node_modules. */
const largestMegabytes: Record<DatabaseService, number> = {
	gateway: 100,
	connector: 120,
	storage: 60,
	webhooks: 60,
};
const apps = Object.keys(serviceSchemas) as DatabaseService[];
/** The others take longer. */
const tried: DatabaseService[] = isFull ? apps : ['storage'];

const cleanup = new AsyncDisposableStack();
afterAll(() => cleanup.disposeAsync());
let folder: string;
let system: Record<'PATH' | 'HOME', string> & NodeJS.ProcessEnv;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cm-image-'));
	cleanup.defer(() => rm(folder, { recursive: true, force: true }));
	await chmod(folder, 0o777);
	// The Node of the base image, where everybody may run it.
	await cp(process.execPath, join(folder, 'bin/node'));
	const npm = dirname((await run('which', ['npm'])).stdout);
	// biome-ignore lint/style/noProcessEnv: by which way packages are reached here
	const ways = Object.entries(process.env).filter(([name]) =>
		/proxy$|^npm_config_registry$|^NODE_EXTRA_CA/i.test(name),
	);
	system = {
		...Object.fromEntries(ways),
		PATH: [join(folder, 'bin'), npm, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
		HOME: join(folder, 'home'),
	};
	await run('install', ['-d', '-m', '0777', system.HOME]);
});

it('has a Dockerfile without a fault, whose Node is the one that the tests run on', async () => {
	const file = await readFile(join(repository, 'infra/Dockerfile'), 'utf8');
	expect(validate(file)).toEqual([]);
	const { dependencies } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
	expect(file).toContain(`NODE_IMAGE=node:${dependencies.node}-slim`);
	expect(process.version).toBe(`v${dependencies.node}`);
	const last = readDockerfile(file).at(-1)?.steps ?? [];
	expect(last).toContainEqual({ kind: 'user', name: 'node' });
	expect(last).toContainEqual({ kind: 'signal', name: 'SIGTERM' });
	const commands = readDockerfile(file).flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'run'));
	// What begins at the root would leave the folder of the stage when a test carries it out.
	for (const { command } of commands as { command: string }[]) expect(command).not.toMatch(/(^|\s)\//);
});

it.each(tried)(
	'builds an image of %s that is small, starts as nobody in particular, answers, and ends in order',
	{
		timeout: 600_000,
	},
	async (app) => {
		const image = await built(app);
		const megabytes = Number((await run('du', ['-sm', image.workdir])).stdout.split('\t')[0]);
		process.stdout.write(`The image of ${app} adds ${megabytes} MB to its base.\n`);
		expect(megabytes).toBeLessThan(largestMegabytes[app]);
		expect(await readdir(join(image.workdir, 'packages'))).not.toContain('embedded');
		if (runner !== undefined)
			await expect(inside(image, ['--eval', "fs.writeFileSync('x', '')"])).rejects.toThrow(/EACCES/);

		const servers = await startServers(app);
		const setUp = 'packages/backend/src/set-up-database.ts';
		// The gateway's image does without the package that this command is in.
		if (app === 'gateway') await run(process.execPath, [join(repository, setUp)], { env: servers.setUp });
		else await inside(image, [setUp], servers.setUp);
		const ports = { PORT: String(await freePort()), HEALTH_PORT: String(await freePort()) };
		const local = { HOST: '127.0.0.1', HEALTH_HOST: '127.0.0.1', ...ports };
		const child = spawn(
			image.start.entrypoint[0] ?? '',
			[...image.start.entrypoint.slice(1), ...image.start.command],
			{
				cwd: image.workdir,
				env: { ...system, ...image.environment, ...servers.service, ...local },
				...runner,
			},
		);
		const exited = once(child, 'exit');
		const output = Promise.all([text(child.stdout), text(child.stderr)]);
		cleanup.defer(() => void child.kill('SIGKILL'));
		const ask = (path: string) =>
			fetch(`http://127.0.0.1:${ports.HEALTH_PORT}${path}`).then(
				({ status }) => status,
				() => 0,
			);
		await Promise.race([expect.poll(() => ask('/readyz'), { timeout: 90_000 }).toBe(200), exited]);
		await inside(image, image.start.health.slice(1), local);
		if (app === 'gateway') {
			const page = await fetch(`http://127.0.0.1:${ports.PORT}/app/`, {
				headers: { host: `localhost:${ports.PORT}` },
			});
			expect([page.status, await page.text()]).toEqual([
				200,
				expect.stringContaining('<script type="module"'),
			]);
		}
		child.kill(image.start.signal as NodeJS.Signals);
		expect({ exit: await exited, output: (await output)[1] }).toEqual({ exit: [0, null], output: '' });
		await expect(inside(image, image.start.health.slice(1), local)).rejects.toThrow();
	},
);

it.each(isFull ? ['backup', 'restore'] : [])(
	'builds an image in which the command %s has all its parts, for compose',
	{ timeout: 600_000 },
	async (command) => {
		const image = await built('backup');
		const named = { DATABASE_URL: 'postgres://127.0.0.1:1/none', NATS_URL: 'nats://127.0.0.1:1' };
		const started = inside(image, [`packages/backup/src/${command}.ts`], named);
		await expect(started).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/^Name the folder/),
		});
	},
);

const images = new Map<string, Promise<Image>>();

/** Once for all who ask. */
function built(app: string): Promise<Image> {
	const environment = {
		...system,
		npm_config_cache: join(folder, 'npm'),
		npm_config_update_notifier: 'false',
	};
	const image =
		images.get(app) ?? buildImage({ app, folder: join(folder, app), account: builder, environment });
	images.set(app, image);
	return image;
}

/** Another command in the image, as `docker run` and the health check start it. */
function inside(image: Image, args: string[], environment: Record<string, string> = {}) {
	const [program = ''] = image.start.entrypoint;
	const env = { ...system, ...image.environment, ...environment };
	return run(program, args, { cwd: image.workdir, env, ...runner });
}

async function startServers(app: DatabaseService) {
	const state = await mkdtemp(join(tmpdir(), 'cm-image-servers-'));
	cleanup.defer(() => rm(state, { recursive: true, force: true }));
	const postgres = cleanup.use(
		await startPostgres({ dataDir: join(state, 'pg'), password: 'secret', logger: silent, durable: false }),
	);
	const users = await programUsers(passwordOf);
	const nats = cleanup.use(
		await startNats({ dataDir: join(state, 'nats'), auth: { users }, logger: silent }),
	);
	const { privateKey, publicKey } = createGrantKeys();
	return {
		setUp: {
			ADMIN_DATABASE_URL: postgres.adminUrl,
			...Object.fromEntries(
				apps.map((name) => [`CM_DATABASE_PASSWORD_${name.toUpperCase()}`, passwordOf(name)]),
			),
		},
		service: {
			DATABASE_URL: `postgres://${roleOf(app)}:${passwordOf(app)}@127.0.0.1:${postgres.port}/postgres`,
			NATS_URL: nats.url,
			NATS_USER: app,
			NATS_PASSWORD: passwordOf(app),
			CM_MASTER_KEYS: `k1:${randomBytes(32).toString('base64')}`,
			CM_GRANT_PRIVATE_KEY: privateKey,
			CM_GRANT_PUBLIC_KEY: publicKey,
			CM_AUTH_SECRET: randomBytes(32).toString('base64'),
		},
	};
}
