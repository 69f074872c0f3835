import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe finds wrong with the page as it is shown now: nothing. */
export async function expectAccessible(page: Page): Promise<void> {
	const isLoaded = await page.evaluate(() => 'axe' in globalThis);
	// Evaluated by the debugger, which the page's policy does not hold up.
	if (!isLoaded) await page.evaluate(axe.source);
	const violations = await page.evaluate(async () => {
		const { axe: loaded } = globalThis as unknown as { axe: typeof import('axe-core') };
		const { violations: found } = await loaded.run(document);
		return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
	});
	expect(violations).toEqual([]);
}
