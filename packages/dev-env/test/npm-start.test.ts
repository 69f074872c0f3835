import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { assertPortFree, freePort } from '@chat-manager/embedded';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');
const waiting = { timeout: 40_000, interval: 100 };
let dataDir: string;
let started: ChildProcess[];

beforeEach(async () => {
	dataDir = await mkdtemp(join(tmpdir(), 'cm-start-'));
	started = [];
});
afterEach(async () => {
	for (const child of started) {
		if (child.exitCode !== null || child.signalCode !== null) continue;
		const exited = once(child, 'exit');
		child.kill('SIGTERM');
		await exited;
	}
	await rm(dataDir, { recursive: true, force: true });
});

/** What `npm start` runs. */
function start(env: Record<string, string>) {
	const args = ['--import', './scripts/require-node.mjs', 'packages/dev-env/src/main.ts'];
	const { PATH = '', HOME = '' } = Object.fromEntries(Object.entries(env));
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: {
			PATH: PATH || pathOfThisProcess(),
			HOME: HOME || dataDir,
			CM_DATA_DIR: join(dataDir, 'data'),
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	started.push(child);
	const output = text(child.stdout);
	const errors = text(child.stderr);
	const ready = new Promise<string>((resolve, reject) => {
		child.stdout.on('data', (data: Buffer) => {
			const url = /^Chat Manager is ready: (http:\/\/localhost:\d+)$/m.exec(data.toString())?.[1];
			if (url !== undefined) resolve(url);
		});
		child.once('exit', () => void errors.then((message) => reject(new Error(message))));
	});
	ready.catch(() => {});
	const exit = once(child, 'exit').then(([code]) => code as number | null);
	return { child, ready, output, errors, exit };
}

function pathOfThisProcess(): string {
	// biome-ignore lint/style/noProcessEnv: handed on to the program under test.
	return process.env.PATH ?? '';
}

/** A person in a browser: keeps cookies. */
async function person(url: string) {
	let cookie = '';
	const post = async (path: string, body: unknown) => {
		const response = await fetch(`${url}/api/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', cookie },
			body: JSON.stringify(body),
		});
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (cookies.length > 0) cookie = cookies.join('; ');
		if (!response.ok) throw new Error(`${path}: ${response.status}`);
		return response.json();
	};
	const signIn = { email: 'ana@example.com', password: 'correct horse battery staple' };
	return {
		post,
		signUp: () => post('auth/sign-up/email', { name: 'Ana', ...signIn }),
		signIn: () => post('auth/sign-in/email', signIn),
	};
}

/** The gateway takes a port, the simulated network the one after it. */
async function freePortPair(): Promise<number> {
	for (;;) {
		const port = await freePort();
		const isFree = assertPortFree(port + 1, 'test').then(
			() => true,
			() => false,
		);
		if (await isFree) return port;
	}
}

const Device = z.object({ state: z.string(), qr: z.string().nullable() });

it('starts, stops with Ctrl-C leaving nothing behind, and finds its data and the linked device again', async () => {
	const port = await freePortPair();
	const first = start({ PORT: String(port) });
	const url = await first.ready;
	expect(url).toBe(`http://localhost:${port}`);
	const ana = await person(url);
	await ana.signUp();
	await ana.signIn();
	const device = async () => Device.parse(await ana.post('devices/get', {}));
	await ana.post('devices/link', { network: 'simulated' });
	const qr = await vi.waitFor(async () => z.string().parse((await device()).qr), waiting);
	const scanned = await fetch(`http://localhost:${port + 1}/admin/mock-phone/scan-qr`, {
		method: 'POST',
		body: qr,
	});
	expect(scanned.status).toBe(200);
	await vi.waitFor(async () => expect((await device()).state).toBe('connected'), waiting);

	first.child.kill('SIGINT');
	expect(await first.exit).toBe(0);
	expect(await processesOn(dataDir)).toEqual([]);

	// The link to the simulated phone that was printed works, after a restart as well.
	expect(await first.output).toMatch(/^Mails are not sent but written to \S+mails$/m);
	const [, page, key] = /simulated one: (\S+)#key=(\S+)/.exec(await first.output) ?? [];
	expect(page).toBe(`http://127.0.0.1:${port + 1}/phone`);

	const second = start({ PORT: String(port) });
	await second.ready;
	const opened = await fetch(`${page}/session`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ key }),
	});
	expect(opened.status).toBe(204);
	await ana.signIn();
	await vi.waitFor(async () => expect((await device()).state).toBe('connected'), waiting);
	expect((await device()).qr).toBeNull();
	expect(await ana.post('groups/list', {})).toMatchObject({ groups: [{ name: 'Neighbours' }] });

	// Everything is watched over: a server that dies comes back without a hand.
	for (const server of ['postgres', 'nats-server']) {
		for (const { pid } of (await processesOn(dataDir)).filter(({ command }) =>
			command.includes(`bin/${server}`),
		)) {
			killed(pid);
		}
		await vi.waitFor(() => ana.post('groups/list-starred', {}), waiting);
		await vi.waitFor(() => ana.post('groups/list', {}), waiting);
	}
	second.child.kill('SIGTERM');
	expect(await second.exit).toBe(0);
	expect(await processesOn(dataDir)).toEqual([]);
}, 120_000);

