import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

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
	const [line] = await once(createInterface({ input: child.stdout }), 'line');
	const ready = JSON.parse(String(line));
	expect(ready).toMatchObject({ msg: 'ready' });
	expect(String(line)).not.toContain('secret');
	const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
	const made = await fetch(`${ready.adminUrl}/accounts`, {
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

it('refuses a wrong setting by its name', async () => {
	const child = spawn(process.execPath, [MAIN], {
		env: { PATH: '', CM_EMULATOR_PORT: 'many' },
		stdio: 'pipe',
	});
	let errors = '';
	child.stderr.on('data', (data: Buffer) => {
		errors += data.toString();
	});
	const [code] = await once(child, 'exit');
	expect(code).toBe(1);
	expect(errors).toContain('CM_EMULATOR_PORT');
});
