import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const programs = {
	'0.1.16': require.resolve('conformance-0.1/dist/index.js'),
	'0.2.0-alpha.12': require.resolve('conformance-0.2/dist/index.js'),
};

export type SuiteVersion = keyof typeof programs;

/**
 * Runs the official suite against a URL, as its users do; with a file of expected failures, in which an entry that does not
 * fail is an error too. The exit code is its verdict.
 */
export async function runSuite(
	version: SuiteVersion,
	url: string,
	args: readonly string[],
): Promise<{ code: number | null; output: string }> {
	const child = spawn(process.execPath, [programs[version], 'server', '--url', url, ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { NO_COLOR: '1' },
	});
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	const [code, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
	return { code, output: `${output}\n${errors}` };
}
