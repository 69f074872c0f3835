import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Dashboard } from './dashboard.ts';

/** The one mail to an address with these words; waits until it is there. Mails of this system are files. */
export async function findMail({ system }: Dashboard, address: string, words: string): Promise<string> {
	return await vi.waitFor(
		async () => {
			const names = (await readdir(system.mailDir)).filter((name) => !name.startsWith('.'));
			const all = await Promise.all(names.map((name) => readFile(join(system.mailDir, name), 'utf8')));
			const found = all.filter((mail) => mail.includes(`\nTo: ${address}\n`) && mail.includes(words));
			expect(found, `mails with “${words}”`).toHaveLength(1);
			return found[0] ?? '';
		},
		{ timeout: 20_000, interval: 50 },
	);
}
