import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it('every complaint of the table is named by the tests that it stands beside', async () => {
	const table = await readFile(join(root, 'docs/complaints.md'), 'utf8');
	const rows = table.split('\n').flatMap((line) => {
		const number = /^\| (\d+) \|/.exec(line)?.[1];
		const files = [...line.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file ?? '');
		return number === undefined ? [] : [{ number, files }];
	});
	expect(rows.length).toBeGreaterThan(12);
	for (const { number, files } of rows) {
		expect(files.length, `complaint ${number}`).toBeGreaterThan(0);
		for (const file of files) {
			const source = await readFile(join(root, file), 'utf8');
			expect(source, `${file}: complaint ${number}`).toMatch(
				new RegExp(`\\(complaints? (\\d+, )*${number}(, \\d+)*\\)`),
			);
		}
	}
});
