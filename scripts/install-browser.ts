/**
 * The global set-up of every project with browser tests: sees to it that there is a Chromium. Where it is missing, and the tests
 * run as root on a system with apt, it is installed; everywhere else the tests say in one sentence what to install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const { CM_CHROMIUM: chromium = '/usr/bin/chromium' } = process.env;

export function setup(): void {
	if (existsSync(chromium) || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	process.stdout.write('The browser tests need Chromium: installing it…\n');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [
		['update', '-q'],
		['install', '-qy', '--no-install-recommends', 'chromium'],
	]) {
		// Another run may be installing it at this moment.
		const options = ['-o', 'DPkg::Lock::Timeout=300'];
		spawnSync('apt-get', [...options, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
	}
}
