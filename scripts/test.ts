/**
 * `npm test`: the gates, the dashboard's build (once, before several tests want it at the same time), then every test of every
 * workspace against real servers; with `--full` the long forms of those that have one (50 kills instead of 4, all cases instead
 * of a seeded part). Arguments go to vitest. The last line reads `N passed, N failed`, and the exit code is 0 only when something
 * ran and nothing failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Report = { numPassedTests: number; numFailedTests: number; numPendingTests: number; success: boolean };

const report = join(mkdtempSync(join(tmpdir(), 'cm-tests-')), 'report.json');
const gates = run('npm', ['run', '--silent', 'check']);
const built = run('turbo', ['run', 'build', '--output-logs=errors-only']);
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const args = process.argv.slice(2);
if (args.includes('--full')) process.env.CM_FULL = '1';
const tests = run('vitest', ['run', ...reporters, ...args.filter((arg) => arg !== '--full')]);
const { numPassedTests, numFailedTests, numPendingTests, success } = readReport();
rmSync(join(report, '..'), { recursive: true });
if (gates !== 0) console.error('The gates failed: see the top of this output (npm run check).');
if (built !== 0)
	console.error('The dashboard could not be built: see above (npm run build in apps/dashboard).');
if (numPassedTests === 0) console.error('No test ran.');
if (numPendingTests > 0) console.error(`${numPendingTests} tests were skipped.`);
console.log(
	`${numPassedTests} passed, ${numFailedTests + (gates === 0 ? 0 : 1) + (built === 0 ? 0 : 1)} failed`,
);
process.exit(
	gates === 0 && built === 0 && tests === 0 && success && numPassedTests > 0 && numPendingTests === 0 ? 0 : 1,
);

function run(command: string, args: string[]): number {
	return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

function readReport(): Report {
	try {
		return JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, success: false };
	}
}
