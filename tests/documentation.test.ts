import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

it('every link of the documentation leads to a page, and to a heading of it', async () => {
	const { stdout } = await promisify(execFile)('git', ['ls-files', '*.md'], { cwd: root });
	const pages = stdout.trim().split('\n');
	expect(pages.length).toBeGreaterThan(80);
	const broken: string[] = [];
	let links = 0;
	for (const page of pages) {
		const text = withoutCode(await readFile(join(root, page), 'utf8'));
		for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
			if (/^[a-z]+:/.test(target)) continue;
			links++;
			const [path = '', anchor] = target.split('#');
			const file = path === '' ? join(root, page) : join(root, dirname(page), path);
			if (!(await isThere(file))) broken.push(`${page}: ${target}`);
			else if (anchor !== undefined && !(await headingsOf(file)).has(anchor))
				broken.push(`${page}: no heading #${anchor} in ${relative(root, file)}`);
		}
	}
	expect(broken).toEqual([]);
	expect(links).toBeGreaterThan(100);
});

it('every command, setting and metric that is named is there', async () => {
	const pages = await tracked('*.md', 'infra/*', '.env.example', 'docker-compose.yml');
	const sources = (await Promise.all((await tracked('*.ts', '*.mjs')).map(read))).join('\n');
	const settings = await read('docs/reference/settings.md');
	const compose = (await read('docker-compose.yml')) + (await read('.env.example'));
	const metrics = await read('docs/reference/metrics.md');
	const { scripts } = z
		.object({ scripts: z.record(z.string(), z.string()) })
		.parse(JSON.parse(await read('package.json')));
	const unknown: string[] = [];
	const found = { commands: 0, settings: 0, metrics: 0 };
	for (const page of pages) {
		const text = await read(page);
		for (const [, command = ''] of text.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)) {
			found.commands++;
			if (scripts[command] === undefined) unknown.push(`${page}: npm run ${command}`);
		}
		// What an operator sets is in the generated page or in compose; developers have some more in the sources.
		const where = isForOperators(page) ? settings + compose : settings + compose + sources;
		for (const [name] of text.matchAll(/\bCM_[A-Z0-9_]+/g)) {
			found.settings++;
			// `CM_DATABASE_PASSWORD_…` stands for all that begin so.
			if (!new RegExp(`\\b${name}${name.endsWith('_') ? '' : '\\b'}`).test(where))
				unknown.push(`${page}: ${name}`);
		}
		for (const [name] of text.matchAll(/\bcm_[a-z]+_[a-z_]+[a-z](?!\w)/g)) {
			found.metrics++;
			const metric = name.replace(/_(bucket|sum|count)$/, '');
			if (!metrics.includes(`| \`${metric}\` |`) || !sources.includes(`'${metric}'`))
				unknown.push(`${page}: ${name}`);
		}
	}
	expect(unknown).toEqual([]);
	expect(found.commands).toBeGreaterThan(40);
	expect(found.settings).toBeGreaterThan(200);
	expect(found.metrics).toBeGreaterThan(50);
});

it('every file that is named is there, and programs are started with the Node that came with them', async () => {
	const unknown: string[] = [];
	const files = new Set(await tracked());
	const folders = new Set([...files].flatMap((file) => ancestors(file)));
	let named = 0;
	for (const page of await tracked('*.md')) {
		const text = await read(page);
		for (const [, path = ''] of text.matchAll(
			/`((?:apps|packages|docs|infra|scripts|tests|examples|bench)\/[\w./-]+)`/g,
		)) {
			// Of a checkout that is built or of records of what was tried: those may name what is gone.
			if (/\/(dist|screens|node_modules)\b/.test(path) || page.startsWith('docs/decisions/')) continue;
			named++;
			const plain = path.replace(/\/$/, '');
			if (!files.has(plain) && !folders.has(plain)) unknown.push(`${page}: ${path}`);
		}
		// The one of the system may be older, and then does not know TypeScript; in a container there is no other.
		for (const [command] of text.matchAll(
			/(?<!docker compose exec \w+ )(?<![\w/.-])node [\w/]+\/[\w/.-]+\.ts/g,
		))
			unknown.push(`${page}: ${command} instead of node_modules/.bin/node`);
	}
	expect(unknown).toEqual([]);
	expect(named).toBeGreaterThan(150);
});

it('every alert is tried with figures of which it must speak', async () => {
	const names = async (file: string, pattern: RegExp) => {
		const named = [...(await read(`infra/prometheus/${file}`)).matchAll(pattern)].map(([, name]) => name);
		return [...new Set(named)].sort();
	};
	const alerts = await names('alerts.yml', /alert: (\w+)/g);
	expect(alerts.length).toBeGreaterThan(15);
	expect(await names('alerts.test.yml', /alertname="(\w+)"/g)).toEqual(alerts);
});

const ancestors = (file: string): string[] =>
	file === '.' ? [] : [dirname(file), ...ancestors(dirname(file))];

const read = (path: string) => readFile(join(root, path), 'utf8');

const isForOperators = (page: string) => /^(README\.md|docs\/operate\/|docs\/reference\/|infra\/)/.test(page);

async function tracked(...patterns: readonly string[]): Promise<string[]> {
	const { stdout } = await promisify(execFile)('git', ['ls-files', ...patterns], { cwd: root });
	return stdout.trim().split('\n');
}

const known = new Map<string, Promise<Set<string>>>();

/** As GitHub makes anchors of headings. */
function headingsOf(file: string): Promise<Set<string>> {
	const found = known.get(file) ?? readHeadings(file);
	known.set(file, found);
	return found;
}

async function readHeadings(file: string): Promise<Set<string>> {
	const text = withoutCode(await readFile(file, 'utf8'));
	return new Set(
		[...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
			heading
				.toLowerCase()
				.replace(/[^\p{L}\p{N}_\- ]/gu, '')
				.replaceAll(' ', '-'),
		),
	);
}

function withoutCode(text: string): string {
	return text.replace(/^```.*?^```/gms, '');
}

async function isThere(file: string): Promise<boolean> {
	return stat(file).then(
		() => true,
		() => false,
	);
}
