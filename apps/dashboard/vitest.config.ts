import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		globalSetup: ['../../scripts/install-browser.ts', 'test/support/shared-system.ts'],
		testTimeout: 90_000,
		hookTimeout: 120_000,
		fileParallelism: false,
		silent: 'passed-only',
	},
});
