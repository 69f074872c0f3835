import { existsSync, globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Every workspace that has tests is a project of its own, with the settings below. */
const projects = globSync(['packages/*', 'apps/*', 'examples/*', 'tests']).filter((folder) =>
	existsSync(`${folder}/package.json`),
);

const poll = { timeout: 30_000, interval: 30 };

export default defineConfig({
	test: {
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 120_000,
		expect: { poll },
		projects: projects.map((root) => ({
			// A config of its own stands in the place of the settings above.
			extends: existsSync(`${root}/vitest.config.ts`) ? `./${root}/vitest.config.ts` : true,
			test: { expect: { poll }, root, name: JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).name },
		})),
	},
});
