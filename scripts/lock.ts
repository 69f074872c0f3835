/**
 * Completes package-lock.json (`npm run lock`) or checks that it is complete (`npm run lock -- --check`).
 *
 * A registry that lacks the binaries of other platforms makes npm write a lock without them, and `npm ci` on npm 11
 * then refuses the lock ("Missing: @turbo/darwin-64 from lock file"). Every optional dependency that an entry names
 * must therefore have an entry of its own; what npm left out is added here from its name.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

type Entry = {
	version?: string;
	os?: string[];
	cpu?: string[];
	libc?: string[];
	optional?: boolean;
	optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

const lockPath = new URL('../package-lock.json', import.meta.url);
const check = process.argv.includes('--check');
if (!check) execFileSync('npm', ['install'], { stdio: 'inherit' });

const lock: Lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const missing = missingEntries(lock.packages);
const optionalCount = Object.values(lock.packages).filter((entry) => entry.optionalDependencies).length;
if (optionalCount === 0) fail('package-lock.json names no optional dependency at all: nothing was checked.');
if (check) {
	if (missing.length > 0) {
		fail(`package-lock.json lacks ${missing.map(([path]) => path).join(', ')}: run npm run lock.`);
	}
	console.log(
		`package-lock.json is complete (${optionalCount} packages with optional dependencies looked at).`,
	);
} else {
	for (const [path, entry] of missing) lock.packages[path] = entry;
	lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
	writeFileSync(lockPath, `${JSON.stringify(lock, null, '\t')}\n`);
	console.log(`package-lock.json: ${missing.length} entries added.`);
}

function missingEntries(packages: Lock['packages']): [string, Entry][] {
	return Object.entries(packages).flatMap(([path, entry]) =>
		Object.entries(entry.optionalDependencies ?? {})
			.filter(([name]) => !resolves(packages, path, name))
			.map(([name, range]): [string, Entry] => [`node_modules/${name}`, platformEntry(name, range)]),
	);
}

/** Whether `name`, required from the package at `path`, is found by Node's walk up the node_modules folders. */
function resolves(packages: Lock['packages'], path: string, name: string): boolean {
	for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))) {
		if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
		if (from === '') return false;
	}
}

function platformEntry(name: string, range: string): Entry {
	const words = name.replace(/^.*\//, '').split(/[-_]/);
	const oses = { win32: 'win32', windows: 'win32' } as Record<string, string>;
	const os = words.find((word) => /^(darwin|linux|win32|windows|android|freebsd|openharmony)$/.test(word));
	const cpus = { '64': 'x64' } as Record<string, string>;
	const cpu = words.find((word) => /^(x64|64|arm64|arm|ppc64|riscv64|s390x|ia32)$/.test(word));
	if (!os || !cpu || !/^\d/.test(range)) {
		return fail(`Cannot tell the platform of ${name}@${range} from its name: add its entry by hand.`);
	}
	const musl = words.some((word) => word.startsWith('musl'));
	return {
		version: range,
		cpu: [cpus[cpu] ?? cpu],
		...(os === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
		optional: true,
		os: [oses[os] ?? os],
	};
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}