it('stops at once while it is still starting', async () => {
	const run = start({ PORT: String(await freePortPair()) });
	await vi.waitFor(
		async () => expect(await readdir(join(dataDir, 'data'))).toContain('secrets.json'),
		waiting,
	);
	run.child.kill('SIGINT');
	expect(await run.exit).toBe(0);
	expect(await processesOn(dataDir)).toEqual([]);
});

it.each([0, 1])('says in one sentence that a port is busy (port + %i)', async (offset) => {
	const port = await freePortPair();
	await using busy = createServer().listen(port + offset, '127.0.0.1');
	await once(busy, 'listening');
	const run = start({ PORT: String(port) });
	expect(await run.exit).toBe(1);
	expect(await run.errors).toMatch(new RegExp(`^[^\\n]*port ${port + offset}[^\\n]*\\n$`));
	expect(await processesOn(dataDir)).toEqual([]);
});

it('says in one sentence that the data directory cannot be used', async () => {
	const file = join(dataDir, 'file');
	await writeFile(file, '');
	const run = start({ PORT: String(await freePortPair()), CM_DATA_DIR: join(file, 'data') });
	expect(await run.exit).toBe(1);
	expect(await run.errors).toMatch(/^[^\n]*file\/data[^\n]*\n$/);
});

it('says in one sentence that the secrets are damaged', async () => {
	const data = join(dataDir, 'damaged');
	const { mkdir } = await import('node:fs/promises');
	await mkdir(data);
	await writeFile(join(data, 'secrets.json'), '{');
	const run = start({ PORT: String(await freePortPair()), CM_DATA_DIR: data });
	expect(await run.exit).toBe(1);
	expect(await run.errors).toMatch(/^[^\n]*secrets\.json[^\n]*\n$/);
});

it('names every setting that is wrong', async () => {
	const run = start({ PORT: 'eighty', DATABASE_URL: 'nowhere' });
	expect(await run.exit).toBe(1);
	expect(await run.errors).toMatch(/PORT.*DATABASE_URL/s);
	expect(await run.errors).not.toContain('nowhere');
});

/** One of several may have gone with the first. */
function killed(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch (error) {
		if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
	}
}

/** What still runs for a data directory: its path is in the command line of every server, or in a service's environment. */
async function processesOn(directory: string): Promise<{ pid: number; command: string }[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
	const found = await Promise.all(
		pids.map(async (pid) => {
			const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
			const command = await read('cmdline');
			const isOurs = command.includes(directory) || (await read('environ')).includes(directory);
			return isOurs ? [{ pid: Number(pid), command }] : [];
		}),
	);
	return found.flat();
}
