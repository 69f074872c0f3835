import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('runs as a process: says where it listens, and saves its state when it is asked to end', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
	const statePath = join(folder, 'state.json');
	const env = {
		PATH: '',
		CM_EMULATOR_PORT: '0',
		CM_EMULATOR_STATE: statePath,
		CM_EMULATOR_ADMIN_TOKEN: 'secret',
	};
	const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	const [line] = await once(createInterface({ input: child.stdout }), 'line');
	const said =
		/^The simulated WhatsApp network listens at ws:\/\/(\S+)\/ws\/chat and its phone page is (\S+)$/;
	const [, authority = '', page = ''] = said.exec(String(line)) ?? [];
	expect(page).toMatch(new RegExp(`^http://${authority}/phone#key=[\\w-]{43}$`));
	expect(String(line)).not.toContain('secret');
	expect((await fetch(page)).status).toBe(200);
	const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
	const made = await fetch(`http://${authority}/admin/accounts`, {
		method: 'POST',
		headers,
		body: '{"phone":"15550001111"}',
	});
	expect(made.status).toBe(200);
	child.kill('SIGTERM');
	const [code] = await once(child, 'exit');
	expect(code).toBe(0);
	expect(existsSync(statePath)).toBe(true);
	await rm(folder, { recursive: true });
});

it.each([
	['a wrong setting, by its name', { CM_EMULATOR_PORT: 'many' }, 'CM_EMULATOR_PORT'],
	['to be open to other machines without a token', { CM_EMULATOR_HOST: '0.0.0.0' }, 'Set an admin token'],
])('refuses %s, in one sentence', async (_what, settings, sentence) => {
	const child = spawn(process.execPath, [MAIN], { env: { PATH: '', ...settings }, stdio: 'pipe' });
	let errors = '';
	child.stderr.on('data', (data: Buffer) => {
		errors += data.toString();
	});
	// Not at its exit: what it has written may come after that.
	const [code] = await once(child, 'close');
	expect(code).toBe(1);
	expect(errors).toContain(sentence);
	expect(errors).not.toContain('file:');
});
