import { existsSync, globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Every workspace that has tests is a project of its own, with the settings below. */
const projects = globSync(['packages/*', 'apps/*', 'examples/*', 'tests']).filter((folder) =>
	existsSync(`${folder}/package.json`),
);

export default defineConfig({
	test: {
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 120_000,
		expect: { poll: { timeout: 30_000, interval: 30 } },
		projects: projects.map((root) => ({
			extends: true,
			test: { root, name: JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).name },
		})),
	},
});
