import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { seedSimulatedNetwork } from '@chat-manager/dev-env';
import { expect, it } from 'vitest';
import { startNetwork } from './support/network.ts';

const root = join(import.meta.dirname, '..');

it('the commands of the README lead from sign-up to the first tool call', async () => {
	await using net = await startNetwork();
	await seedSimulatedNetwork(net);
	const readme = await readFile(join(root, 'README.md'), 'utf8');
	const blocks = [...readme.matchAll(/^```sh first-call\n(.*?)^```$/gms)].map(([, commands]) => commands);
	expect(blocks.length).toBeGreaterThanOrEqual(4);
	const commands = blocks
		.join('\n')
		.replace('CM=http://localhost:3000', `CM=${net.url}`)
		.replace('PHONE=http://localhost:3001', `PHONE=${net.emulatorUrl}`);
	expect(commands).not.toMatch(/:300[01]/);
	const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], {
		cwd: net.dataDir,
		timeout: 50_000,
	});
	expect(stdout).toContain('Hello from my first tool call');
	expect(stdout).toContain('Neighbours');
});

it('every file that the map and the README name exists', async () => {
	for (const page of ['ARCHITECTURE.md', 'README.md']) {
		const text = await readFile(join(root, page), 'utf8');
		const paths = [
			...text.matchAll(/(?:`|\()((?:apps|packages|tests|docs|scripts|infra)(?:\/[\w.-]+)*)(?:`|\))/g),
		].map(([, path]) => path ?? '');
		expect(paths.length, page).toBeGreaterThan(page === 'ARCHITECTURE.md' ? 20 : 0);
		for (const path of paths)
			await expect(
				readFile(join(root, path)).catch((error: { code?: string }) => error.code),
				`${page}: ${path}`,
			).resolves.not.toBe('ENOENT');
	}
});
