import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

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
